/*
 * PVH boot information: struct hvm_start_info, version 1.
 * Xen: xen/include/public/arch-x86/hvm/start_info.h. Called by boot_params_init().
 *
 * Its memory map calls everything RAM, the initramfs included: start_kernel() reserves that before
 * the allocator starts. The rest is copied here.
 */
#include "boot/boot.h"

#include "kernel/mm/page.h"

#define E820_RAM 1

struct hvm_start_info {
	u32 magic, version, flags, nr_modules;
	u64 modlist_paddr, cmdline_paddr, rsdp_paddr, memmap_paddr;
	u32 memmap_entries, reserved;
};

struct hvm_modlist_entry {
	u64 paddr, size, cmdline_paddr, reserved;
};

struct hvm_memmap_table_entry {
	u64 addr, size;
	u32 type, reserved;
};

const char *pvh_parse(phys_addr_t info)
{
	const struct hvm_start_info *start = __va(info);
	const struct hvm_memmap_table_entry *map;
	const struct hvm_modlist_entry *module;
	u32 i;

	boot_params.loader = "PVH";
	if (start->magic != PVH_MAGIC)
		return "PVH: start info has no magic";
	if (start->version < 1 || !start->memmap_paddr)
		return "PVH: start info has no memory map (version 0)";
	if (start->cmdline_paddr)
		boot_set_cmdline(__va(start->cmdline_paddr));
	if (start->nr_modules) {
		module = __va(start->modlist_paddr);
		boot_params.initrd = module->paddr;
		boot_params.initrd_size = module->size;
	}
	map = __va(start->memmap_paddr);
	for (i = 0; i < start->memmap_entries; i++) {
		if (map[i].type == E820_RAM)
			boot_add_ram(map[i].addr, map[i].size);
	}
	return NULL;
}
