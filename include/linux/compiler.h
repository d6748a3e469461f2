/*
 * What we tell the compiler.
 */
#ifndef INCLUDE_LINUX_COMPILER_H
#define INCLUDE_LINUX_COMPILER_H

#include "kernel/lib/types.h"

#define __always_unused __attribute__((unused))
#define __must_check __attribute__((warn_unused_result))
#define __force
#define __rcu
#define __read_mostly
#define __visible __attribute__((externally_visible))
#define fallthrough __attribute__((fallthrough))
#define asmlinkage
#define notrace
#define __pure __attribute__((pure))
#define __deprecated
#define __iomem
#define __kernel
#define __acquires(lock)
#define __releases(lock)
#define __must_hold(lock)
#define __PASTE_1(a, b) a##b
#define __PASTE(a, b) __PASTE_1(a, b)
#define unreachable() __builtin_unreachable()
#define cpu_relax() __asm__ volatile("pause" : : : "memory")

/* The CPU keeps its own loads and stores in order; the full barrier is for devices. */
#define mb() __asm__ volatile("mfence" : : : "memory")
#define rmb() barrier()
#define wmb() barrier()
#define smp_mb() barrier()
#define smp_rmb() barrier()
#define smp_wmb() barrier()
#define smp_load_acquire(p) ({ __typeof__(*(p)) sla_v = READ_ONCE(*(p)); barrier(); sla_v; })
#define smp_store_release(p, v) do { barrier(); WRITE_ONCE(*(p), v); } while (0)

#endif
