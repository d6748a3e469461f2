/*
 * The initramfs: cpio archives unpacked into the root at boot.
 *
 * A later file of the same name replaces an earlier one, so that an appended archive can override
 * the first. It is done by the calls of init.c, as a program would do it. Linux: init/initramfs.c
 */
#define pr_fmt(fmt) "initramfs: " fmt

#include "kernel/fs/cpio.h"
#include "kernel/fs/internal.h"

/* A file that may get more names: entries of the same ino and device, later in the archive. */
struct cpio_link {
	struct hlist_node node;
	u32 ino, major, minor;
	const char *name; /* the first one, in the archive */
};

#define LINK_BUCKETS 256
static struct hlist_head link_hash[LINK_BUCKETS];

/*
 * The name that this file already has, or NULL; then later names are to find this one.
 * Linux: init/initramfs.c:find_link()
 */
static const char *find_link(const struct cpio *cpio)
{
	const u32 *field = cpio->field;
	struct hlist_head *bucket;
	struct cpio_link *link;

	if (!S_ISREG(field[C_MODE]) || field[C_NLINK] < 2)
		return NULL;
	bucket = &link_hash[(field[C_INO] + field[C_DEVMINOR] + (field[C_DEVMAJOR] << 3)) %
			    LINK_BUCKETS];
	hlist_for_each_entry(link, bucket, node)
		if (link->ino == field[C_INO] && link->major == field[C_DEVMAJOR] &&
		    link->minor == field[C_DEVMINOR])
			return link->name;
	link = kmalloc(sizeof(*link), GFP_KERNEL);
	if (!link)
		panic("initramfs: no memory for links");
	*link = (struct cpio_link){ .ino = field[C_INO], .major = field[C_DEVMAJOR],
				    .minor = field[C_DEVMINOR], .name = cpio->name };
	hlist_add_head(&link->node, bucket);
	return NULL;
}

static void forget_links(void)
{
	struct cpio_link *link;
	unsigned int i;

	for (i = 0; i < LINK_BUCKETS; i++) {
		while (link_hash[i].first) {
			link = hlist_entry(link_hash[i].first, struct cpio_link, node);
			hlist_del(&link->node);
			kfree(link);
		}
	}
}

/* Make what is missing of the directories above @name. Linux leaves out what has none to go to. */
static int make_parents(const char *name)
{
	char *copy = kstrdup(name, GFP_KERNEL), *slash;
	int error = 0;

	if (!copy)
		return -ENOMEM;
	for (slash = strchr(copy + 1, '/'); slash && !error; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		error = init_mkdir(copy, 0755);
		*slash = '/';
		if (error == -EEXIST)
			error = 0;
	}
	kfree(copy);
	return error;
}

/*
 * What already has the entry's name goes, unless both are directories. 1: such a directory is there;
 * 0: nothing is; or -errno. Linux: init/initramfs.c:clean_path()
 */
static int clean_path(const struct cpio *cpio)
{
	struct path path;
	umode_t old;
	int error;

	if (kern_path(cpio->name, 0, &path))
		return 0;
	old = path.dentry->d_inode->i_mode;
	path_put(&path);
	if (!S_ISDIR(old))
		return init_unlink(cpio->name);
	if (S_ISDIR(cpio->field[C_MODE]))
		return 1;
	error = init_rmdir(cpio->name);
	if (error == -ENOTEMPTY)
		return cpio_bad(cpio, "a directory with files in it is in the way", "");
	return error == -EINVAL ? -EISDIR : error;
}

static int make_symlink(const struct cpio *cpio)
{
	size_t size = cpio->field[C_FILESIZE];
	char *target = kzalloc(size + 1, GFP_KERNEL);
	int error = -ENOMEM;

	if (target) {
		memcpy(target, cpio->data, size);
		error = init_symlink(target, cpio->name);
		kfree(target);
	}
	return error;
}

/* A regular file and its contents, which any of its names may bring. */
static int make_file(const struct cpio *cpio)
{
	const char *first = find_link(cpio);
	size_t size = cpio->field[C_FILESIZE], done = 0;
	loff_t pos = 0;
	struct file *file;
	int error = first ? init_link(first, cpio->name) : 0;

	if (error || (first && !size))
		return error;
	file = filp_open(cpio->name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (IS_ERR(file))
		return PTR_ERR(file);
	while (done < size && !error) {
		ssize_t n = kernel_write(file, cpio->data + done, size - done, &pos);

		if (n <= 0)
			error = n ? n : -ENOSPC;
		else
			done += n;
	}
	fput(file);
	return error;
}

/* Owner, permissions and times. */
static int set_attributes(const struct cpio *cpio)
{
	const u32 *field = cpio->field;
	u64 mtime = field[C_MTIME] * NSEC_PER_SEC;
	int error = init_chown(cpio->name, field[C_UID], field[C_GID], AT_SYMLINK_NOFOLLOW);

	if (!error && !S_ISLNK(field[C_MODE]))
		error = init_chmod(cpio->name, field[C_MODE]);
	return error ? error : init_utimes(cpio->name, mtime, mtime);
}

/* Linux: init/initramfs.c:do_name(), do_symlink(), do_copy() */
static int unpack_entry(const struct cpio *cpio)
{
	const u32 *field = cpio->field;
	int error = make_parents(cpio->name);

	if (!error)
		error = clean_path(cpio);
	if (error < 0)
		return error;
	if (S_ISDIR(field[C_MODE]))
		error = error ? 0 : init_mkdir(cpio->name, field[C_MODE]);
	else if (S_ISLNK(field[C_MODE]))
		error = make_symlink(cpio);
	else if (S_ISREG(field[C_MODE]))
		error = make_file(cpio);
	else
		error = init_mknod(cpio->name, field[C_MODE],
				   MKDEV(field[C_RDEVMAJOR], field[C_RDEVMINOR]));
	return error ? error : set_attributes(cpio);
}

int unpack_to_rootfs(const char *start, size_t len)
{
	struct cpio cpio = { .start = start, .len = len };
	int error;

	while ((error = cpio_next(&cpio)) > 0) {
		error = unpack_entry(&cpio);
		if (!error)
			continue;
		if (error == -ENOMEM || error == -ENOSPC)
			pr_err("%s at offset %zu: out of memory\n", cpio.name, cpio.pos);
		else if (error != -EINVAL) /* else it is told already */
			error = cpio_bad(&cpio, "its path leads nowhere", "");
		break;
	}
	forget_links();
	return error;
}
