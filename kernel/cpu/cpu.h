/*
 * kernel/cpu: setting up the processor: segments, gates, model-specific registers, feature bits,
 * time, FPU state.
 */
#ifndef KERNEL_CPU_CPU_H
#define KERNEL_CPU_CPU_H

#include "kernel/cpu/io.h"
#include "kernel/cpu/percpu.h"
#include "kernel/cpu/ptregs.h"
#include "kernel/cpu/segment.h"
#include "kernel/lib/lib.h"

/* CPUID features we use. Set by cpu_detect(), before anything depends on them. */
struct cpu_features {
	bool nx, smep, smap, umip, rdrand;
	u32 hwcap; /* CPUID 1, EDX: what AT_HWCAP tells programs */
	char model[49]; /* brand string, CPUID 0x80000002..4 */
};
extern struct cpu_features cpu_features;

/* Read CPUID. Panics when the CPU lacks NX, SSE2 or FXSR, and names what is missing. */
void cpu_detect(void);

/* Turn on the protections the CPU has (NX, WP, SMEP, SMAP, UMIP), naming each that is missing. */
void cpu_protect(void);

void gdt_init(void);
void idt_init(void);
void syscall_init(void);

/*
 * Load GS for ring 3. Loading GS also changes the active GS base, so SWAPGS puts the base of ring 0
 * away before it and brings it back after it. Interrupts are off.
 * Linux: arch/x86/entry/entry_64.S:asm_load_gs_index()
 */
static inline void load_gs_index(u16 selector)
{
	__asm__ volatile("swapgs; mov %w0, %%gs; swapgs" : : "r"(selector) : "memory");
}

/* Set the top of current's kernel stack, where the next entry from ring 3 begins to push. */
void cpu_set_kernel_stack(unsigned long top);

/*
 * Patch the STAC and CLAC sites to NOPs on a CPU without SMAP. To be called while text can still be
 * written.
 */
void apply_smap_alternatives(void);

/*
 * Hardware interrupts 0..15 (8259A). @handler runs with interrupts off, on the stack of the task
 * that was interrupted. Installing one unmasks the line. Linux: kernel/irq/manage.c:request_irq()
 */
void request_irq(unsigned int irq, void (*handler)(void));
void irq_init(void);
/*
 * The registers of the code that the current interrupt has interrupted.
 * Linux: include/asm-generic/irq_regs.h
 */
const struct pt_regs *get_irq_regs(void);

/* Time. Linux: include/linux/jiffies.h, timekeeping.h */
#define HZ 250
#define NSEC_PER_SEC 1000000000ull
#define TICK_NSEC (NSEC_PER_SEC / HZ)
extern volatile u64 jiffies; /* ticks since tick_init() */
extern u64 boot_tsc;         /* TSC when the kernel's first instruction ran */
void time_init(void);
void timer_set_next_event(u64 ns); /* interrupt in @ns or earlier; with interrupts off */
u64 ktime_get_ns(void);      /* monotonic, nanoseconds since boot */
u64 ktime_get_real_ns(void); /* nanoseconds since 1970 */
u64 tsc_to_ns(u64 cycles);   /* the time that so many cycles of the TSC take, nanoseconds */
extern ktime_t real_offset;  /* ktime_get_real_ns() less ktime_get_ns(); setting the date changes it */

/*
 * FPU and SSE state of a task, FXSAVE format. Intel SDM vol. 1 §10.5
 */
struct fpu {
	u8 fxsave[512];
} __aligned(16);
void fpu_init_state(struct fpu *fpu); /* for a new program: FCW 0x37f, MXCSR 0x1f80 */

static inline void fpu_save(struct fpu *fpu)
{
	__asm__ volatile("fxsave64 %0" : "=m"(*fpu));
}

static inline void fpu_restore(const struct fpu *fpu)
{
	__asm__ volatile("fxrstor64 %0" : : "m"(*fpu));
}

/*
 * The exceptions that are pending in @fpu and not masked. @sse: true for those of SSE, false for
 * those of the x87 unit. The bits mean the same for both. Intel SDM vol. 1 §8.5, §11.5
 */
#define FPU_INVALID 0x01u
#define FPU_DENORMAL 0x02u
#define FPU_ZERO_DIVIDE 0x04u
#define FPU_OVERFLOW 0x08u
#define FPU_UNDERFLOW 0x10u
#define FPU_PRECISION 0x20u
unsigned int fpu_exceptions(const struct fpu *fpu, bool sse);

/*
 * DR6 says why there was a #DB. The CPU sets its bits and never clears them. Intel SDM vol. 3
 * §18.2.3
 */
#define DR6_RESERVED 0xffff0ff0ul
#define DR_TRAP_BITS 0x000ful /* which of the four breakpoint registers */
#define DR_STEP 0x4000ul      /* TF was set */

static inline unsigned long read_dr6(void)
{
	unsigned long dr6;

	__asm__ volatile("mov %%dr6, %0" : "=r"(dr6));
	return dr6;
}

static inline void write_dr6(unsigned long dr6)
{
	__asm__ volatile("mov %0, %%dr6" : : "r"(dr6));
}

/* @len bytes from the CPU's random number generator (or a seeded mixer where there is none). */
void get_random_bytes(void *buf, size_t len);

/* Stop the machine: pass @code to the host through isa-debug-exit, then halt for ever. */
void __noreturn machine_halt(u8 code);
#define HALT_POWER_OFF 0
#define HALT_PANIC 1

#endif
