/*
 * The exception table: kernel instructions that are allowed to fault. Called by the page-fault and
 * protection-fault handlers. Linux: include/linux/extable.h
 */
#ifndef KERNEL_MM_EXTABLE_H
#define KERNEL_MM_EXTABLE_H

/* Where to go on when the kernel instruction at @ip faults, or 0: it must not. */
unsigned long search_exception_table(unsigned long ip);

#endif
