/* signal.h - signal numbers, and the bare calls that work with sets of them */
#ifndef _SIGNAL_H
#define _SIGNAL_H

#include <stddef.h>
#include <sys/types.h>
#include <uapi/signal.h>

typedef unsigned long sigset_t; /* signal n is bit n - 1 */

struct timespec;

/* @size: sizeof(sigset_t) */
int rt_sigprocmask(int how, const sigset_t *set, sigset_t *old, size_t size);
int rt_sigtimedwait(const sigset_t *set, void *info, const struct timespec *timeout, size_t size);

#endif
