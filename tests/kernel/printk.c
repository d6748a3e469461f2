/*
 * kernel/printk/printk.c and its ring: records, levels, continuation. What ring 3 sees of them is
 * tests/abi/kmsg.c's.
 */
#include "kernel/printk/printk_ringbuffer.h"
#include "tests/kernel/ktap.h"

static struct printk_info info;
static char text[LOG_LINE_MAX + 1];

/* The youngest record, into info and text. */
static bool last_record(void)
{
	bool found = prb_next_seq() && prb_read_valid(prb_next_seq() - 1, &info, text);

	text[found ? info.text_len : 0] = '\0';
	return found;
}

/* Do what is logged and not shown: no console takes debug messages. */
#define quiet(fmt, ...) printk(KERN_DEBUG fmt, ##__VA_ARGS__)

KTAP_SUITE(log_records)
{
	u64 seq = prb_next_seq();

	KTAP_EXPECT_EQ(quiet("one %d\n", 1), 5);
	KTAP_EXPECT_EQ(prb_next_seq(), seq + 1);
	KTAP_EXPECT(last_record() && !strcmp(text, "one 1"));
	KTAP_EXPECT_EQ(info.level, 7);
	KTAP_EXPECT_EQ(info.facility, 0);
	KTAP_EXPECT_EQ(info.flags, LOG_NEWLINE);
	KTAP_EXPECT(info.ts_nsec && info.ts_nsec <= local_clock());
	quiet("two\nlines\n");
	KTAP_EXPECT_EQ(prb_next_seq(), seq + 2);
	KTAP_EXPECT(last_record() && !strcmp(text, "two\nlines"));
	printk(KERN_DEBUG KERN_ERR "the first level counts\n");
	KTAP_EXPECT(last_record() && info.level == 7);
	KTAP_EXPECT(!prb_read_valid(prb_next_seq(), &info, NULL));
}

KTAP_SUITE(log_continuation)
{
	u64 seq = prb_next_seq();

	quiet("begun");
	KTAP_EXPECT_EQ(prb_next_seq(), seq); /* readers do not see half a record */
	pr_cont(", continued");
	pr_cont(", ended\n");
	KTAP_EXPECT_EQ(prb_next_seq(), seq + 1);
	KTAP_EXPECT(last_record() && !strcmp(text, "begun, continued, ended"));
	KTAP_EXPECT(info.level == 7 && info.flags == LOG_NEWLINE);
	quiet("never ended");
	quiet("another\n");
	KTAP_EXPECT_EQ(prb_next_seq(), seq + 3);
	KTAP_EXPECT(prb_read_valid(seq + 1, &info, text) && info.text_len == 11 && !info.flags);
	printk(KERN_DEBUG KERN_CONT "nothing to continue\n");
	KTAP_EXPECT(last_record() && info.flags == (LOG_CONT | LOG_NEWLINE));
}

/* Is record @seq there, "@n xxx..."? */
static bool is_numbered(u64 seq, u64 n)
{
	char want[24];
	int len = snprintf(want, sizeof(want), "%llu ", n);

	return prb_read_valid(seq, &info, text) && info.seq == seq && !memcmp(text, want, len) &&
	       !memchr_inv(text + len, 'x', info.text_len - len);
}

KTAP_SUITE(log_lengths)
{
	static char line[LOG_LINE_MAX + 100];
	u64 seq = prb_next_seq(), i;

	memset(line, 'x', sizeof(line) - 1);
	KTAP_EXPECT_EQ(quiet("%s", line), LOG_LINE_MAX - 2); /* with its level it is cut */
	quiet("%s\n", "");
	KTAP_EXPECT(last_record() && !info.text_len);
	quiet("%.600s", line);
	printk(KERN_DEBUG KERN_CONT "%.600s\n", line); /* too much for one record */
	KTAP_EXPECT_EQ(prb_next_seq(), seq + 4);
	KTAP_EXPECT(last_record() && info.text_len == 600 && info.flags & LOG_CONT);
	for (i = 0; i < 3000; i++)
		quiet("%llu %.*s\n", i, (int)(i * 7 % 900), line);
	KTAP_EXPECT_EQ(prb_next_seq(), seq + 3004);
	for (seq = prb_first_valid_seq(); is_numbered(seq, seq + 3000 - prb_next_seq()); seq++)
		;
	KTAP_EXPECT_EQ(seq, prb_next_seq()); /* all that is left is whole */
	KTAP_EXPECT(prb_next_seq() - prb_first_valid_seq() > 100);
}
