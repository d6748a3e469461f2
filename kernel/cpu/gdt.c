/*
 * Segments, the task-state segment and its interrupt stacks, and the MSRs of the SYSCALL entry.
 * Intel SDM vol. 3 §3.4.5, §8.7, §5.8.8; Linux: arch/x86/kernel/cpu/common.c:syscall_init()
 */
#include "kernel/cpu/cpu.h"

struct tss {
	u32 reserved0;
	u64 rsp[3]; /* rsp[0]: where a trap from ring 3 starts pushing */
	u64 reserved1;
	u64 ist[7];
	u64 reserved2;
	u16 reserved3, iomap_base;
} __packed;

struct descriptor_pointer {
	u16 limit;
	u64 base;
} __packed;

struct percpu percpu;

static struct tss tss;

/* Flat segments: base 0, limit 4 GiB; accessed already set, so the CPU never writes here. */
static u64 gdt[GDT_ENTRIES] __aligned(16) = {
	[__KERNEL32_CS / 8] = 0x00cf9b000000ffff,
	[__KERNEL_CS / 8] = 0x00af9b000000ffff,
	[__KERNEL_DS / 8] = 0x00cf93000000ffff,
	[__USER32_CS / 8] = 0x00cffb000000ffff,
	[__USER_DS / 8] = 0x00cff3000000ffff,
	[__USER_CS / 8] = 0x00affb000000ffff,
};

extern char ist_stacks[], _estacks[]; /* IST_COUNT stacks, each above its guard page */

static void set_tss_descriptor(void)
{
	u64 base = (u64)&tss, limit = sizeof(tss) - 1;

	gdt[GDT_TSS_SELECTOR / 8] = limit | (base & 0xffffff) << 16 | 0x89ull << 40 |
				    (base >> 24 & 0xff) << 56;
	gdt[GDT_TSS_SELECTOR / 8 + 1] = base >> 32;
}

/*
 * LDTR is set to null as well. Reset or the boot loader may have left a table at address 0 in it.
 * That address belongs to ring 3, which could put a call gate there. Intel SDM vol. 3 table 10-1
 */
static void load_segments(void)
{
	struct descriptor_pointer pointer = { sizeof(gdt) - 1, (u64)gdt };

	__asm__ volatile("lgdt %0\n\t"
			 "mov %w1, %%ss\n\t"
			 "xor %%eax, %%eax\n\t"
			 "mov %%ax, %%ds\n\t"
			 "mov %%ax, %%es\n\t"
			 "mov %%ax, %%fs\n\t"
			 "mov %%ax, %%gs\n\t"
			 "pushq %2\n\t"
			 "leaq 1f(%%rip), %%rax\n\t"
			 "pushq %%rax\n\t"
			 "lretq\n"
			 "1:\tltr %w3\n\t"
			 "lldt %w4"
			 :
			 : "m"(pointer), "r"(__KERNEL_DS), "i"(__KERNEL_CS), "r"(GDT_TSS_SELECTOR),
			   "r"(0)
			 : "rax", "memory");
}

void gdt_init(void)
{
	unsigned int i;

	for (i = 0; i < IST_COUNT; i++)
		tss.ist[i] = (u64)ist_stacks + (i + 1) * ((_estacks - ist_stacks) / IST_COUNT);
	tss.iomap_base = sizeof(tss); /* no I/O permission map: ring 3 reaches no port */
	set_tss_descriptor();
	load_segments();
	wrmsr(MSR_GS_BASE, (u64)&percpu);
	wrmsr(MSR_KERNEL_GS_BASE, 0);
}

void cpu_set_kernel_stack(unsigned long top)
{
	percpu.kernel_stack = top;
	tss.rsp[0] = top;
}

void entry_SYSCALL_64(void);
void entry_SYSCALL_compat(void);

/* What the MSRs of the SYSCALL entry hold, read back: a debugger sees memory, but no MSR. */
struct syscall_msrs {
	u64 star, lstar, cstar, sfmask;
} syscall_msrs;

void syscall_init(void)
{
	wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_SCE | EFER_NX);
	wrmsr(MSR_STAR, (u64)__USER32_CS << 48 | (u64)__KERNEL_CS << 32);
	wrmsr(MSR_LSTAR, (u64)entry_SYSCALL_64);
	wrmsr(MSR_CSTAR, (u64)entry_SYSCALL_compat);
	wrmsr(MSR_SYSCALL_MASK, SYSCALL_FLAGS_MASK);
	syscall_msrs = (struct syscall_msrs){ rdmsr(MSR_STAR), rdmsr(MSR_LSTAR), rdmsr(MSR_CSTAR),
					      rdmsr(MSR_SYSCALL_MASK) };
}
