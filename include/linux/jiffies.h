/*
 * Timer ticks, and the names modules have for them besides.
 */
#ifndef INCLUDE_LINUX_JIFFIES_H
#define INCLUDE_LINUX_JIFFIES_H

#include "kernel/cpu/cpu.h"
#include "kernel/time/jiffies.h"

#define jiffies_64 jiffies
#define get_jiffies_64() ((u64)jiffies)
#define time_after64(a, b) time_after(a, b)
#define time_before64(a, b) time_before(a, b)

#endif
