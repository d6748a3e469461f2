/*
 * Who is told of a panic: its functions are called once, with interrupts off, after the message and
 * the backtrace; the action is 0 and the data the message. Linux: include/linux/panic_notifier.h
 */
#ifndef KERNEL_PANIC_NOTIFIER_H
#define KERNEL_PANIC_NOTIFIER_H

#include "kernel/notifier.h"

extern struct atomic_notifier_head panic_notifier_list;

#endif
