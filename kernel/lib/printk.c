/*
 * printk(): format a line, hand it to every console. Linux: kernel/printk/printk.c
 * Levels are stripped here; a console sees text only.
 */
#include "kernel/lib/lib.h"

static struct console *consoles;

void register_console(struct console *con)
{
	con->next = consoles;
	consoles = con;
}

int vprintk(const char *fmt, va_list args)
{
	char line[512];
	const char *text = line;
	struct console *con;
	int len = vsnprintf(line, sizeof(line), fmt, args);

	len = min(len, (int)sizeof(line) - 1);
	if (line[0] == KERN_SOH[0] && line[1]) {
		text += 2;
		len -= 2;
	}
	for (con = consoles; con; con = con->next)
		con->write(text, len);
	return len;
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
