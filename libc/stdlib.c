/*
 * stdlib.c - environment and numbers: <stdlib.h>.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* getenv() - the value of @name in environ, which keeps owning it; NULL when it is not set */
char *getenv(const char *name)
{
	size_t len = strlen(name);

	for (char **var = environ; *var; var++)
		if (!strncmp(*var, name, len) && (*var)[len] == '=')
			return *var + len + 1;
	return NULL;
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 36;
}

struct number {
	unsigned long magnitude;
	int negative, overflow;
};

/*
 * parse() - the digits of a number after blanks, sign and, for base 0 and 16, its prefix
 * @end: where to store a pointer to the first character that is no part of the number, or NULL
 */
static struct number parse(const char *s, char **end, int base)
{
	struct number num = { 0 };
	const char *p = s, *digits;

	while (*p == ' ' || (*p >= '\t' && *p <= '\r'))
		p++;
	num.negative = *p == '-';
	if (*p == '-' || *p == '+')
		p++;
	if ((base == 0 || base == 16) && p[0] == '0' && (p[1] | 0x20) == 'x' &&
	    digit_value(p[2]) < 16) {
		p += 2;
		base = 16;
	} else if (base == 0) {
		base = *p == '0' ? 8 : 10;
	}
	for (digits = p; digit_value(*p) < base; p++) {
		num.overflow |= __builtin_mul_overflow(num.magnitude, base, &num.magnitude);
		num.overflow |= __builtin_add_overflow(num.magnitude, digit_value(*p),
						       &num.magnitude);
	}
	if (end)
		*end = (char *)(p == digits ? s : p);
	return num;
}

/* strtoul() - ULONG_MAX with ERANGE when the number does not fit */
unsigned long strtoul(const char *restrict s, char **restrict end, int base)
{
	struct number num = parse(s, end, base);

	if (!num.overflow)
		return num.negative ? -num.magnitude : num.magnitude;
	errno = ERANGE;
	return ULONG_MAX;
}

/* strtol() - LONG_MIN or LONG_MAX with ERANGE when the number does not fit */
long strtol(const char *restrict s, char **restrict end, int base)
{
	struct number num = parse(s, end, base);
	unsigned long limit = (unsigned long)LONG_MAX + (num.negative != 0);

	if (!num.overflow && num.magnitude <= limit)
		return (long)(num.negative ? -num.magnitude : num.magnitude);
	errno = ERANGE;
	return num.negative ? LONG_MIN : LONG_MAX;
}

int atoi(const char *s)
{
	return (int)strtol(s, NULL, 10);
}

long atol(const char *s)
{
	return strtol(s, NULL, 10);
}
