/*
 * Basic types and the one-line macros that every other header uses.
 *
 * Names are Linux's (include/linux/types.h, err.h, container_of.h, compiler.h).
 * It includes nothing, and all others include it.
 */
#ifndef KERNEL_LIB_TYPES_H
#define KERNEL_LIB_TYPES_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

typedef _Bool bool; /* and not <stdbool.h>'s macro: module_param() pastes the word */
#define true ((bool)1)
#define false ((bool)0)

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef unsigned long long u64; /* as on Linux: %llu prints it */
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef long long s64;

typedef long ssize_t;
typedef long long loff_t;
typedef int pid_t;
typedef unsigned int uid_t;
typedef unsigned int gid_t;
typedef unsigned short umode_t;
typedef unsigned int fmode_t;
typedef unsigned int gfp_t;
typedef u32 dev_t;
typedef u64 phys_addr_t;
typedef unsigned int __poll_t; /* EPOLL* */
typedef s64 ktime_t; /* nanoseconds: a point in time or a span */
#define KTIME_MAX ((ktime_t)INT64_MAX)

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	long counter;
} atomic_long_t;

typedef struct {
	atomic_t refs;
} refcount_t;

#define __user /* a pointer that ring 3 gave us: only kernel/mm/uaccess.c may follow it */
#define __packed __attribute__((packed))
#define __aligned(n) __attribute__((aligned(n)))
#define __section(name) __attribute__((section(name)))
#define __used __attribute__((used))
#define __maybe_unused __attribute__((unused))
#define __weak __attribute__((weak))
#define __noreturn __attribute__((noreturn))
#define __cold __attribute__((cold))
#define __printf(fmt, args) __attribute__((format(printf, fmt, args)))
#undef noinline
#define noinline __attribute__((noinline))
#undef __always_inline
#define __always_inline inline __attribute__((always_inline))

/*
 * Code that may not carry a probe site at its entry: the probe machinery itself, and what runs
 * before the entry code has a kernel stack. Linux: NOKPROBE_SYMBOL(), noinstr.
 */
#define noprobe __attribute__((patchable_function_entry(0)))

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define barrier() __asm__ volatile("" ::: "memory")
#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, val) (*(volatile __typeof__(x) *)&(x) = (val))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define ALIGN(x, a) (((x) + (__typeof__(x))(a) - 1) & ~((__typeof__(x))(a) - 1))
#define ALIGN_DOWN(x, a) ((x) & ~((__typeof__(x))(a) - 1))
#define IS_ALIGNED(x, a) (((x) & ((__typeof__(x))(a) - 1)) == 0)
#define BIT(n) (1UL << (n))

#define min(a, b)                                       \
	({                                              \
		__typeof__(a) min_a = (a);              \
		__typeof__(b) min_b = (b);              \
		min_a < min_b ? min_a : min_b;          \
	})
#define max(a, b)                                       \
	({                                              \
		__typeof__(a) max_a = (a);              \
		__typeof__(b) max_b = (b);              \
		max_a > max_b ? max_a : max_b;          \
	})
#define min_t(type, a, b) min((type)(a), (type)(b))
#define max_t(type, a, b) max((type)(a), (type)(b))
#define swap(a, b)                                      \
	do {                                            \
		__typeof__(a) swap_tmp = (a);           \
		(a) = (b);                              \
		(b) = swap_tmp;                         \
	} while (0)

/*
 * A function that returns a pointer can return an error in it: a pointer into the last page is
 * -errno. Linux: include/linux/err.h
 */
#define MAX_ERRNO 4095
#define IS_ERR_VALUE(x) unlikely((unsigned long)(x) >= (unsigned long)-MAX_ERRNO)

static inline void *ERR_PTR(long error)
{
	return (void *)error;
}

static inline long PTR_ERR(const void *ptr)
{
	return (long)ptr;
}

/* An error, in a pointer of another type. */
static inline void *ERR_CAST(const void *ptr)
{
	return (void *)ptr;
}

static inline bool IS_ERR(const void *ptr)
{
	return IS_ERR_VALUE(ptr);
}

static inline int PTR_ERR_OR_ZERO(const void *ptr)
{
	return IS_ERR(ptr) ? PTR_ERR(ptr) : 0;
}

static inline bool IS_ERR_OR_NULL(const void *ptr)
{
	return !ptr || IS_ERR(ptr);
}

#endif
