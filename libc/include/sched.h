/* sched.h - flags of clone(2) */
#ifndef _SCHED_H
#define _SCHED_H

#include <uapi/sched.h>

#endif
