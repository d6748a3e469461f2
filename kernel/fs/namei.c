/*
 * From a path to the dentry it names: component by component, through dots and symbolic links. The walk
 * of open(), whose last component may be created, goes on in namei_open.c.
 *
 * The walk holds a reference on the mount and the dentry where it is, and on each link whose text it is
 * walking. Where something is mounted it goes on at the root of that (step_into()), and ".." leads back
 * (follow_dotdot()). LOOKUP_BENEATH and the like say where it may not go.
 * Read path_lookup() with link_path_walk(), walk_component() and step_into(). Linux: fs/namei.c
 */
#include "kernel/fs/internal.h"
#include "kernel/fs/mount.h"

/* From now on nd->root is where ".." ends: the root of the task, not of the tree. */
static void set_root(struct nameidata *nd)
{
	if (nd->root.mnt)
		return;
	nd->root = current->fs->root;
	path_get(&nd->root);
}

/* Go to "/". 0, or -EXDEV if the walk may not. */
static int nd_jump_root(struct nameidata *nd)
{
	const struct path *root = nd->root.mnt ? &nd->root : &current->fs->root;

	if (nd->flags & LOOKUP_BENEATH)
		return -EXDEV;
	if (nd->path.mnt) {
		if ((nd->flags & LOOKUP_NO_XDEV) && nd->path.mnt != root->mnt)
			return -EXDEV;
		path_put(&nd->path);
	}
	nd->path = *root;
	path_get(&nd->path);
	return 0;
}

/*
 * Begin a walk of @name: at the root, the current directory or descriptor @dfd. 0, and terminate_walk()
 * is due; -EBADF, -ENOTDIR, -EXDEV. Linux: fs/namei.c:path_init()
 */
int path_init(struct nameidata *nd, int dfd, const char *name, unsigned int flags)
{
	nd->path.mnt = nd->root.mnt = NULL;
	nd->flags = flags;
	nd->total_link_count = nd->depth = 0;
	if (*name == '/' && !(flags & LOOKUP_IN_ROOT))
		return nd_jump_root(nd);
	if (dfd == AT_FDCWD) {
		nd->path = current->fs->pwd;
		path_get(&nd->path);
	} else {
		struct fd f = fdget_raw(dfd);

		if (!f.file)
			return -EBADF;
		if (*name && !S_ISDIR(f.file->f_inode->i_mode)) {
			fdput(f);
			return -ENOTDIR;
		}
		nd->path = f.file->f_path;
		path_get(&nd->path);
		fdput(f);
	}
	if (flags & LOOKUP_IS_SCOPED) {
		nd->root = nd->path;
		path_get(&nd->root);
	}
	return 0;
}

/* The text of the innermost link has been walked. */
void put_link(struct nameidata *nd)
{
	dput(nd->stack[--nd->depth].link);
}

void terminate_walk(struct nameidata *nd)
{
	while (nd->depth)
		put_link(nd);
	if (nd->path.mnt)
		path_put(&nd->path);
	if (nd->root.mnt)
		path_put(&nd->root);
}

/* Without calls/openat2.c no walk is told to stay below its root. */
bool __weak noprobe path_is_under(const struct path *path1 __maybe_unused,
				  const struct path *path2 __maybe_unused)
{
	return true;
}

