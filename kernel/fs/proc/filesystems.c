/*
 * /proc/filesystems: the kinds of file systems there are; none needs a device. Linux: fs/filesystems.c
 */
#include "kernel/fs/proc/internal.h"
#include "kernel/lib/init.h"

static int filesystems_proc_show(struct seq_file *m, void *v __maybe_unused)
{
	for (const struct file_system_type *fs = file_systems; fs; fs = fs->next)
		seq_printf(m, "nodev\t%s\n", fs->name);
	return 0;
}

static int proc_filesystems_init(void)
{
	return proc_create_single("filesystems", 0, NULL, filesystems_proc_show) ? 0 : -ENOMEM;
}
late_initcall(proc_filesystems_init);
