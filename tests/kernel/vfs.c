/*
 * File systems by the kernel's own interfaces: a second one is registered, mounted, used and taken
 * away; names are made, removed and renamed; and everything that is counted is back at the end.
 */
#include <uapi/unistd.h>

#include "kernel/fs/calls/calls.h"
#include "kernel/fs/mount.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

/* --- a file system that makes its files when they are looked up, and their pages when read ------ */

#define PAGES_SIZE (2 * PAGE_SIZE + 100)

static struct {
	int lookups, reads, supers;
} seen;

static const struct inode_operations made_dir_iops;

static int made_readpage(struct file *file __maybe_unused, struct page *page, unsigned long index)
{
	if (index > PAGES_SIZE / PAGE_SIZE)
		return -EIO;
	seen.reads++;
	memset(page_address(page), 'a' + index, PAGE_SIZE);
	return 0;
}

static const struct address_space_operations made_aops = { .readpage = made_readpage };
static const struct file_operations made_fops = {
	.llseek = generic_file_llseek,
	.read_iter = generic_file_read_iter,
	.mmap = generic_file_mmap,
};

static struct inode *made_inode(struct super_block *sb, umode_t mode)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = get_next_ino();
	inode->i_mode = mode;
	if (S_ISDIR(mode)) {
		inode->i_op = &made_dir_iops;
		inode->i_fop = &simple_dir_operations;
		inode->i_nlink = 2;
	} else {
		inode->i_fop = &made_fops;
		inode->i_data.a_ops = &made_aops;
		inode->i_size = PAGES_SIZE;
	}
	return inode;
}

/* "pages" is a file, "dir" a directory like this one; there is nothing else. */
static struct dentry *made_lookup(struct inode *dir, struct dentry *dentry,
				  unsigned int flags __maybe_unused)
{
	struct inode *inode = NULL;

	seen.lookups++;
	if (!strcmp(dentry->d_name.name, "pages"))
		inode = made_inode(dir->i_sb, S_IFREG | 0444);
	else if (!strcmp(dentry->d_name.name, "dir"))
		inode = made_inode(dir->i_sb, S_IFDIR | 0755);
	d_add(dentry, inode);
	return NULL;
}

static const struct inode_operations made_dir_iops = { .lookup = made_lookup };

static void made_put_super(struct super_block *sb __maybe_unused)
{
	seen.supers--;
}

static const struct super_operations made_sops = { .put_super = made_put_super };

static int made_fill_super(struct super_block *sb, void *data, int silent __maybe_unused)
{
	sb->s_op = &made_sops;
	seen.supers++;
	if (data)
		return -EINVAL; /* an option nobody knows */
	sb->s_root = d_make_root(made_inode(sb, S_IFDIR | 0755));
	return sb->s_root ? 0 : -ENOMEM;
}

static struct dentry *made_mount(struct file_system_type *type, int flags,
				 const char *dev_name __maybe_unused, void *data)
{
	return mount_nodev(type, flags, data, made_fill_super);
}

static struct file_system_type made_type = {
	.name = "made",
	.mount = made_mount,
	.kill_sb = kill_anon_super,
};

/* --- small verbs ---------------------------------------------------------------------------- */

static int umount(const char *name)
{
	struct path path;
	int error = kern_path(name, 0, &path);

	return error ? error : path_umount(&path, 0);
}

static int lookup_error(const char *name)
{
	struct path path;
	int error = kern_path(name, 0, &path);

	if (!error)
		path_put(&path);
	return error;
}

static bool same_path(const char *a, const char *b)
{
	struct path pa, pb;
	bool same;

	if (kern_path(a, 0, &pa))
		return false;
	if (kern_path(b, 0, &pb)) {
		path_put(&pa);
		return false;
	}
	same = path_equal(&pa, &pb);
	path_put(&pa);
	path_put(&pb);
	return same;
}

static ssize_t read_at(struct file *file, char *buf, size_t count, loff_t pos)
{
	return kernel_read(file, buf, count, &pos);
}

static ssize_t write_at(struct file *file, const char *buf, size_t count, loff_t pos)
{
	return kernel_write(file, buf, count, &pos);
}

static int make_file(const char *name)
{
	struct file *file = filp_open(name, O_WRONLY | O_CREAT | O_EXCL, 0644);

	if (IS_ERR(file))
		return PTR_ERR(file);
	return filp_close(file, NULL);
}

static int rename(const char *from, const char *to)
{
	return rename_paths(AT_FDCWD, from, AT_FDCWD, to, 0);
}

