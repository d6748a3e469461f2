/*
 * Errors as pointers.
 */
#ifndef INCLUDE_LINUX_ERR_H
#define INCLUDE_LINUX_ERR_H

#include "kernel/lib/lib.h"

static inline int PTR_ERR_OR_ZERO(const void *ptr)
{
	return IS_ERR(ptr) ? PTR_ERR(ptr) : 0;
}

#endif
