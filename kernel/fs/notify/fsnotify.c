/*
 * From what happened to those who watch. Linux: fs/notify/fsnotify.c, fs/notify/inotify/inotify_fsnotify.c
 */
#include "kernel/fs/notify/notify.h"

#define WATCH_HASH_BITS 10

static struct hlist_head watch_hashtable[1 << WATCH_HASH_BITS];

static struct hlist_head *watch_bucket(const struct inode *inode)
{
	unsigned long hash = (unsigned long)inode / 64;

	return &watch_hashtable[(hash ^ hash >> WATCH_HASH_BITS) & (ARRAY_SIZE(watch_hashtable) - 1)];
}

void watch_hash(struct inotify_watch *watch)
{
	hlist_add_head(&watch->hash, watch_bucket(watch->inode));
	fsnotify_watches++;
}

void watch_unhash(struct inotify_watch *watch)
{
	hlist_del(&watch->hash);
	fsnotify_watches--;
}

struct inotify_watch *find_watch(const struct inotify_group *group, const struct inode *inode)
{
	struct inotify_watch *watch;

	hlist_for_each_entry(watch, watch_bucket(inode), hash) {
		if (watch->inode == inode && watch->group == group)
			return watch;
	}
	return NULL;
}

/* Tell @watch, if it wants to know. Is that its end (IN_ONESHOT)? */
static bool tell(struct inotify_watch *watch, u32 mask, u32 cookie, const struct qstr *name,
		 bool unlinked)
{
	if (!(watch->mask & mask & (IN_ALL_EVENTS | IN_UNMOUNT)))
		return false;
	if (unlinked && (watch->mask & IN_EXCL_UNLINK) && !(mask & IN_DELETE))
		return false;
	inotify_queue_event(watch->group, watch->wd, mask, cookie, name);
	return watch->mask & IN_ONESHOT;
}

/*
 * All who watch @inode. Nothing here sleeps, so the list stays. The end of a watch leaves its reference on the
 * inode, which cannot be the last: the caller uses the inode.
 */
static void tell_all(struct inode *inode, u32 mask, u32 cookie, const struct qstr *name, bool unlinked)
{
	struct inotify_watch *watch;
	struct hlist_node *next;

	hlist_for_each_entry_safe(watch, next, watch_bucket(inode), hash) {
		if (watch->inode == inode && tell(watch, mask, cookie, name, unlinked))
			iput(inotify_end_watch(watch));
	}
}

void fsnotify(u32 mask, struct inode *dir, const struct dentry *dentry, struct inode *inode, u32 cookie)
{
	const struct inode *what = inode ? inode : dentry ? dentry->d_inode : NULL;

	if (what && S_ISDIR(what->i_mode) && !(mask & (IN_DELETE_SELF | IN_MOVE_SELF)))
		mask |= IN_ISDIR;
	if (dir)
		tell_all(dir, mask, cookie, &dentry->d_name, d_unlinked(dentry));
	if (inode)
		tell_all(inode, mask, cookie, NULL, false);
}

_Static_assert(FS_ACCESS == IN_ACCESS && FS_MODIFY == IN_MODIFY && FS_ATTRIB == IN_ATTRIB &&
		       FS_OPEN == IN_OPEN && FS_CREATE == IN_CREATE, "FS_* are IN_*");

void fsnotify_change(struct dentry *dentry, unsigned int ia_valid)
{
	u32 mask = 0;

	if (ia_valid & (ATTR_UID | ATTR_GID | ATTR_MODE))
		mask |= IN_ATTRIB;
	if (ia_valid & ATTR_SIZE)
		mask |= IN_MODIFY;
	if ((ia_valid & (ATTR_ATIME | ATTR_MTIME)) == (ATTR_ATIME | ATTR_MTIME))
		mask |= IN_ATTRIB;
	else if (ia_valid & ATTR_ATIME)
		mask |= IN_ACCESS;
	else if (ia_valid & ATTR_MTIME)
		mask |= IN_MODIFY;
	if (mask)
		fsnotify_dentry(mask, dentry);
}

