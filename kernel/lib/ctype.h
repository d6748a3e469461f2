/*
 * Kinds of characters (ASCII). Linux: include/linux/ctype.h
 */
#ifndef KERNEL_LIB_CTYPE_H
#define KERNEL_LIB_CTYPE_H

#include "kernel/lib/types.h"

#define isdigit(c) ((unsigned int)(c) - '0' < 10)
#define islower(c) ((unsigned int)(c) - 'a' < 26)
#define isupper(c) ((unsigned int)(c) - 'A' < 26)
#define isalpha(c) (islower(c) || isupper(c))
#define isalnum(c) (isalpha(c) || isdigit(c))
#define isxdigit(c) (isdigit(c) || ((unsigned int)(c) | 0x20) - 'a' < 6)
#define isspace(c) ((c) == ' ' || (unsigned int)(c) - '\t' < 5)
#define isprint(c) ((unsigned int)(c) - ' ' < 95)
#define isgraph(c) ((unsigned int)(c) - '!' < 94)
#define ispunct(c) (isgraph(c) && !isalnum(c))
#define iscntrl(c) ((unsigned int)(c) < ' ' || (c) == 127)
#define isascii(c) (((c) & ~0x7f) == 0)
#define tolower(c) (isupper(c) ? (c) | 0x20 : (c))
#define toupper(c) (islower(c) ? (c) & ~0x20 : (c))

#endif
