/*
 * Memory and string functions, C's own contracts unless said otherwise. The compiler itself makes
 * calls of memcpy, memset and memmove, for example to copy a struct.
 */
#ifndef KERNEL_LIB_STRING_H
#define KERNEL_LIB_STRING_H

#include "kernel/lib/types.h"

void *memcpy(void *dest, const void *src, size_t n);
void *memmove(void *dest, const void *src, size_t n);
void *memset(void *dest, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);

/* Fill @n 8-byte words with @value. Linux: arch/x86/include/asm/string_64.h:memset64() */
static inline void memset64(u64 *dest, u64 value, size_t n)
{
	__asm__ volatile("rep stosq" : "+D"(dest), "+c"(n) : "a"(value) : "memory");
}

/*
 * The first byte at @p that is not @c, or NULL if all @n bytes are. Linux:
 * lib/string.c:memchr_inv()
 */
const void *memchr_inv(const void *p, int c, size_t n);

static inline size_t strlen(const char *s)
{
	const char *end = s;
	size_t left = -1;

	__asm__("repne scasb" : "+D"(end), "+c"(left) : "a"(0) : "memory", "cc");
	return end - s - 1;
}

size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *haystack, const char *needle);

/*
 * Copy at most @size - 1 bytes and always terminate.
 * Returns the length copied, or -E2BIG when @src was cut. Linux: lib/string.c:strscpy()
 */
ssize_t strscpy(char *dest, const char *src, size_t size);

/*
 * Parse an unsigned/signed decimal, 0x-hex or 0-octal number that fills @s (one trailing newline is
 * allowed). @base: 0, 8, 10 or 16. Returns 0, -EINVAL (not a number) or -ERANGE. Linux:
 * lib/kstrtox.c
 */
int kstrtoul(const char *s, unsigned int base, unsigned long *res);
int kstrtol(const char *s, unsigned int base, long *res);

#endif