/* --- the suites ----------------------------------------------------------------------------- */

KTAP_SUITE(vfs_mount)
{
	struct leaks before;
	struct file *file;
	char two[2];

	leaks_begin(&before);
	KTAP_EXPECT_EQ(init_mkdir("/mnt", 0755), 0);
	KTAP_EXPECT_EQ(init_mount(NULL, "/mnt", "made", 0, NULL), -ENODEV);
	KTAP_EXPECT_EQ(register_filesystem(&made_type), 0);
	KTAP_EXPECT_EQ(register_filesystem(&made_type), -EBUSY);
	KTAP_EXPECT_EQ(init_mount(NULL, "/mnt", NULL, 0, NULL), -EINVAL);
	KTAP_EXPECT_EQ(init_mount(NULL, "/mnt", "made", 0, "option"), -EINVAL);
	KTAP_EXPECT_EQ(init_mount(NULL, "/nowhere", "made", 0, NULL), -ENOENT);
	KTAP_EXPECT_EQ(init_mount(NULL, "/dev/null", "made", 0, NULL), -ENOTDIR);
	KTAP_EXPECT_EQ(umount("/mnt"), -EINVAL);
	KTAP_EXPECT_EQ(init_mount(NULL, "/mnt", "made", 0, NULL), 0);
	KTAP_EXPECT_EQ(seen.supers, 1);

	/* into the mount and out of it */
	KTAP_EXPECT(same_path("/mnt/..", "/"));
	KTAP_EXPECT(same_path("/mnt/dir/..", "/mnt"));
	KTAP_EXPECT(!same_path("/mnt", "/mnt/dir"));
	KTAP_EXPECT(same_path("/mnt/../mnt/dir/../../..", "/"));
	KTAP_EXPECT_EQ(init_rmdir("/mnt"), -EBUSY);
	KTAP_EXPECT_EQ(init_mkdir("/mnt/new", 0755), -EPERM);
	KTAP_EXPECT_EQ(make_file("/mnt/new"), -EACCES);

	/* pages come when they are read, once */
	file = filp_open("/mnt/pages", O_RDONLY, 0);
	KTAP_EXPECT(!IS_ERR(file));
	if (!IS_ERR(file)) {
		KTAP_EXPECT_EQ(read_at(file, two, 2, PAGE_SIZE - 1), 2);
		KTAP_EXPECT(two[0] == 'a' && two[1] == 'b');
		KTAP_EXPECT_EQ(read_at(file, two, 2, PAGES_SIZE - 1), 1);
		KTAP_EXPECT(two[0] == 'c');
		KTAP_EXPECT_EQ(read_at(file, two, 1, PAGE_SIZE), 1);
		KTAP_EXPECT_EQ(read_at(file, two, 1, PAGES_SIZE), 0);
		KTAP_EXPECT_EQ(seen.reads, 3);
		KTAP_EXPECT_EQ(umount("/mnt"), -EBUSY);
		filp_close(file, NULL);
	}

	/* what is mounted below, and in a second instance */
	KTAP_EXPECT_EQ(init_mount(NULL, "/mnt/dir", "made", 0, NULL), 0);
	KTAP_EXPECT_EQ(seen.supers, 2);
	KTAP_EXPECT(same_path("/mnt/dir/dir/../..", "/mnt"));
	KTAP_EXPECT_EQ(umount("/mnt"), -EBUSY);
	KTAP_EXPECT_EQ(umount("/mnt/dir/dir"), -EINVAL);
	KTAP_EXPECT_EQ(umount("/mnt/dir"), 0);
	KTAP_EXPECT_EQ(umount("/mnt"), 0);
	KTAP_EXPECT_EQ(umount("/"), -EINVAL);
	KTAP_EXPECT_EQ(seen.supers, 0);
	KTAP_EXPECT_EQ(lookup_error("/mnt/pages"), -ENOENT);
	KTAP_EXPECT_EQ(unregister_filesystem(&made_type), 0);
	KTAP_EXPECT_EQ(unregister_filesystem(&made_type), -EINVAL);
	KTAP_EXPECT_EQ(init_rmdir("/mnt"), 0);
	KTAP_EXPECT(leaks_none(&before));
}

