/*
 * The kernel log: levels, printk(), consoles. Linux: include/linux/printk.h, lib/vsprintf.c
 *
 * A message may begin with a level, "\001" and a digit, as in Linux's KERN_INFO. It goes to the
 * log, which dmesg reads, and to every registered console. Formats: C's d i u x X o c s p (with
 * flags, width, precision, l ll z h hh), %px as %p, and %pS symbol+offset/size, %ps symbol, %pB as
 * %pS for a return address.
 */
#ifndef KERNEL_PRINTK_PRINTK_H
#define KERNEL_PRINTK_PRINTK_H

#include "kernel/lib/types.h"

#define KERN_SOH "\001"
#define KERN_EMERG KERN_SOH "0"
#define KERN_ALERT KERN_SOH "1"
#define KERN_CRIT KERN_SOH "2"
#define KERN_ERR KERN_SOH "3"
#define KERN_WARNING KERN_SOH "4"
#define KERN_NOTICE KERN_SOH "5"
#define KERN_INFO KERN_SOH "6"
#define KERN_DEBUG KERN_SOH "7"
#define KERN_CONT KERN_SOH "c"

#ifndef pr_fmt
#define pr_fmt(fmt) fmt
#endif

/* Both return the length of the text, without level and final newline. */
int printk(const char *fmt, ...) __printf(1, 2);
int vprintk(const char *fmt, va_list args) __printf(1, 0);

/*
 * The same for any sender. @facility: 0 for the kernel, whose text may begin with a level; 1 for a
 * program. @level: 0..7, or -1 to take it from the text. Linux: kernel/printk/printk.c
 */
int vprintk_emit(int facility, int level, const char *fmt, va_list args) __printf(3, 0);

/*
 * Levels: messages below [0] go to the consoles; [1] is the level of a message without one; [2] is
 * the lowest [0] can be set to; [3] is what [0] was at boot. /proc/sys/kernel/printk shows them.
 */
extern unsigned long console_printk[4];

/* Call @fn after each message, to wake readers. It may be called with interrupts on or off. */
void printk_set_listener(void (*fn)(void));

/* Nanoseconds since boot, 0 before time_init(). Implemented by kernel/cpu/time.c. */
u64 local_clock(void);

#define no_printk(fmt, ...)                             \
	({                                              \
		if (0)                                  \
			printk(fmt, ##__VA_ARGS__);     \
		0;                                      \
	})

#define pr_emerg(fmt, ...) printk(KERN_EMERG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_alert(fmt, ...) printk(KERN_ALERT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_crit(fmt, ...) printk(KERN_CRIT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_err(fmt, ...) printk(KERN_ERR pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn(fmt, ...) printk(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)
#define pr_notice(fmt, ...) printk(KERN_NOTICE pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info(fmt, ...) printk(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)
#define pr_cont(fmt, ...) printk(KERN_CONT fmt, ##__VA_ARGS__)
#ifdef DEBUG
#define pr_debug(fmt, ...) printk(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__)
#else
#define pr_debug(fmt, ...) no_printk(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__)
#endif

#define printk_once(fmt, ...)                                   \
	do {                                                    \
		static bool printk_done;                        \
		if (!printk_done) {                             \
			printk_done = true;                     \
			printk(fmt, ##__VA_ARGS__);             \
		}                                               \
	} while (0)
#define pr_info_once(fmt, ...) printk_once(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn_once(fmt, ...) printk_once(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)
#define pr_err_once(fmt, ...) printk_once(KERN_ERR pr_fmt(fmt), ##__VA_ARGS__)

/* True at most once a second for each call site's own state: for messages ring 3 can provoke. */
struct ratelimit_state {
	u64 next; /* jiffies before which nothing more is printed */
};
bool __ratelimit(struct ratelimit_state *rs);
#define printk_ratelimited(fmt, ...)                                    \
	do {                                                            \
		static struct ratelimit_state rs;                       \
		if (__ratelimit(&rs))                                   \
			printk(fmt, ##__VA_ARGS__);                     \
	} while (0)
#define pr_err_ratelimited(fmt, ...) printk_ratelimited(KERN_ERR pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn_ratelimited(fmt, ...) printk_ratelimited(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info_ratelimited(fmt, ...) printk_ratelimited(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)

/* C's contracts: the length the whole text has, even where @size cut it. */
int snprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
int vsnprintf(char *buf, size_t size, const char *fmt, va_list args) __printf(3, 0);

/* As snprintf(), but the length really stored. Linux: lib/vsprintf.c:scnprintf() */
int scnprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);

/* Where the log goes. write() must be callable at any time, also from a panic. */
struct console {
	const char *name; /* as in console=NAME on the kernel command line */
	void (*write)(const char *s, size_t len);
	struct console *next;
};
void register_console(struct console *con);

#endif
