/*
 * From a path to the dentry it names: component by component, through dots and symbolic links; and
 * the walk of open(), whose last component may be created and must then be openable.
 *
 * The walk holds a reference on the mount and the dentry where it is. Where something is mounted it
 * goes on at the root of that (step_into()), and ".." leads back (follow_dotdot()). A link's text is
 * walked where it lies, in the inode: there are no system calls that remove a link meanwhile.
 * Read path_openat() with link_path_walk(), walk_component() and step_into(). Linux: fs/namei.c
 */
#include "kernel/fs/internal.h"
#include "kernel/fs/mount.h"

#define MAXSYMLINKS 40 /* followed in one lookup, all together; more is -ELOOP */

/* Go to "/": the root of the task, not of the tree. */
static void nd_jump_root(struct nameidata *nd)
{
	path_get(&nd->root);
	path_put(&nd->path);
	nd->path = nd->root;
}

/*
 * Begin a walk of @name: at the root, the current directory or descriptor @dfd. 0, and nd->path is
 * referenced; -EBADF, -ENOTDIR. Linux: fs/namei.c:path_init()
 */
static int path_init(struct nameidata *nd, int dfd, const char *name, unsigned int flags)
{
	*nd = (struct nameidata){ .flags = flags, .root = current->fs->root };
	if (*name == '/') {
		nd->path = nd->root;
	} else if (dfd == AT_FDCWD) {
		nd->path = current->fs->pwd;
	} else {
		struct fd f = fdget(dfd);

		if (!f.file)
			return -EBADF;
		if (*name && !S_ISDIR(f.file->f_inode->i_mode)) {
			fdput(f);
			return -ENOTDIR;
		}
		nd->path = f.file->f_path;
		path_get(&nd->path);
		fdput(f);
		return 0;
	}
	path_get(&nd->path);
	return 0;
}

static void terminate_walk(struct nameidata *nd)
{
	path_put(&nd->path);
}

/* Linux: fs/namei.c:d_revalidate() */
static bool d_revalidate(struct dentry *dentry, unsigned int flags)
{
	const struct dentry_operations *op = dentry->d_sb->s_d_op;

	return !op || !op->d_revalidate || op->d_revalidate(dentry, flags);
}

/*
 * What @name below @dir is: a dentry with a reference, which is negative if there is no such name.
 * Cached or asked for; ERR_PTR(-ENOTDIR, -ENOMEM), or what the file system says.
 */
struct dentry *__lookup_hash(const struct qstr *name, struct dentry *dir, unsigned int flags)
{
	const struct inode_operations *i_op = dir->d_inode->i_op;
	struct dentry *dentry = d_lookup(dir, name), *other;

	if (dentry && d_revalidate(dentry, flags))
		return dentry;
	if (dentry) {
		d_drop(dentry);
		dput(dentry);
	}
	if (!i_op->lookup)
		return ERR_PTR(-ENOTDIR);
	dentry = d_alloc(dir, name);
	if (!dentry)
		return ERR_PTR(-ENOMEM);
	other = i_op->lookup(dir->d_inode, dentry, flags);
	if (other) {
		dput(dentry);
		dentry = other;
	}
	return dentry;
}

/* nd->last in the directory the walk has reached, as above. */
static struct dentry *lookup_last_name(struct nameidata *nd)
{
	struct dentry *dir = nd->path.dentry;
	struct qstr name = QSTR(dir, nd->last, nd->last_len);

	return __lookup_hash(&name, dir, nd->flags);
}

/* Note the component at @name as nd->last. Returns what follows, behind its slashes. */
static const char *next_component(const char *name, struct nameidata *nd)
{
	unsigned int len = 0;

	while (name[len] && name[len] != '/')
		len++;
	nd->last = name;
	nd->last_len = len;
	nd->last_type = LAST_NORM;
	if (name[0] == '.' && len == 1)
		nd->last_type = LAST_DOT;
	else if (name[0] == '.' && name[1] == '.' && len == 2)
		nd->last_type = LAST_DOTDOT;
	name += len;
	while (*name == '/')
		name++;
	return name;
}

/* The text of the link @dentry (consumed), to be walked next; NULL when it only said "/". */
static const char *pick_link(struct nameidata *nd, struct dentry *dentry)
{
	const char *target = dentry->d_inode->i_op->get_link(dentry, dentry->d_inode);

	dput(dentry);
	if (nd->total_link_count++ >= MAXSYMLINKS)
		return ERR_PTR(-ELOOP);
	if (*target == '/') {
		nd_jump_root(nd);
		while (*target == '/')
			target++;
	}
	return *target ? target : NULL;
}

/*
 * Go to @dentry (consumed) of the mount the walk is in, to the root of what is mounted on it, or
 * through it if it is a link: always in the middle of a path, at its end (@trailing) with
 * LOOKUP_FOLLOW only. NULL: done; a link's text to walk; or ERR_PTR. Linux: fs/namei.c:step_into()
 */
