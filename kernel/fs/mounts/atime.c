/*
 * The time of the last access: not for every mount, and by default only when it tells something new.
 * Linux: fs/inode.c:atime_needs_update()
 */
#include "kernel/fs/internal.h"

#define DAY (24 * 60 * 60 * 1000000000ull)

/* Is the old time still newer than the last change, and from today? Linux: relatime_need_update() */
static bool relatime_need_update(const struct inode *inode, u64 now)
{
	if (inode->i_mtime >= inode->i_atime || inode->i_ctime >= inode->i_atime)
		return true;
	return (s64)(now - inode->i_atime) >= (s64)DAY;
}

void touch_atime(struct file *file)
{
	int mnt_flags = file->f_path.mnt->mnt_flags;
	struct inode *inode = file->f_inode;
	u64 now;

	if ((file->f_flags & O_NOATIME) || (mnt_flags & (MNT_NOATIME | MNT_READONLY)))
		return;
	if (inode->i_sb->s_flags & SB_RDONLY)
		return;
	if ((mnt_flags & MNT_NODIRATIME) && S_ISDIR(inode->i_mode))
		return;
	now = ktime_get_real_ns();
	if (!(mnt_flags & MNT_RELATIME) || relatime_need_update(inode, now))
		inode->i_atime = now;
}