/* @inode has no name and no user any more. The caller has a reference. */
static void fsnotify_inoderemove(struct inode *inode)
{
	struct inotify_watch *watch;
	struct hlist_node *next;

	fsnotify(IN_DELETE_SELF, NULL, NULL, inode, 0);
	hlist_for_each_entry_safe(watch, next, watch_bucket(inode), hash) {
		if (watch->inode == inode)
			iput(inotify_end_watch(watch));
	}
}

void d_delete_notify(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = dentry->d_inode;
	bool isdir = S_ISDIR(inode->i_mode);

	if (likely(!fsnotify_watches)) {
		d_delete(dentry);
		return;
	}
	ihold(inode);
	if (!isdir) /* a link less */
		fsnotify(IN_ATTRIB, NULL, NULL, inode, 0);
	d_delete(dentry);
	if (d_is_negative(dentry) && !inode->i_nlink)
		fsnotify_inoderemove(inode);
	tell_all(dir, IN_DELETE | (isdir ? IN_ISDIR : 0), 0, &dentry->d_name, true);
	iput(inode);
}

struct qstr fsnotify_oldname(const struct dentry *dentry)
{
	struct qstr name = { .name = fsnotify_watches ? kstrdup(dentry->d_name.name, GFP_KERNEL) : NULL };

	name.len = name.name ? dentry->d_name.len : 0;
	return name;
}

void fsnotify_move(struct inode *old_dir, struct inode *new_dir, const struct qstr *old_name,
		   struct dentry *moved, struct dentry *replaced)
{
	struct inode *target = replaced ? replaced->d_inode : NULL;
	static u32 cookie;
	struct inode *source = moved->d_inode;
	u32 isdir = S_ISDIR(source->i_mode) ? IN_ISDIR : 0;

	if (likely(!fsnotify_watches))
		return;
	cookie++;
	tell_all(old_dir, IN_MOVED_FROM | isdir, cookie, old_name, false);
	tell_all(new_dir, IN_MOVED_TO | isdir, cookie, &moved->d_name, false);
	if (target)
		fsnotify(IN_ATTRIB, NULL, NULL, target, 0);
	fsnotify(IN_MOVE_SELF, NULL, NULL, source, 0);
	if (target && !target->i_nlink && atomic_read(&replaced->d_count) == 1)
		fsnotify_inoderemove(target);
}

void fsnotify_close(struct file *file)
{
	struct dentry *dentry = file->f_path.dentry;
	struct inode *inode = file->f_inode;

	if (likely(!fsnotify_watches))
		return;
	fsnotify_dentry(file->f_mode & FMODE_WRITE ? IN_CLOSE_WRITE : IN_CLOSE_NOWRITE, dentry);
	/* it was removed while it was open, and this was the last user */
	if (d_unlinked(dentry) && !inode->i_nlink && atomic_read(&dentry->d_count) == 1)
		fsnotify_inoderemove(inode);
}

static struct inotify_watch *watch_on(struct hlist_head *bucket, const struct super_block *sb)
{
	struct inotify_watch *watch;

	hlist_for_each_entry(watch, bucket, hash) {
		if (watch->inode->i_sb == sb)
			return watch;
	}
	return NULL;
}

void fsnotify_sb_delete(struct super_block *sb)
{
	struct inotify_watch *watch;
	unsigned int i;

	for (i = 0; fsnotify_watches && i < ARRAY_SIZE(watch_hashtable); i++) {
		while ((watch = watch_on(&watch_hashtable[i], sb))) {
			inotify_queue_event(watch->group, watch->wd, IN_UNMOUNT, 0, NULL);
			iput(inotify_end_watch(watch)); /* may sleep: begin again */
		}
	}
}