static const char *step_into(struct nameidata *nd, struct dentry *dentry, bool trailing)
{
	struct path path = { .mnt = nd->path.mnt, .dentry = dentry };

	if (d_is_negative(dentry)) {
		dput(dentry);
		return ERR_PTR(-ENOENT);
	}
	if (S_ISLNK(dentry->d_inode->i_mode) && (!trailing || (nd->flags & LOOKUP_FOLLOW)))
		return pick_link(nd, dentry);
	mntget(path.mnt);
	follow_mount(&path);
	path_put(&nd->path);
	nd->path = path;
	return NULL;
}

/*
 * "..": up one name, from the root of a mount first to where that hangs; at the root it stays.
 * Linux: fs/namei.c:follow_dotdot()
 */
static const char *follow_dotdot(struct nameidata *nd, bool trailing)
{
	struct path path;

	if (path_equal(&nd->path, &nd->root))
		return NULL;
	if (nd->path.dentry == nd->path.mnt->mnt_root) {
		if (!choose_mountpoint(real_mount(nd->path.mnt), &nd->root, &path))
			return NULL;
		path_put(&nd->path);
		nd->path = path;
	}
	return step_into(nd, dget(nd->path.dentry->d_parent), trailing);
}

/* Take the step nd->last says. Results as step_into(). Linux: fs/namei.c:walk_component() */
static const char *walk_component(struct nameidata *nd, bool trailing)
{
	struct dentry *dentry;

	if (nd->last_type == LAST_DOTDOT)
		return follow_dotdot(nd, trailing);
	if (nd->last_type != LAST_NORM)
		return NULL;
	dentry = lookup_last_name(nd);
	if (IS_ERR(dentry))
		return (const char *)dentry;
	return step_into(nd, dentry, trailing);
}

/*
 * Walk @name up to its last component, which nd->last then names and nobody looked up yet.
 * 0; -ENOENT, -ENOTDIR, -EACCES (a directory current may not search), -ELOOP, -ENAMETOOLONG.
 * Linux: fs/namei.c:link_path_walk()
 */
static int link_path_walk(const char *name, struct nameidata *nd)
{
	const char *rest[MAXSYMLINKS]; /* what is left behind each link we are inside of */
	unsigned int depth = 0;

	nd->last_type = LAST_ROOT;
	while (*name == '/')
		name++;
	if (!*name)
		return 0;
	for (;;) {
		const char *link;
		int error = inode_permission(nd->path.dentry->d_inode, MAY_EXEC);

		if (error)
			return error;
		name = next_component(name, nd);
		if (!*name) {
			if (!depth)
				return 0;
			name = rest[--depth];
		}
		link = walk_component(nd, false);
		if (IS_ERR(link))
			return PTR_ERR(link);
		if (link) {
			rest[depth++] = name;
			name = link;
			continue;
		}
		if (!S_ISDIR(nd->path.dentry->d_inode->i_mode))
			return -ENOTDIR;
	}
}

int path_parentat(int dfd, const char *name, struct path *parent, struct qstr *last,
		  enum last_type *type)
{
	struct nameidata nd;
	int error = *name ? path_init(&nd, dfd, name, 0) : -ENOENT;

	if (error)
		return error;
	error = link_path_walk(name, &nd);
	if (!error) {
		*parent = nd.path;
		path_get(parent);
		*type = nd.last_type;
		if (nd.last_type == LAST_NORM)
			*last = QSTR(parent->dentry, nd.last, nd.last_len);
	}
	terminate_walk(&nd);
	return error;
}

/* The last step of a lookup. A slash behind the last name asks for a directory. */
static const char *lookup_last(struct nameidata *nd)
{
	if (nd->last_type == LAST_NORM && nd->last[nd->last_len])
		nd->flags |= LOOKUP_FOLLOW | LOOKUP_DIRECTORY;
	return walk_component(nd, true);
}

/* Linux: fs/namei.c:path_lookupat() */
int path_lookup(int dfd, const char *name, unsigned int lookup_flags, struct path *path)
{
	struct nameidata nd;
	const char *s = name;
	int error;

	if (!*name && !(lookup_flags & LOOKUP_EMPTY))
		return -ENOENT;
	error = path_init(&nd, dfd, name, lookup_flags);
	if (error)
		return error;
	while (s && !error) {
		error = link_path_walk(s, &nd);
		if (error)
			break;
		s = lookup_last(&nd);
		if (IS_ERR(s))
			error = PTR_ERR(s);
	}
	if (!error && (nd.flags & LOOKUP_DIRECTORY) &&
	    !S_ISDIR(nd.path.dentry->d_inode->i_mode))
		error = -ENOTDIR;
	if (error) {
		terminate_walk(&nd);
		return error;
	}
	*path = nd.path;
	return 0;
}

/*
 * Make the file that negative @dentry names; the caller has locked @dir. 0 or -errno.
 * Linux: fs/namei.c:lookup_open()
 */
