/*
 * pages.h - what the programs about memory share: what its pages hold, and which of them are there.
 */
#ifndef ABI_PAGES_H
#define ABI_PAGES_H

#include "abi.h"

static inline int peek(void *p)
{
	return *(volatile char *)p;
}

/* What reading the first byte of each of @n pages tells: the byte, '0' for zero, '-' for a signal. */
static inline const char *bytes(char *p, int n)
{
	static char words[64];

	for (int i = 0; i < n; i++) {
		int status = in_child(peek, p + (unsigned long)i * PAGE);

		words[i] = WIFSIGNALED(status) ? '-' : WEXITSTATUS(status) ? WEXITSTATUS(status) : '0';
	}
	words[n] = '\0';
	return words;
}

/* Which of @n pages are in memory. */
static inline const char *resident(char *p, int n)
{
	static char words[64];
	unsigned char vec[64];
	long ret = sys(mincore, p, n * PAGE, vec);

	if (ret)
		return text(ret);
	for (int i = 0; i < n; i++)
		words[i] = vec[i] & 1 ? 'x' : '.';
	words[n] = '\0';
	return words;
}

#endif
