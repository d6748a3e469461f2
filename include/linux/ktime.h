/*
 * Points in time and spans of it, in nanoseconds.
 */
#ifndef INCLUDE_LINUX_KTIME_H
#define INCLUDE_LINUX_KTIME_H

#include "kernel/cpu/cpu.h"

typedef s64 ktime_t;

#ifndef NSEC_PER_USEC
#define NSEC_PER_USEC 1000L
#define NSEC_PER_MSEC 1000000L
#define USEC_PER_SEC 1000000L
#define MSEC_PER_SEC 1000L
#endif

static inline ktime_t ktime_get(void)
{
	return ktime_get_ns();
}

static inline ktime_t ktime_get_boottime(void)
{
	return ktime_get_ns();
}

static inline ktime_t ktime_get_real(void)
{
	return ktime_get_real_ns();
}

static inline ktime_t ktime_set(s64 secs, unsigned long nsecs)
{
	return secs * (s64)NSEC_PER_SEC + (s64)nsecs;
}

static inline ktime_t ns_to_ktime(u64 ns)
{
	return ns;
}

#define ktime_add(a, b) ((a) + (b))
#define ktime_sub(a, b) ((a) - (b))
#define ktime_add_ns(kt, ns) ((kt) + (ns))
#define ktime_sub_ns(kt, ns) ((kt) - (ns))

static inline s64 ktime_to_ns(ktime_t kt)
{
	return kt;
}

static inline s64 ktime_to_us(ktime_t kt)
{
	return kt / NSEC_PER_USEC;
}

static inline s64 ktime_to_ms(ktime_t kt)
{
	return kt / NSEC_PER_MSEC;
}

static inline s64 ktime_us_delta(ktime_t later, ktime_t earlier)
{
	return ktime_to_us(later - earlier);
}

static inline int ktime_compare(ktime_t a, ktime_t b)
{
	return a < b ? -1 : a > b;
}

static inline bool ktime_after(ktime_t a, ktime_t b)
{
	return a > b;
}

static inline bool ktime_before(ktime_t a, ktime_t b)
{
	return a < b;
}

#define ktime_get_boottime_ns() ktime_get_ns()
#define ktime_get_raw() ktime_get()
#define ktime_get_raw_ns() ktime_get_ns()
#define ktime_get_seconds() ((time64_t)(ktime_get_ns() / NSEC_PER_SEC))
#define ktime_get_boottime_seconds() ktime_get_seconds()
#define ktime_get_real_seconds() ((time64_t)(ktime_get_real_ns() / NSEC_PER_SEC))
#define ktime_ms_delta(later, earlier) ktime_to_ms((later) - (earlier))
#define ktime_add_us(kt, us) ((kt) + (us) * 1000ll)
#define ktime_add_ms(kt, ms) ((kt) + (ms) * 1000000ll)
#define ktime_divns(kt, d) ((kt) / (s64)(d))
#define ms_to_ktime(ms) ((ktime_t)(ms) * 1000000)

typedef s64 time64_t;

struct timespec64 {
	time64_t tv_sec;
	long tv_nsec;
};

static inline struct timespec64 ns_to_timespec64(s64 ns)
{
	return (struct timespec64){ .tv_sec = ns / (s64)NSEC_PER_SEC, .tv_nsec = ns % (s64)NSEC_PER_SEC };
}

#define ktime_to_timespec64(kt) ns_to_timespec64(kt)
#define timespec64_to_ns(ts) ((ts)->tv_sec * (s64)NSEC_PER_SEC + (ts)->tv_nsec)
#define timespec64_to_ktime(ts) ktime_set((ts).tv_sec, (ts).tv_nsec)
#define ktime_get_ts64(ts) ((void)(*(ts) = ns_to_timespec64(ktime_get_ns())))
#define ktime_get_boottime_ts64(ts) ktime_get_ts64(ts)
#define ktime_get_real_ts64(ts) ((void)(*(ts) = ns_to_timespec64(ktime_get_real_ns())))
#define timespec64_sub(a, b) ns_to_timespec64(timespec64_to_ns(&(a)) - timespec64_to_ns(&(b)))

#endif