static int create_last(struct inode *dir, struct dentry *dentry, struct file *file,
		       const struct open_flags *op)
{
	int error = inode_permission(dir, MAY_WRITE | MAY_EXEC);

	if (error)
		return error;
	if (!dir->i_nlink)
		return -ENOENT;
	if (!dir->i_op->create)
		return -EACCES;
	error = dir->i_op->create(dir, dentry, op->mode & ~current->fs->umask,
				  op->open_flag & O_EXCL);
	if (!error)
		file->f_mode |= FMODE_CREATED;
	return error;
}

/*
 * Take the last step. NULL: nd->path is the file; a link's text to walk; or ERR_PTR.
 * Linux: fs/namei.c:open_last_lookups()
 */
static const char *open_last_lookups(struct nameidata *nd, struct file *file,
				     const struct open_flags *op)
{
	struct inode *dir = nd->path.dentry->d_inode;
	struct dentry *dentry;

	if (nd->last_type != LAST_NORM)
		return walk_component(nd, true);
	if (nd->last[nd->last_len]) {
		if (op->open_flag & O_CREAT)
			return ERR_PTR(-EISDIR);
		nd->flags |= LOOKUP_FOLLOW | LOOKUP_DIRECTORY;
	}
	if (!(op->open_flag & O_CREAT))
		return walk_component(nd, true);
	inode_lock(dir); /* nobody makes or removes the name between the look and the creation */
	dentry = lookup_last_name(nd);
	if (!IS_ERR(dentry) && d_is_negative(dentry)) {
		int error = create_last(dir, dentry, file, op);

		if (error) {
			dput(dentry);
			dentry = ERR_PTR(error);
		}
	}
	inode_unlock(dir);
	return IS_ERR(dentry) ? (const char *)dentry : step_into(nd, dentry, true);
}

/* May current open this, of this type, in this way? Linux: fs/namei.c:may_open() */
static int may_open(struct inode *inode, int acc_mode, int open_flag)
{
	switch (inode->i_mode & S_IFMT) {
	case S_IFLNK:
		return -ELOOP;
	case S_IFDIR:
		if (acc_mode & MAY_WRITE)
			return -EISDIR;
		if (acc_mode & MAY_EXEC)
			return -EACCES;
		break;
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
		if (acc_mode & MAY_EXEC)
			return -EACCES;
		break;
	}
	if (acc_mode) {
		int error = inode_permission(inode, acc_mode);

		if (error)
			return error;
	}
	if ((open_flag & O_NOATIME) && !inode_owner_or_capable(inode))
		return -EPERM;
	return 0;
}

/* O_TRUNC on an existing file. Linux: fs/namei.c:handle_truncate() */
static int handle_truncate(struct dentry *dentry)
{
	int error = get_write_access(dentry->d_inode);

	if (error)
		return error;
	error = do_truncate(dentry, 0);
	put_write_access(dentry->d_inode);
	return error;
}

/* The walk has ended at nd->path: check, open, truncate. Linux: fs/namei.c:do_open() */
static int do_open(struct nameidata *nd, struct file *file, const struct open_flags *op)
{
	struct inode *inode = nd->path.dentry->d_inode;
	bool created = file->f_mode & FMODE_CREATED;
	int error;

	if ((op->open_flag & O_CREAT) && !created) {
		if (op->open_flag & O_EXCL)
			return -EEXIST;
		if (S_ISDIR(inode->i_mode))
			return -EISDIR;
	}
	if ((nd->flags & LOOKUP_DIRECTORY) && !S_ISDIR(inode->i_mode))
		return -ENOTDIR;
	/* who made the file may open it whatever mode he gave it */
	error = may_open(inode, created ? 0 : op->acc_mode, op->open_flag);
	if (!error)
		error = vfs_open(&nd->path, file);
	if (!error && !created && S_ISREG(inode->i_mode) && (op->open_flag & O_TRUNC))
		error = handle_truncate(nd->path.dentry);
	return error;
}

static int path_openat(struct nameidata *nd, struct file *file, const char *name,
		       const struct open_flags *op)
{
	const char *s = name;

	while (s) {
		int error = link_path_walk(s, nd);

		if (error)
			return error;
		s = open_last_lookups(nd, file, op);
		if (IS_ERR(s))
			return PTR_ERR(s);
	}
	return do_open(nd, file, op);
}

/*
 * Open what @pathname says, from @dfd on. A file with one reference, or ERR_PTR of what a walk,
 * alloc_empty_file(), permissions or the file's own open() say. Linux: fs/namei.c:do_filp_open()
 */
struct file *do_filp_open(int dfd, struct filename *pathname, const struct open_flags *op)
{
	const char *name = pathname->name;
	struct nameidata nd;
	struct file *file = alloc_empty_file(op->open_flag, current_cred());
	int error;

	if (IS_ERR(file))
		return file;
	error = *name ? path_init(&nd, dfd, name, op->lookup_flags) : -ENOENT;
	if (!error) {
		error = path_openat(&nd, file, name, op);
		terminate_walk(&nd);
	}
	if (error) {
		fput(file);
		return ERR_PTR(error);
	}
	return file;
}