/* Names that nobody uses are remembered, those that do not exist as well, until memory is short. */
KTAP_SUITE(vfs_unused_dentries)
{
	unsigned long unused = nr_unused_dentries;
	struct leaks before;

	leaks_begin(&before);
	KTAP_EXPECT_EQ(init_mkdir("/mnt", 0755), 0);
	KTAP_EXPECT_EQ(register_filesystem(&made_type), 0);
	KTAP_EXPECT_EQ(init_mount(NULL, "/mnt", "made", 0, NULL), 0);
	seen.lookups = 0;
	KTAP_EXPECT_EQ(lookup_error("/mnt/pages"), 0);
	KTAP_EXPECT_EQ(lookup_error("/mnt/pages"), 0);
	KTAP_EXPECT_EQ(lookup_error("/mnt/nothing"), -ENOENT);
	KTAP_EXPECT_EQ(lookup_error("/mnt/nothing"), -ENOENT);
	KTAP_EXPECT_EQ(lookup_error("/mnt/dir/dir/pages"), 0);
	KTAP_EXPECT_EQ(seen.lookups, 5);
	KTAP_EXPECT_EQ(nr_unused_dentries - unused, 3); /* dir and dir/dir are used by pages */

	KTAP_EXPECT_EQ(prune_dcache(1), 1); /* the longest unused: pages */
	KTAP_EXPECT_EQ(lookup_error("/mnt/nothing"), -ENOENT);
	KTAP_EXPECT_EQ(seen.lookups, 5);
	KTAP_EXPECT_EQ(lookup_error("/mnt/pages"), 0);
	KTAP_EXPECT_EQ(seen.lookups, 6);

	KTAP_EXPECT_EQ(prune_dcache(1000), 5);
	KTAP_EXPECT_EQ(nr_unused_dentries, unused);
	KTAP_EXPECT_EQ(umount("/mnt"), 0);
	KTAP_EXPECT_EQ(unregister_filesystem(&made_type), 0);
	KTAP_EXPECT_EQ(init_rmdir("/mnt"), 0);
	KTAP_EXPECT(leaks_none(&before));
}

/* A ramfs of its own goes with all that is in it. */
KTAP_SUITE(vfs_ramfs_instance)
{
	struct leaks before;

	leaks_begin(&before);
	KTAP_EXPECT_EQ(init_mkdir("/mnt", 0755), 0);
	KTAP_EXPECT_EQ(init_mount(NULL, "/mnt", "ramfs", 0, NULL), 0);
	KTAP_EXPECT_EQ(init_mkdir("/mnt/a", 0755), 0);
	KTAP_EXPECT_EQ(init_mkdir("/mnt/a/b", 0755), 0);
	KTAP_EXPECT_EQ(make_file("/mnt/a/b/file"), 0);
	KTAP_EXPECT_EQ(init_link("/mnt/a/b/file", "/other"), -EXDEV);
	KTAP_EXPECT_EQ(rename("/mnt/a/b/file", "/other"), -EXDEV);
	KTAP_EXPECT_EQ(rename("/mnt/a/b/none", "/dev/null"), -EXDEV);
	KTAP_EXPECT_EQ(init_link("/mnt/a/b/file", "/mnt/other"), 0);
	KTAP_EXPECT_EQ(init_symlink("../dev/null", "/mnt/null"), 0);
	KTAP_EXPECT(same_path("/mnt/null", "/mnt/null"));
	KTAP_EXPECT_EQ(umount("/mnt"), 0);
	KTAP_EXPECT_EQ(lookup_error("/mnt/a"), -ENOENT);
	KTAP_EXPECT_EQ(init_rmdir("/mnt"), 0);
	KTAP_EXPECT(leaks_none(&before));
}

static unsigned int nlink(const char *name)
{
	struct kstat stat = { 0 };
	struct path path;

	if (kern_path(name, 0, &path))
		return 0;
	vfs_getattr(&path, &stat, STATX_BASIC_STATS, 0);
	path_put(&path);
	return stat.nlink;
}

