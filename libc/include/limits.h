/* limits.h - limits of C and of the system */
#ifndef _LIMITS_H
#define _LIMITS_H

#include_next <limits.h>
#include <uapi/limits.h>

#define SSIZE_MAX	LONG_MAX

#endif
