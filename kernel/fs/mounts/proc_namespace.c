/*
 * What /proc says of mounts. Linux: fs/proc_namespace.c
 */
#include "kernel/fs/mounts/mounts.h"

/* Options of a mount: what is forbidden or left out there. */
static const struct {
	int flag;
	const char *text;
} options[] = {
	{ MNT_NOSUID, ",nosuid" },       { MNT_NODEV, ",nodev" },           { MNT_NOEXEC, ",noexec" },
	{ MNT_NOATIME, ",noatime" },     { MNT_NODIRATIME, ",nodiratime" }, { MNT_RELATIME, ",relatime" },
};

static void show_one(struct seq_file *m, struct mount *mnt)
{
	struct path root = { .mnt = &mnt->mnt, .dentry = mnt->mnt.mnt_root };

	seq_puts(m, mnt->mnt_devname ? mnt->mnt_devname : "none");
	seq_putc(m, ' ');
	seq_path(m, &root, " \t\n\\");
	seq_printf(m, " %s %s", root.dentry->d_sb->s_type->name, mnt_want_write(&mnt->mnt) ? "ro" : "rw");
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (mnt->mnt.mnt_flags & options[i].flag)
			seq_puts(m, options[i].text);
	seq_puts(m, " 0 0\n");
}

int show_mounts(struct seq_file *m)
{
	struct mount *mnt;

	mutex_lock(&namespace_mutex);
	list_for_each_entry(mnt, &mount_list, mnt_list) {
		show_one(m, mnt);
		if (seq_has_overflowed(m) || fatal_signal_pending(current))
			break;
		cond_resched();
	}
	mutex_unlock(&namespace_mutex);
	return 0;
}