KTAP_SUITE(vfs_names)
{
	struct leaks before;
	struct file *file;
	char c;

	leaks_begin(&before);
	KTAP_EXPECT_EQ(init_mkdir("/d", 0755), 0);
	KTAP_EXPECT_EQ(init_mkdir("/d", 0755), -EEXIST);
	KTAP_EXPECT_EQ(init_mkdir("/d/.", 0755), -EEXIST);
	KTAP_EXPECT_EQ(init_mkdir("/d/sub/", 0755), 0);
	KTAP_EXPECT_EQ(nlink("/d"), 3);
	KTAP_EXPECT_EQ(init_mknod("/d/fifo/", S_IFIFO | 0600, 0), -ENOENT);
	KTAP_EXPECT_EQ(make_file("/d/f"), 0);
	KTAP_EXPECT_EQ(make_file("/d/f"), -EEXIST);
	KTAP_EXPECT_EQ(init_link("/d/f", "/d/g"), 0);
	KTAP_EXPECT_EQ(init_link("/d/sub", "/d/h"), -EPERM);
	KTAP_EXPECT_EQ(nlink("/d/g"), 2);
	KTAP_EXPECT_EQ(init_rmdir("/d"), -ENOTEMPTY);
	KTAP_EXPECT_EQ(init_rmdir("/d/f"), -ENOTDIR);
	KTAP_EXPECT_EQ(init_unlink("/d/sub"), -EISDIR);
	KTAP_EXPECT_EQ(init_unlink("/d/none"), -ENOENT);

	/* an open file outlives its names */
	file = filp_open("/d/f", O_RDWR, 0);
	KTAP_EXPECT_EQ(write_at(file, "x", 1, 0), 1);
	KTAP_EXPECT_EQ(init_unlink("/d/f"), 0);
	KTAP_EXPECT_EQ(init_unlink("/d/g"), 0);
	KTAP_EXPECT_EQ(lookup_error("/d/f"), -ENOENT);
	KTAP_EXPECT_EQ(file->f_inode->i_nlink, 0);
	KTAP_EXPECT_EQ(make_file("/d/f"), 0);
	KTAP_EXPECT_EQ(read_at(file, &c, 1, 0), 1);
	KTAP_EXPECT(c == 'x');
	filp_close(file, NULL);

	KTAP_EXPECT_EQ(rename("/d/f", "/d/sub/moved"), 0);
	KTAP_EXPECT_EQ(lookup_error("/d/f"), -ENOENT);
	KTAP_EXPECT_EQ(lookup_error("/d/sub/moved"), 0);
	KTAP_EXPECT_EQ(rename("/d/sub", "/d/sub/in"), -EINVAL);
	KTAP_EXPECT_EQ(make_file("/d/f"), 0);
	KTAP_EXPECT_EQ(rename("/d/sub/moved", "/d/f"), 0);
	KTAP_EXPECT_EQ(rename("/d/sub", "/d/dir"), 0);
	KTAP_EXPECT_EQ(nlink("/d"), 3);
	KTAP_EXPECT_EQ(init_rmdir("/d/dir"), 0);
	KTAP_EXPECT_EQ(init_unlink("/d/f"), 0);
	KTAP_EXPECT_EQ(init_rmdir("/d"), 0);
	KTAP_EXPECT(leaks_none(&before));
}

/* Far apart in a file: what lies between takes no memory, and all of it comes back. */
KTAP_SUITE(vfs_page_cache)
{
	static const loff_t places[] = { 0, PAGE_SIZE - 1, 64 * PAGE_SIZE, 1ll << 40, 1ll << 62 };
	struct iattr attr = { .ia_valid = ATTR_SIZE };
	struct leaks before;
	struct file *file;
	unsigned int i;
	char c;

	leaks_begin(&before);
	file = filp_open("/sparse", O_RDWR | O_CREAT, 0600);
	for (i = 0; i < ARRAY_SIZE(places); i++)
		KTAP_EXPECT_EQ(write_at(file, "x", 1, places[i]), 1);
	KTAP_EXPECT_EQ(file->f_inode->i_size, (1ll << 62) + 1);
	KTAP_EXPECT_EQ(file->f_inode->i_mapping->nrpages, 4);
	for (i = 0; i < ARRAY_SIZE(places); i++)
		KTAP_EXPECT(read_at(file, &c, 1, places[i]) == 1 && c == 'x');
	KTAP_EXPECT(read_at(file, &c, 1, 12345678) == 1 && !c);
	KTAP_EXPECT_EQ(write_at(file, "x", 1, MAX_LFS_FILESIZE - 1), 1);
	KTAP_EXPECT_EQ(write_at(file, "xy", 2, MAX_LFS_FILESIZE - 1), -EINVAL);
	KTAP_EXPECT_EQ(write_at(file, "x", 1, MAX_LFS_FILESIZE), -EINVAL);

	/* cut in the middle of a page, then stretched: zeros */
	attr.ia_size = PAGE_SIZE - 1;
	KTAP_EXPECT_EQ(notify_change(file->f_path.dentry, &attr), 0);
	KTAP_EXPECT_EQ(file->f_inode->i_mapping->nrpages, 1);
	KTAP_EXPECT_EQ(read_at(file, &c, 1, PAGE_SIZE - 1), 0);
	attr.ia_size = PAGE_SIZE;
	attr.ia_valid = ATTR_SIZE;
	KTAP_EXPECT_EQ(notify_change(file->f_path.dentry, &attr), 0);
	KTAP_EXPECT(read_at(file, &c, 1, PAGE_SIZE - 1) == 1 && !c);
	filp_close(file, NULL);
	KTAP_EXPECT_EQ(init_unlink("/sparse"), 0);
	KTAP_EXPECT(leaks_none(&before));
}

