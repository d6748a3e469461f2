/*
 * Private to kernel/kprobes.
 */
#ifndef KERNEL_KPROBES_INTERNAL_H
#define KERNEL_KPROBES_INTERNAL_H

#include "kernel/kprobes/kprobes.h"

#define INT3 0xcc

/*
 * The probe whose handler is running, or NULL. While it is not NULL, a hit of any probe only counts
 * in nmissed. Linux: kernel/kprobes.c:current_kprobe
 */
extern struct kprobe *current_kprobe;

/* Is @p registered? */
bool kprobe_is_registered(const struct kprobe *p);

/* The address to which a watched call returns (trampoline.asm). */
void arch_rethook_trampoline(void);

/*
 * Replace one byte of text. All mappings of text are read-only, so CR0.WP is cleared for this
 * store, with interrupts off. A serialising instruction then makes the CPU drop the instructions that it
 * fetched before. Intel SDM vol. 3 §9.1.3; Linux: arch/x86/kernel/alternative.c:text_poke()
 */
void text_poke(void *addr, u8 byte);

#endif
