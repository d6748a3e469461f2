/* SPDX-License-Identifier: MIT */
/*
 * strace.h - private to the strace module. Builds against Linux's headers and against ringwalk's.
 *
 * Reading order: main.c (the device), tasks.c (which tasks are traced, and the probes), capture.c
 * (memory of arguments), records.c (the ring buffer).
 */
#ifndef STRACE_MODULE_H
#define STRACE_MODULE_H

#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "record.h"

extern struct strace_start setting;

/* records.c. A record is begun, gets pieces, and is ended, all with interrupts off. */
unsigned long record_begin(enum strace_type type, int pid, int nr, long ret);
struct strace_record *record_now(void);
/* Room for @len bytes of a piece, at most; NULL: the record is full. piece_end() says how many there are. */
void *piece_begin(unsigned int arg, unsigned int index, unsigned long addr, unsigned int len);
void piece_end(unsigned int len);
void record_end(unsigned long flags);
bool records_waiting(void);
bool records_plenty(void); /* so many that the reader should have the CPU */
ssize_t records_read(char __user *buf, size_t size);
void records_forget(void);
extern wait_queue_head_t record_wait;

/* capture.c: add to the current record what @capture says. 0, or -EFAULT: it could not be read. */
int capture(const struct strace_capture *capture, const unsigned long *args, long ret);

/* tasks.c */
int tasks_describe(const struct strace_call *call);
int tasks_start(void);       /* register the probes; 0 or -errno, and none */
void tasks_stop(void);       /* remove them, and forget all tasks and calls */
void tasks_trace_me(void);   /* current is traced from now on */
bool tasks_left(void);

#endif
