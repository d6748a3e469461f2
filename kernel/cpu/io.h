/*
 * Single instructions that C cannot express. Intel SDM vol. 2.
 */
#ifndef KERNEL_CPU_IO_H
#define KERNEL_CPU_IO_H

#include "kernel/lib/irqflags.h"
#include "kernel/lib/types.h"

static inline void outb(u8 value, u16 port)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void outw(u16 value, u16 port)
{
	__asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static inline u8 inb(u16 port)
{
	u8 value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

/* Write @count bytes at @buf to one port. */
static inline void outsb(u16 port, const void *buf, size_t count)
{
	__asm__ volatile("rep outsb" : "+S"(buf), "+c"(count) : "d"(port) : "memory");
}

static inline u64 rdmsr(u32 msr)
{
	u32 low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (u64)high << 32 | low;
}

static inline void wrmsr(u32 msr, u64 value)
{
	__asm__ volatile("wrmsr" : : "c"(msr), "a"((u32)value), "d"((u32)(value >> 32)) : "memory");
}

static inline u64 rdtsc(void)
{
	u32 low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (u64)high << 32 | low;
}

/* What CPUID tells in EAX, EBX, ECX and EDX for @leaf, subleaf 0. */
struct cpuid {
	u32 a, b, c, d;
};

static inline struct cpuid cpuid(u32 leaf)
{
	struct cpuid r;

	__asm__ volatile("cpuid" : "=a"(r.a), "=b"(r.b), "=c"(r.c), "=d"(r.d) : "a"(leaf), "c"(0));
	return r;
}

/* Always inline: text_poke() and do_trap() use them, and no probe may be hit there. */
#define DEFINE_CR(n)                                                            \
	static __always_inline u64 read_cr##n(void)                             \
	{                                                                       \
		u64 value;                                                      \
		__asm__ volatile("mov %%cr" #n ", %0" : "=r"(value));           \
		return value;                                                   \
	}                                                                       \
	static __always_inline void write_cr##n(u64 value)                      \
	{                                                                       \
		__asm__ volatile("mov %0, %%cr" #n : : "r"(value) : "memory");  \
	}
DEFINE_CR(0)
DEFINE_CR(2)
DEFINE_CR(3)
DEFINE_CR(4)

static inline void invlpg(unsigned long addr)
{
	__asm__ volatile("invlpg (%0)" : : "r"(addr) : "memory");
}

#define X86_EFLAGS_CF BIT(0)
#define X86_EFLAGS_TF BIT(8)
#define X86_EFLAGS_DF BIT(10)
#define X86_EFLAGS_NT BIT(14)
#define X86_EFLAGS_RF BIT(16)
#define X86_EFLAGS_AC BIT(18)
#define X86_EFLAGS_ID BIT(21)

/*
 * Sleep until the next interrupt. STI takes effect after one more instruction, so no interrupt
 * comes before HLT.
 */
static inline void safe_halt(void)
{
	__asm__ volatile("sti; hlt" : : : "memory");
}

#endif
