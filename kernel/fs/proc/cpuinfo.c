/*
 * /proc/cpuinfo: what CPUID says, in the names that programs look for. Intel SDM vol. 2 CPUID.
 * Linux: arch/x86/kernel/cpu/proc.c
 */
#include "kernel/cpu/cpu.h"
#include "kernel/fs/proc/internal.h"
#include "kernel/lib/init.h"

/* Names of the bits of leaf 1, EDX and then ECX; NULL: reserved. AVX and XSAVE are not to be had here. */
static const char *const flags[64] = {
	"fpu", "vme", "de", "pse", "tsc", "msr", "pae", "mce", "cx8", "apic", NULL, "sep", "mtrr", "pge", "mca", "cmov",
	"pat", "pse36", "pn", "clflush", NULL, "dts", "acpi", "mmx", "fxsr", "sse", "sse2", "ss", "ht", "tm", "ia64", "pbe",
	"pni", "pclmulqdq", "dtes64", "monitor", "ds_cpl", "vmx", "smx", "est", "tm2", "ssse3", "cid", "sdbg", NULL, "cx16",
	"xtpr", "pdcm", NULL, "pcid", "dca", "sse4_1", "sse4_2", "x2apic", "movbe", "popcnt", "tsc_deadline_timer", "aes",
	NULL, NULL, NULL, NULL, "rdrand", "hypervisor",
};

static int show_cpuinfo(struct seq_file *m, void *v __maybe_unused)
{
	struct cpuid zero = cpuid(0), one = cpuid(1);
	u32 family = one.a >> 8 & 15, model = one.a >> 4 & 15, bits[2] = { one.d, one.c };
	char vendor[13] = { 0 };

	memcpy(vendor, &zero.b, 4);
	memcpy(vendor + 4, &zero.d, 4);
	memcpy(vendor + 8, &zero.c, 4);
	if (family == 6 || family == 15)
		model |= one.a >> 12 & 0xf0;
	if (family == 15)
		family += one.a >> 20 & 0xff;
	seq_printf(m, "processor\t: 0\nvendor_id\t: %s\ncpu family\t: %u\nmodel\t\t: %u\nmodel name\t: %s\nstepping\t: %u\n",
		   vendor, family, model, cpu_features.model, one.a & 15);
	seq_printf(m, "physical id\t: 0\nsiblings\t: 1\ncore id\t\t: 0\ncpu cores\t: 1\nfpu\t\t: yes\nflags\t\t:");
	for (unsigned int i = 0; i < 64; i++)
		if (flags[i] && bits[i / 32] >> i % 32 & 1)
			seq_printf(m, " %s", flags[i]);
	seq_puts(m, "\n\n");
	return 0;
}

static int proc_cpuinfo_init(void)
{
	return proc_create_single("cpuinfo", 0, NULL, show_cpuinfo) ? 0 : -ENOMEM;
}
late_initcall(proc_cpuinfo_init);
