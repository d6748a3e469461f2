/*
 * procfs: text about the kernel, and sysctls. Linux: include/linux/proc_fs.h, seq_file.h, sysctl.h
 */
#ifndef KERNEL_FS_PROC_H
#define KERNEL_FS_PROC_H

#include "kernel/lib/types.h"

struct seq_buf {
	char *buffer;
	size_t size, len; /* len >= size: it did not fit, and was cut */
};
void seq_printf(struct seq_buf *seq, const char *fmt, ...) __printf(2, 3);

/*
 * An entry at @path. Both make the directories on the way. 0 or -errno. At boot.
 * proc_create(): a text that @show writes anew at each open(), mode 0444.
 */
int proc_create(const char *path, void (*show)(struct seq_buf *seq));
/* @count (1..4) decimal numbers separated by tabs, each within [@low, @high]; root writes. */
int proc_sysctl(const char *path, unsigned long *data, int count, unsigned long low,
		unsigned long high);

#endif
