/*
 * The time stamp counter.
 */
#ifndef INCLUDE_ASM_TIMEX_H
#define INCLUDE_ASM_TIMEX_H

#include "kernel/cpu/io.h"

typedef unsigned long long cycles_t;

#define get_cycles() ((cycles_t)rdtsc())

#endif
