/*
 * Strings and memory, and the names modules have for them besides. Linux: lib/string.c, lib/kstrtox.c
 */
#ifndef INCLUDE_LINUX_STRING_H
#define INCLUDE_LINUX_STRING_H

#include <linux/ctype.h>

#include "kernel/lib/lib.h"
#include "kernel/mm/slab.h"

/* The rest of @dest is filled with NULs; a string that is too long is not terminated. */
static inline char *strncpy(char *dest, const char *src, size_t n)
{
	size_t len = strnlen(src, n);

	memcpy(dest, src, len);
	memset(dest + len, 0, n - len);
	return dest;
}

#define strcpy(dest, src) strncpy(dest, src, strlen(src) + 1)

/* Returns the length of @src, however much was copied. */
static inline size_t strlcpy(char *dest, const char *src, size_t size)
{
	if (size)
		strscpy(dest, src, size);
	return strlen(src);
}

static inline char *strncat(char *dest, const char *src, size_t n)
{
	size_t at = strlen(dest), len = strnlen(src, n);

	memcpy(dest + at, src, len);
	dest[at + len] = '\0';
	return dest;
}

#define strcat(dest, src) strncat(dest, src, strlen(src))

static inline int strncasecmp(const char *a, const char *b, size_t n)
{
	for (; n && *a && tolower(*a) == tolower(*b); n--)
		a++, b++;
	return n ? tolower((u8)*a) - tolower((u8)*b) : 0;
}

#define strcasecmp(a, b) strncasecmp(a, b, (size_t)-1)
#define str_has_prefix(s, prefix) (strncmp(s, prefix, strlen(prefix)) ? 0 : strlen(prefix))

static inline void *memchr(const void *s, int c, size_t n)
{
	const u8 *p;

	for (p = s; n--; p++) {
		if (*p == (u8)c)
			return (void *)p;
	}
	return NULL;
}

static inline char *strnstr(const char *s, const char *what, size_t n)
{
	size_t len = strlen(what);

	for (; n >= len; n--, s++) {
		if (!memcmp(s, what, len))
			return (char *)s;
	}
	return NULL;
}

static inline char *strpbrk(const char *s, const char *any)
{
	for (; *s; s++) {
		if (strchr(any, *s))
			return (char *)s;
	}
	return NULL;
}

/* The next piece of *@s before one of the characters in @ends, which becomes a NUL. */
static inline char *strsep(char **s, const char *ends)
{
	char *piece = *s, *end = piece ? strpbrk(piece, ends) : NULL;

	if (end)
		*end++ = '\0';
	*s = end;
	return piece;
}

static inline char *skip_spaces(const char *s)
{
	while (isspace(*s))
		s++;
	return (char *)s;
}

/* Without white space at both ends; the end is cut off in place. */
static inline char *strim(char *s)
{
	size_t len = strlen(s);

	while (len && isspace(s[len - 1]))
		s[--len] = '\0';
	return skip_spaces(s);
}

#define strstrip(s) strim(s)

static inline const char *kbasename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

#define sprintf(buf, ...) snprintf(buf, INT_MAX, __VA_ARGS__)
#define vsprintf(buf, fmt, args) vsnprintf(buf, INT_MAX, fmt, args)

#define DEFINE_KSTRTO(name, type, wide, parse)                                          \
	static inline int name(const char *s, unsigned int base, type *res)             \
	{                                                                               \
		wide number;                                                            \
		int err = parse(s, base, &number);                                      \
											\
		if (!err && (wide)(type)number != number)                               \
			err = -ERANGE;                                                  \
		if (!err)                                                               \
			*res = (type)number;                                            \
		return err;                                                             \
	}

DEFINE_KSTRTO(kstrtoint, int, long, kstrtol)
DEFINE_KSTRTO(kstrtos64, s64, long, kstrtol)
DEFINE_KSTRTO(kstrtos16, s16, long, kstrtol)
DEFINE_KSTRTO(kstrtoll, long long, long, kstrtol)
DEFINE_KSTRTO(kstrtouint, unsigned int, unsigned long, kstrtoul)
DEFINE_KSTRTO(kstrtou64, u64, unsigned long, kstrtoul)
DEFINE_KSTRTO(kstrtou16, u16, unsigned long, kstrtoul)
DEFINE_KSTRTO(kstrtou8, u8, unsigned long, kstrtoul)
DEFINE_KSTRTO(kstrtoull, unsigned long long, unsigned long, kstrtoul)
#undef DEFINE_KSTRTO
#define kstrtos32(s, base, res) kstrtoint(s, base, res)
#define kstrtou32(s, base, res) kstrtouint(s, base, res)

/* A number at the beginning of @s; *@end: where it ends. */
static inline unsigned long simple_strtoul(const char *s, char **end, unsigned int base)
{
	unsigned long n = 0;
	unsigned int digit;

	if ((base == 0 || base == 16) && s[0] == '0' && (s[1] | 0x20) == 'x' && isxdigit(s[2]))
		s += 2, base = 16;
	else if (base == 0)
		base = s[0] == '0' ? 8 : 10;
	for (; isxdigit(*s); s++) {
		digit = isdigit(*s) ? (unsigned int)*s - '0' : (unsigned int)tolower(*s) - 'a' + 10;
		if (digit >= base)
			break;
		n = n * base + digit;
	}
	if (end)
		*end = (char *)s;
	return n;
}

#define simple_strtol(s, end, base)                                                     \
	(*(s) == '-' ? -(long)simple_strtoul((s) + 1, end, base) : (long)simple_strtoul(s, end, base))
#define simple_strtoull(s, end, base) ((unsigned long long)simple_strtoul(s, end, base))

#endif