int complete_walk(const struct nameidata *nd)
{
	return nd->flags & LOOKUP_IS_SCOPED && !path_is_under(&nd->path, &nd->root) ? -EXDEV : 0;
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

/*
 * What nd->last is in the directory that the walk has reached. What nobody remembers is looked up with
 * the directory locked, so that nobody makes the name meanwhile. Linux: fs/namei.c:lookup_fast(), lookup_slow()
 */
static struct dentry *lookup_last_name(struct nameidata *nd)
{
	struct dentry *dir = nd->path.dentry, *dentry = d_lookup(dir, &nd->last);

	if (dentry && d_revalidate(dentry, nd->flags))
		return dentry;
	dput(dentry);
	if (nd->flags & LOOKUP_CACHED)
		return ERR_PTR(-EAGAIN);
	inode_lock(dir->d_inode);
	dentry = __lookup_hash(&nd->last, dir, nd->flags);
	inode_unlock(dir->d_inode);
	return dentry;
}

/* Note the component at @name as nd->last. Returns what follows, behind its slashes. */
static const char *next_component(const char *name, struct nameidata *nd)
{
	u32 hash = init_name_hash(nd->path.dentry);
	const char *end = name;

	for (; *end && *end != '/'; end++)
		hash = partial_name_hash(*end, hash);
	nd->last = (struct qstr){ .hash = hash, .len = end - name, .name = name };
	nd->last_type = LAST_NORM;
	if (name[0] == '.' && nd->last.len == 1)
		nd->last_type = LAST_DOT;
	else if (name[0] == '.' && name[1] == '.' && nd->last.len == 2)
		nd->last_type = LAST_DOTDOT;
	while (*end == '/')
		end++;
	return end;
}

/*
 * The text of the link @dentry, to be walked next, which the walk holds from now on; or NULL: there is nothing
 * more to walk, because it only said "/", or get_link() went where it leads. Or ERR_PTR.
 */
static const char *pick_link(struct nameidata *nd, struct dentry *dentry, bool trailing)
{
	const struct inode *dir = nd->path.dentry->d_inode;
	const char *target;
	int error = 0;

	if (nd->total_link_count++ >= MAXSYMLINKS) {
		dput(dentry);
		return ERR_PTR(-ELOOP);
	}
	nd->stack[nd->depth++].link = dentry;
	if (trailing && !may_follow_link(dir, dentry->d_inode))
		return ERR_PTR(-EACCES);
	if (nd->flags & LOOKUP_NO_SYMLINKS)
		return ERR_PTR(-ELOOP);
	current->nameidata = nd;
	target = dentry->d_inode->i_op->get_link(dentry, dentry->d_inode);
	if (IS_ERR(target))
		return target;
	if (target && *target == '/') {
		error = nd_jump_root(nd);
		if (error)
			return ERR_PTR(error);
		while (*target == '/')
			target++;
	}
	if (target && *target)
		return target;
	put_link(nd);
	return NULL;
}

/* The step to a dentry on which something may be mounted. */
static const char *step_onto_mount(struct nameidata *nd, struct dentry *dentry)
{
	struct path path = { .mnt = mntget(nd->path.mnt), .dentry = dentry };

	follow_mount(&path);
	if ((nd->flags & LOOKUP_NO_XDEV) && path.mnt != nd->path.mnt) {
		path_put(&path);
		return ERR_PTR(-EXDEV);
	}
	path_put(&nd->path);
	nd->path = path;
	return NULL;
}

/*
 * Go to @dentry (consumed) of the mount the walk is in, to the root of what is mounted on it, or
 * through it if it is a link: always in the middle of a path, at its end (@trailing) with
 * LOOKUP_FOLLOW only. NULL: done; a link's text to walk; or ERR_PTR. Linux: fs/namei.c:step_into()
 */
const char *step_into(struct nameidata *nd, struct dentry *dentry, bool trailing)
{
	if (d_is_negative(dentry)) {
		dput(dentry);
		return ERR_PTR(-ENOENT);
	}
	if (S_ISLNK(dentry->d_inode->i_mode) && (!trailing || (nd->flags & LOOKUP_FOLLOW)))
		return pick_link(nd, dentry, trailing);
	if (d_mountpoint(dentry))
		return step_onto_mount(nd, dentry);
	dput(nd->path.dentry);
	nd->path.dentry = dentry;
	return NULL;
}

/*
 * "..": up one name, from the root of a mount first to where that hangs; at the root it stays. A walk
 * that may not leave its root gives up if somebody moved the directory out of there.
 * Linux: fs/namei.c:follow_dotdot(), handle_dots()
 */
static const char *follow_dotdot(struct nameidata *nd)
{
	const char *link;
	struct path path;

	set_root(nd);
	if (path_equal(&nd->path, &nd->root))
		return nd->flags & LOOKUP_BENEATH ? ERR_PTR(-EXDEV) : NULL;
	if (nd->path.dentry == nd->path.mnt->mnt_root) {
		if (!choose_mountpoint(real_mount(nd->path.mnt), &nd->root, &path))
			return nd->flags & LOOKUP_BENEATH ? ERR_PTR(-EXDEV) : NULL;
		path_put(&nd->path);
		nd->path = path;
		if (nd->flags & LOOKUP_NO_XDEV)
			return ERR_PTR(-EXDEV);
	}
	link = step_into(nd, dget(nd->path.dentry->d_parent), true);
	return complete_walk(nd) ? ERR_PTR(-EAGAIN) : link;
}

/*
 * Take the step nd->last says. @flags: WALK_MORE: the text in which it lies goes on; else a link it is the
 * text of is dropped. WALK_TRAILING: it is the end of the path. Results as step_into().
 * Linux: fs/namei.c:walk_component()
 */
const char *walk_component(struct nameidata *nd, int flags)
{
	struct dentry *dentry = NULL;

	if (nd->last_type == LAST_NORM) {
		dentry = lookup_last_name(nd);
		if (IS_ERR(dentry))
			return (const char *)dentry;
	}
	if (!(flags & WALK_MORE) && nd->depth)
		put_link(nd);
	if (nd->last_type == LAST_DOTDOT)
		return follow_dotdot(nd);
	return dentry ? step_into(nd, dentry, flags & WALK_TRAILING) : NULL;
}

/*
 * Walk @name up to its last component, which nd->last then names and nobody looked up yet.
 * 0; -ENOENT, -ENOTDIR, -EACCES (a directory current may not search), -ELOOP, -ENAMETOOLONG.
 * Linux: fs/namei.c:link_path_walk()
 */
int link_path_walk(const char *name, struct nameidata *nd)
{
	unsigned int depth = 0; /* of links inside of @name */

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
		if (*name) {
			link = walk_component(nd, WALK_MORE);
		} else {
			if (!depth)
				return 0;
			name = nd->stack[--depth].rest;
			link = walk_component(nd, 0);
		}
		if (IS_ERR(link))
			return PTR_ERR(link);
		if (link) {
			nd->stack[depth++].rest = name;
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
		nd.path.mnt = NULL;
		*type = nd.last_type;
		*last = nd.last;
	}
	terminate_walk(&nd);
	return error;
}

/* The last step of a lookup. A slash behind the last name asks for a directory. */
static const char *lookup_last(struct nameidata *nd)
{
	if (nd->last_type == LAST_NORM && nd->last.name[nd->last.len])
		nd->flags |= LOOKUP_FOLLOW | LOOKUP_DIRECTORY;
	return walk_component(nd, WALK_TRAILING);
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
	if (!error)
		error = complete_walk(&nd);
	if (!error && (nd.flags & LOOKUP_DIRECTORY) && !S_ISDIR(nd.path.dentry->d_inode->i_mode))
		error = -ENOTDIR;
	if (!error) {
		*path = nd.path;
		nd.path.mnt = NULL;
	}
	terminate_walk(&nd);
	return error;
}
