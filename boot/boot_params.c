/*
 * The common part of both boot protocols: struct boot_params.
 * Called by start_kernel() first of all, on the boot page tables.
 */
#include "boot/boot.h"

#include "kernel/lib/lib.h"

struct boot_params boot_params;

void boot_add_ram(phys_addr_t base, u64 size)
{
	struct boot_region *region;

	if (boot_params.nr_regions == BOOT_MAX_REGIONS || !size)
		return;
	region = &boot_params.ram[boot_params.nr_regions++];
	region->base = base;
	region->size = size;
}

void boot_set_cmdline(const char *s)
{
	strscpy(boot_params.cmdline, s, sizeof(boot_params.cmdline));
}

const char *boot_params_init(u32 magic, phys_addr_t info)
{
	switch (magic) {
	case MB2_BOOTLOADER_MAGIC:
		return multiboot2_parse(info);
	case PVH_MAGIC:
		return pvh_parse(info);
	default:
		return "not booted by Multiboot2 or PVH";
	}
}
