/*
 * The path that leads to a file, as text. Linux: fs/d_path.c
 *
 * A path is known from its end: each dentry knows its parent, and the root of a mount the place
 * where it is mounted. So the text is written from the end of the buffer to its front.
 */
#include "kernel/fs/fs.h"

#include "kernel/fs/mount.h"
#include "kernel/lib/export.h"
#include "kernel/sched/sched.h"
#include "kernel/syscalls.h"

/* The free part of the buffer is its first @len bytes; below 0: the text did not fit. */
struct prepend_buffer {
	char *buf; /* the text so far begins here */
	int len;
};

static void prepend(struct prepend_buffer *p, const char *text, int length)
{
	p->len -= length;
	if (p->len < 0)
		return;
	p->buf -= length;
	memcpy(p->buf, text, length);
}

static char *extract_string(struct prepend_buffer *p)
{
	return p->len < 0 ? ERR_PTR(-ENAMETOOLONG) : p->buf;
}

static void prepend_name(struct prepend_buffer *p, const struct dentry *dentry)
{
	prepend(p, dentry->d_name.name, dentry->d_name.len);
	prepend(p, "/", 1);
}

/*
 * Up to @root: true; or, when @root is not above @path, to the root of the outermost mount: false.
 */
static bool prepend_path(const struct path *path, const struct path *root,
			 struct prepend_buffer *p)
{
	const struct dentry *dentry = path->dentry;
	const struct mount *mnt = real_mount(path->mnt);
	char *end = p->buf;

	while (dentry != root->dentry || &mnt->mnt != root->mnt) {
		if (dentry == mnt->mnt.mnt_root) {
			if (!mnt_has_parent(mnt))
				break;
			dentry = mnt->mnt_mountpoint;
			mnt = mnt->mnt_parent;
			continue;
		}
		if (dentry == dentry->d_parent)
			break;
		prepend_name(p, dentry);
		dentry = dentry->d_parent;
	}
	if (p->buf == end)
		prepend(p, "/", 1);
	return dentry == root->dentry && &mnt->mnt == root->mnt;
}

/* What a file that no path leads to is called. Linux: fs/d_path.c:simple_dname(), dynamic_dname() */
static void prepend_pseudo(struct prepend_buffer *p, const struct dentry *dentry)
{
	const struct inode *inode = dentry->d_inode;
	char name[32];

	if (S_ISSOCK(inode->i_mode) || S_ISFIFO(inode->i_mode)) {
		prepend(p, name, snprintf(name, sizeof(name), S_ISSOCK(inode->i_mode) ? "socket:[%lu]" :
					  "pipe:[%lu]", inode->i_ino));
	} else if (S_ISREG(inode->i_mode)) { /* shared memory */
		prepend(p, " (deleted)", 10);
		prepend_name(p, dentry);
	} else {
		prepend(p, dentry->d_name.name, dentry->d_name.len);
		prepend(p, "anon_inode:", 11);
	}
}

char *d_path(const struct path *path, char *buf, int buflen)
{
	struct prepend_buffer p = { buf + buflen, buflen };

	prepend(&p, "", 1);
	if (path->dentry->d_flags & DCACHE_PSEUDO && !S_ISDIR(path->dentry->d_inode->i_mode)) {
		prepend_pseudo(&p, path->dentry);
		return extract_string(&p);
	}
	if (d_unlinked(path->dentry))
		prepend(&p, " (deleted)", 10);
	prepend_path(path, &current->fs->root, &p);
	return extract_string(&p);
}

char *dentry_path_raw(const struct dentry *dentry, char *buf, int buflen)
{
	struct prepend_buffer p = { buf + buflen, buflen };
	char *end;

	prepend(&p, "", 1);
	end = p.buf;
	for (; dentry != dentry->d_parent; dentry = dentry->d_parent)
		prepend_name(&p, dentry);
	if (p.buf == end)
		prepend(&p, "/", 1);
	return extract_string(&p);
}

/* The length of the path with its NUL; -ENOENT: the directory was removed; -ERANGE: @size is less. */
SYSCALL_DEFINE2(getcwd, char __user *, buf, unsigned long, size)
{
	struct fs_struct *fs = current->fs;
	char *page = kmalloc(PATH_MAX, GFP_KERNEL);
	struct prepend_buffer p = { page + PATH_MAX, PATH_MAX };
	long len;

	if (!page)
		return -ENOMEM;
	prepend(&p, "", 1);
	if (!prepend_path(&fs->pwd, &fs->root, &p))
		prepend(&p, "(unreachable)", 13);
	len = PATH_MAX - p.len;
	if (d_unlinked(fs->pwd.dentry))
		len = -ENOENT;
	else if (p.len < 0)
		len = -ENAMETOOLONG;
	else if ((unsigned long)len > size)
		len = -ERANGE;
	else if (copy_to_user(buf, p.buf, len))
		len = -EFAULT;
	kfree(page);
	return len;
}

EXPORT_SYMBOL(d_path);
EXPORT_SYMBOL(dentry_path_raw);
