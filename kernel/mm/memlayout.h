/*
 * Where everything lies in the 48-bit address space. Linux: Documentation/arch/x86/x86_64/mm.rst
 *
 *   0x0000000000010000 .. 0x00007ffffffff000   user; the lowest 64 KiB and the last page never mapped
 *   0xffff888000000000 .. + all of RAM         direct map: __va(p) = p + PAGE_OFFSET, never executable
 *   0xffffc90000000000 .. + 1 GiB              kernel stacks, each above an unmapped guard page
 *   0xffffffff80000000 .. + 512 MiB            kernel image: __START_KERNEL_map + physical address
 *   0xffffffffa0000000 .. 0xffffffffff000000   modules
 *
 * This header is used by C, by nasm (through asm-offsets) and by linker.ld (through the
 * preprocessor), so it holds numbers only.
 */
#ifndef KERNEL_MM_MEMLAYOUT_H
#define KERNEL_MM_MEMLAYOUT_H

#define PAGE_SHIFT 12
#define PAGE_SIZE 4096
#define PMD_SIZE 0x200000

#define PAGE_OFFSET 0xffff888000000000
#define VMALLOC_START 0xffffc90000000000
#define VMALLOC_END 0xffffc90040000000
#define __START_KERNEL_map 0xffffffff80000000
#define MODULES_VADDR 0xffffffffa0000000
#define MODULES_END 0xffffffffff000000

#define LOAD_PHYSICAL_ADDR 0x100000

#define TASK_SIZE_MAX 0x7ffffffff000
#define THREAD_SIZE 16384

#endif