/* Without memory a write fails at whichever allocation it is, and nothing stays behind. */
KTAP_SUITE(vfs_page_cache_no_memory)
{
	struct leaks before;
	struct file *file;
	unsigned int i;

	file = filp_open("/sparse", O_RDWR | O_CREAT, 0600);
	leaks_begin(&before);
	for (i = 0; i < 5; i++) { /* the levels for a number of 28 bits */
		failslab = (struct fault_attr){ .cache = find_cache("radix_tree_node"), .skip = i,
						.times = 1 };
		KTAP_EXPECT_EQ(write_at(file, "x", 1, 1ll << 40), -ENOMEM);
		KTAP_EXPECT_EQ(failslab.times, 0);
		KTAP_EXPECT(leaks_none(&before));
	}
	failslab.times = 0;
	KTAP_EXPECT_EQ(write_at(file, "x", 1, 1ll << 40), 1);
	filp_close(file, NULL);
	KTAP_EXPECT_EQ(init_unlink("/sparse"), 0);
}

struct listing {
	struct dir_context ctx;
	char names[64]; /* one letter for each: the first of the name */
	int n, max;
};

static bool take_name(struct dir_context *ctx, const char *name, int namelen __maybe_unused,
		      loff_t offset __maybe_unused, u64 ino __maybe_unused,
		      unsigned int type __maybe_unused)
{
	struct listing *l = container_of(ctx, struct listing, ctx);

	if (l->n == l->max)
		return false;
	l->names[l->n++] = name[0];
	return true;
}

/* Up to @max more names of @dir. */
static const char *list(struct file *dir, int max)
{
	static struct listing l;

	l = (struct listing){ .ctx.actor = take_name, .max = max };
	KTAP_EXPECT_EQ(iterate_dir(dir, &l.ctx), 0);
	return l.names;
}

/* A reader finds each name once, whatever is made and removed while it reads. */
KTAP_SUITE(vfs_readdir)
{
	struct leaks before;
	struct file *dir;

	leaks_begin(&before);
	KTAP_EXPECT_EQ(init_mkdir("/d", 0755), 0);
	KTAP_EXPECT_EQ(make_file("/d/a"), 0);
	KTAP_EXPECT_EQ(make_file("/d/b"), 0);
	KTAP_EXPECT_EQ(make_file("/d/c"), 0);
	dir = filp_open("/d", O_RDONLY | O_DIRECTORY, 0);
	KTAP_EXPECT(!strcmp(list(dir, 10), "..cba")); /* the newest first, as on tmpfs */
	KTAP_EXPECT(!strcmp(list(dir, 10), ""));
	KTAP_EXPECT_EQ(vfs_llseek(dir, 0, SEEK_SET), 0);
	KTAP_EXPECT(!strcmp(list(dir, 3), "..c"));
	KTAP_EXPECT_EQ(init_unlink("/d/c"), 0);
	KTAP_EXPECT_EQ(make_file("/d/n"), 0);
	KTAP_EXPECT(!strcmp(list(dir, 1), "b"));
	KTAP_EXPECT_EQ(init_unlink("/d/b"), 0);
	KTAP_EXPECT(!strcmp(list(dir, 10), "a"));
	KTAP_EXPECT_EQ(vfs_llseek(dir, 3, SEEK_SET), 3);
	KTAP_EXPECT(!strcmp(list(dir, 10), "a")); /* n, then a */
	filp_close(dir, NULL);
	KTAP_EXPECT_EQ(init_unlink("/d/a"), 0);
	KTAP_EXPECT_EQ(init_unlink("/d/n"), 0);
	KTAP_EXPECT_EQ(init_rmdir("/d"), 0);

	dir = filp_open("/proc/sys", O_RDONLY | O_DIRECTORY, 0);
	KTAP_EXPECT(strchr(list(dir, 60), 'n')); /* net */
	filp_close(dir, NULL);
	dir = filp_open("/proc/cmdline", O_RDONLY, 0);
	KTAP_EXPECT_EQ(iterate_dir(dir, &(struct dir_context){ .actor = take_name }), -ENOTDIR);
	filp_close(dir, NULL);
	KTAP_EXPECT(leaks_none(&before));
}
