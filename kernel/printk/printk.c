/*
 * printk(): format a message, keep it in the log, hand it to every console.
 * Linux: kernel/printk/printk.c
 *
 * One message is one record, whatever newlines it has inside; KERN_CONT adds to the last record as
 * long as that has not ended with a newline. Consoles get the bare text at once, if its level is
 * below the console's. May be called from anywhere: interrupt and probe handlers, panic().
 */
#include "kernel/lib/irqflags.h"
#include "kernel/lib/lib.h"
#include "kernel/printk/printk_ringbuffer.h"

#define LOGLEVEL_DEFAULT (-1) /* none was given */

unsigned long console_printk[4] = { 7, 4, 1, 7 };

static struct console *consoles;
static void (*log_listener)(void);

/* The record that has not ended yet. Readers do not see it, as on Linux. */
static struct {
	struct printk_info info;
	char text[LOG_LINE_MAX];
	bool open;
} unfinished;

void register_console(struct console *con)
{
	con->next = consoles;
	consoles = con;
}

void printk_set_listener(void (*fn)(void))
{
	log_listener = fn;
}

/* Take the level and KERN_CONT off the front of @text. Linux: printk_parse_prefix() */
static const char *parse_prefix(const char *text, int *level, u8 *flags)
{
	for (; text[0] == KERN_SOH[0] && text[1]; text += 2) {
		if (text[1] >= '0' && text[1] <= '7' && *level == LOGLEVEL_DEFAULT)
			*level = text[1] - '0';
		else if (text[1] == 'c')
			*flags |= LOG_CONT;
	}
	return text;
}

static noprobe void finish_record(void)
{
	if (unfinished.open)
		prb_store(&unfinished.info, unfinished.text);
	unfinished.open = false;
}

/*
 * Add a message to the log: to the unfinished record, or as a new one. Returns the level it counts
 * as. With interrupts off. Linux: vprintk_store()
 */
static noprobe u8 store(const struct printk_info *info, const char *text)
{
	struct printk_info *last = &unfinished.info;
	size_t i;

	if (!(info->flags & LOG_CONT) || last->text_len + info->text_len > LOG_LINE_MAX)
		finish_record();
	if (!unfinished.open) {
		*last = *info;
		last->text_len = 0;
		unfinished.open = true;
	}
	for (i = 0; i < info->text_len; i++)
		unfinished.text[last->text_len++] = text[i];
	last->flags |= info->flags & LOG_NEWLINE;
	if (info->flags & LOG_NEWLINE)
		finish_record();
	return last->level;
}

/* @own_line: end the text with a newline, which a record of a program may lack. */
static void write_consoles(const char *text, size_t len, bool own_line)
{
	struct console *con;

	for (con = consoles; con; con = con->next) {
		con->write(text, len);
		if (own_line)
			con->write("\n", 1);
	}
}

int vprintk_emit(int facility, int level, const char *fmt, va_list args)
{
	static bool storing; /* set only if an NMI or fault interrupts this: then only print */
	struct printk_info info = { .facility = facility, .ts_nsec = local_clock() };
	char line[LOG_LINE_MAX + 1];
	const char *text = line;
	unsigned long flags;
	size_t len;

	vsnprintf(line, sizeof(line), fmt, args);
	if (!facility)
		text = parse_prefix(line, &level, &info.flags);
	info.level = level == LOGLEVEL_DEFAULT ? (int)console_printk[1] : level;
	len = strlen(text);
	info.text_len = len;
	if (len && text[len - 1] == '\n') {
		info.text_len--;
		info.flags |= LOG_NEWLINE;
	}
	local_irq_save(flags);
	if (!storing) {
		storing = true;
		info.level = store(&info, text);
		storing = false;
	}
	local_irq_restore(flags);
	if (info.level < console_printk[0])
		write_consoles(text, len, facility && !(info.flags & LOG_NEWLINE));
	if (log_listener)
		log_listener();
	return info.text_len;
}

int vprintk(const char *fmt, va_list args)
{
	return vprintk_emit(0, LOGLEVEL_DEFAULT, fmt, args);
}

int printk(const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vprintk(fmt, args);
	va_end(args);
	return len;
}
