/*
 * Between the files of kernel/kprobes.
 */
#ifndef KERNEL_KPROBES_INTERNAL_H
#define KERNEL_KPROBES_INTERNAL_H

#include "kernel/kprobes/kprobes.h"

#define INT3 0xcc

/* The probe whose handler is running, or NULL. While there is one, hits are only counted. */
extern struct kprobe *current_kprobe;

/* Is @p in place? */
bool kprobe_is_registered(const struct kprobe *p);

/* Where a watched call returns to (trampoline.asm). */
void arch_rethook_trampoline(void);

/*
 * Replace one byte of kernel text. Text is read-only in every mapping: for this one store CR0.WP is
 * off, with interrupts off; a serialising instruction then makes the CPU forget what it fetched
 * before. Intel SDM vol. 3 §9.1.3; Linux: arch/x86/kernel/alternative.c:text_poke()
 */
void text_poke(void *addr, u8 byte);

#endif
