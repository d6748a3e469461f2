/*
 * What the boot loader told us, in one shape for both protocols. Filled before memory management
 * exists, so everything is copied out of the loader's memory.
 */
#ifndef BOOT_BOOT_H
#define BOOT_BOOT_H

#include "kernel/lib/types.h"

#define BOOT_MAX_REGIONS 64
#define COMMAND_LINE_SIZE 2048

struct boot_region {
	phys_addr_t base;
	u64 size;
};

struct boot_params {
	const char *loader;                /* "Multiboot2" or "PVH" */
	char cmdline[COMMAND_LINE_SIZE];   /* cut, never overflowing */
	phys_addr_t initrd;                /* the initramfs archive */
	u64 initrd_size;                   /* 0: none given */
	unsigned int nr_regions;
	struct boot_region ram[BOOT_MAX_REGIONS]; /* usable RAM */
};
extern struct boot_params boot_params;

/*
 * Fill boot_params from the information at physical @info (below 4 GiB: what the boot tables map).
 * @magic: which protocol. Returns NULL, or why it could not be understood.
 */
const char *boot_params_init(u32 magic, phys_addr_t info);

#define MB2_BOOTLOADER_MAGIC 0x36d76289
#define PVH_MAGIC 0x336ec578
const char *multiboot2_parse(phys_addr_t info);
const char *pvh_parse(phys_addr_t info);

/* For the two parsers. */
void boot_add_ram(phys_addr_t base, u64 size);
void boot_set_cmdline(const char *s);

#endif
