/*
 * The exception table: the kernel instructions that may fault, because they access user memory.
 * Linux: include/linux/extable.h
 */
#ifndef KERNEL_MM_EXTABLE_H
#define KERNEL_MM_EXTABLE_H

/*
 * The address at which to continue after a fault of the kernel instruction at @ip; 0: it may not
 * fault.
 */
unsigned long search_exception_table(unsigned long ip);

#endif
