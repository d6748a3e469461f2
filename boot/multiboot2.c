/*
 * Multiboot2 boot information: a list of tags, each {type, size}, 8-byte aligned.
 * Multiboot2 Specification §3.6. Called by boot_params_init().
 */
#include "boot/boot.h"

#include "kernel/mm/page.h"

#define TAG_END 0
#define TAG_CMDLINE 1
#define TAG_MODULE 3
#define TAG_MMAP 6
#define MMAP_AVAILABLE 1

struct mb2_info {
	u32 total_size, reserved;
};

struct mb2_tag {
	u32 type, size;
};

struct mb2_module {
	struct mb2_tag tag;
	u32 start, end; /* physical */
};

struct mb2_mmap_entry {
	u64 base, size;
	u32 type, reserved;
};

struct mb2_mmap {
	struct mb2_tag tag;
	u32 entry_size, entry_version;
};

static void parse_mmap(const struct mb2_mmap *map)
{
	const char *entry = (const char *)(map + 1);
	const char *end = (const char *)map + map->tag.size;

	for (; map->entry_size && entry + map->entry_size <= end; entry += map->entry_size) {
		const struct mb2_mmap_entry *e = (const struct mb2_mmap_entry *)entry;

		if (e->type == MMAP_AVAILABLE)
			boot_add_ram(e->base, e->size);
	}
}

const char *multiboot2_parse(phys_addr_t info)
{
	const struct mb2_info *head = __va(info);
	const char *p = (const char *)(head + 1), *end = (const char *)head + head->total_size;
	const struct mb2_module *module;

	boot_params.loader = "Multiboot2";
	while (p + sizeof(struct mb2_tag) <= end) {
		const struct mb2_tag *tag = (const struct mb2_tag *)p;

		if (tag->type == TAG_END)
			return boot_params.nr_regions ? NULL : "Multiboot2: no memory map";
		if (tag->size < sizeof(*tag) || p + tag->size > end)
			break;
		if (tag->type == TAG_CMDLINE)
			boot_set_cmdline((const char *)(tag + 1));
		if (tag->type == TAG_MMAP)
			parse_mmap((const struct mb2_mmap *)tag);
		if (tag->type == TAG_MODULE && !boot_params.initrd_size) {
			module = (const struct mb2_module *)tag;
			boot_params.initrd = module->start;
			boot_params.initrd_size = module->end - module->start;
		}
		p += ALIGN(tag->size, 8);
	}
	return "Multiboot2: boot information is corrupt";
}
