/*
 * Who writes to a mount: what keeps it from becoming read-only. Linux: fs/namespace.c:__mnt_want_write(),
 * sb_prepare_remount_readonly()
 *
 * Files that are open for writing are counted. A call that changes a name is not: no other task can make the
 * mount read-only between its check and its change, unless it sleeps, and then the change is as if it had come first.
 */
#include "kernel/fs/internal.h"
#include "kernel/fs/mounts/mounts.h"

int mnt_get_writer(const struct path *path)
{
	int error = get_write_access(path->dentry->d_inode);

	if (error)
		return error;
	error = mnt_want_write(path->mnt);
	if (error)
		put_write_access(path->dentry->d_inode);
	else
		real_mount(path->mnt)->mnt_writers++;
	return error;
}

void mnt_put_writer(const struct path *path)
{
	put_write_access(path->dentry->d_inode);
	real_mount(path->mnt)->mnt_writers--;
}

bool sb_has_writers(const struct super_block *sb)
{
	const struct mount *mnt;

	list_for_each_entry(mnt, &mount_list, mnt_list) {
		if (mnt->mnt.mnt_sb == sb && mnt->mnt_writers)
			return true;
	}
	return false;
}
