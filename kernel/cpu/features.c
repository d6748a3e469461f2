/*
 * Which features this CPU has, and turning its protections on. Intel SDM vol. 2 CPUID, vol. 3 §2.5,
 * §5.6.
 * Linux: arch/x86/kernel/cpu/common.c
 */
#include "kernel/cpu/cpu.h"

struct cpu_features cpu_features;

static void read_model(void)
{
	struct cpuid *part = (struct cpuid *)cpu_features.model;
	u32 i;

	if (cpuid(0x80000000).a < 0x80000004)
		return;
	for (i = 0; i < 3; i++)
		part[i] = cpuid(0x80000002 + i);
}

void cpu_detect(void)
{
	struct cpuid base = cpuid(1), extended = cpuid(0x80000001), seven = { 0 };

	if (cpuid(0).a >= 7)
		seven = cpuid(7);
	cpu_features.nx = extended.d >> 20 & 1;
	cpu_features.smep = seven.b >> 7 & 1;
	cpu_features.smap = seven.b >> 20 & 1;
	cpu_features.umip = seven.c >> 2 & 1;
	cpu_features.rdrand = base.c >> 30 & 1;
	cpu_features.hwcap = base.d;
	read_model();
	if (!cpu_features.nx)
		panic("this CPU has no NX (no-execute pages): W^X is impossible, refusing to run");
	if (!(base.d >> 24 & 1) || !(base.d >> 26 & 1))
		panic("this CPU has no FXSR or no SSE2, which every x86-64 program expects");
}

/* Returns @bit of CR4 if the CPU @has the feature @name; else 0, and logs what is @lost. */
static u64 cr4_feature(bool has, u64 bit, const char *name, const char *lost)
{
	if (!has)
		pr_warn("cpu: no %s, running degraded: %s\n", name, lost);
	return has ? bit : 0;
}

void cpu_protect(void)
{
	u64 cr4 = CR4_PAE | CR4_PGE | CR4_OSFXSR | CR4_OSXMMEXCPT;

	cr4 |= cr4_feature(cpu_features.smep, CR4_SMEP, "SMEP", "ring 0 could execute user pages");
	cr4 |= cr4_feature(cpu_features.smap, CR4_SMAP, "SMAP", "ring 0 could touch user pages");
	cr4 |= cr4_feature(cpu_features.umip, CR4_UMIP, "UMIP", "ring 3 can read GDT and IDT addresses");
	write_cr0((read_cr0() | CR0_WP | CR0_NE | CR0_MP) & ~(u64)(CR0_EM | CR0_TS));
	write_cr4(cr4);
}

extern u8 *const __start_smap_sites[], *const __stop_smap_sites[];

void apply_smap_alternatives(void)
{
	static const u8 nop3[] = { 0x0f, 0x1f, 0x00 };
	u8 *const *site;

	if (cpu_features.smap)
		return;
	for (site = __start_smap_sites; site < __stop_smap_sites; site++)
		memcpy(*site, nop3, sizeof(nop3));
}
