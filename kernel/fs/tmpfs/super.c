/*
 * Instances of tmpfs: their options, their limits, and those that are there from the start.
 * Linux: mm/shmem.c
 */
#include <uapi/magic.h>
#include <uapi/statfs.h>

#include "kernel/fs/internal.h"
#include "kernel/fs/mount.h"
#include "kernel/fs/tmpfs/tmpfs.h"
#include "kernel/lib/init.h"

static struct kmem_cache *shmem_inode_cachep;
static struct vfsmount *shm_mnt;

static struct inode *shmem_alloc_inode(struct super_block *sb __maybe_unused)
{
	struct shmem_inode_info *info = kmem_cache_alloc(shmem_inode_cachep, GFP_KERNEL);

	return info ? &info->vfs_inode : NULL;
}

static void shmem_free_in_core_inode(struct inode *inode)
{
	kfree(SHMEM_I(inode)->name);
	kmem_cache_free(shmem_inode_cachep, SHMEM_I(inode));
}

static int shmem_parse_options(struct shmem_sb_info *sbinfo, const char *options);

/* Only the limits change, and not below what is used; there is no way from no limit to one. */
static int shmem_remount_fs(struct super_block *sb, int *flags __maybe_unused, char *data)
{
	struct shmem_sb_info *sbinfo = SHMEM_SB(sb), new = *sbinfo;
	unsigned long inodes = sbinfo->max_inodes - sbinfo->free_inodes;
	int error = shmem_parse_options(&new, data);

	if (error)
		return error;
	if (new.max_blocks && (new.max_blocks < sbinfo->used_blocks ||
			       (!sbinfo->max_blocks && sbinfo->used_blocks)))
		return -EINVAL;
	if (new.max_inodes && (new.max_inodes < inodes || !sbinfo->max_inodes))
		return -EINVAL;
	sbinfo->max_blocks = new.max_blocks;
	sbinfo->max_inodes = new.max_inodes;
	sbinfo->free_inodes = new.max_inodes - inodes;
	return 0;
}

static void shmem_put_super(struct super_block *sb)
{
	kfree(sb->s_fs_info);
	sb->s_fs_info = NULL;
}

/* What there may be and what is left; without limits nothing is counted. Linux: mm/shmem.c:shmem_statfs() */
static int shmem_statfs(struct dentry *dentry, struct statfs *buf)
{
	const struct shmem_sb_info *sbinfo = SHMEM_SB(dentry->d_sb);

	buf->f_type = TMPFS_MAGIC;
	buf->f_bsize = PAGE_SIZE;
	buf->f_namelen = NAME_MAX;
	if (sbinfo->max_blocks) {
		buf->f_blocks = sbinfo->max_blocks;
		buf->f_bavail = buf->f_bfree = sbinfo->max_blocks - sbinfo->used_blocks;
	}
	if (sbinfo->max_inodes) {
		buf->f_files = sbinfo->max_inodes;
		buf->f_ffree = sbinfo->free_inodes;
	}
	return 0;
}

static const struct super_operations shmem_ops = {
	.alloc_inode = shmem_alloc_inode,
	.free_inode = shmem_free_in_core_inode,
	.evict_inode = shmem_evict_inode,
	.put_super = shmem_put_super,
	.remount_fs = shmem_remount_fs,
	.statfs = shmem_statfs,
};

/* "12k", "3m", "50%" (of all memory): bytes in *@size. False: it is no number. */
static bool parse_size(const char *value, bool percent, u64 *size)
{
	const char *p = value;
	u64 n = 0;
	int shift = 0;

	for (; *p >= '0' && *p <= '9'; p++)
		n = n * 10 + (*p - '0');
	if (p == value)
		return false;
	switch (*p) {
	case 'e': case 'E':
		shift += 10; /* fall through */
	case 'p': case 'P':
		shift += 10; /* fall through */
	case 't': case 'T':
		shift += 10; /* fall through */
	case 'g': case 'G':
		shift += 10; /* fall through */
	case 'm': case 'M':
		shift += 10; /* fall through */
	case 'k': case 'K':
		shift += 10;
		p++;
		break;
	case '%':
		if (percent) {
			n = (n << PAGE_SHIFT) * totalram_pages() / 100;
			p++;
		}
	}
	*size = n << shift;
	return !*p;
}

/* A number in base @base, all of @value. */
static bool parse_number(const char *value, unsigned int base, unsigned long *n)
{
	return *value && !kstrtoul(value, base, n) && *n <= 0xffffffff;
}

/* One option, "name=value", into @sbinfo. 0 or -EINVAL. Linux: mm/shmem.c:shmem_parse_one() */
static int parse_one(struct shmem_sb_info *sbinfo, const char *name, const char *value)
{
	unsigned long n;
	u64 size;

	if (!strcmp(name, "size") && parse_size(value, true, &size))
		sbinfo->max_blocks = DIV_ROUND_UP(size, PAGE_SIZE);
	else if (!strcmp(name, "nr_blocks") && parse_size(value, false, &size) && size <= INT64_MAX)
		sbinfo->max_blocks = size;
	else if (!strcmp(name, "nr_inodes") && parse_size(value, false, &size))
		sbinfo->max_inodes = size;
	else if (!strcmp(name, "mode") && parse_number(value, 8, &n))
		sbinfo->mode = n & 07777;
	else if (!strcmp(name, "uid") && parse_number(value, 10, &n) && n != 0xffffffff)
		sbinfo->uid = make_kuid(current_user_ns(), n);
	else if (!strcmp(name, "gid") && parse_number(value, 10, &n) && n != 0xffffffff)
		sbinfo->gid = make_kgid(current_user_ns(), n);
	else
		return -EINVAL;
	return 0;
}

/* All of @options (NULL: none), which are separated by commas. 0 or -EINVAL, -ENOMEM. */
static int shmem_parse_options(struct shmem_sb_info *sbinfo, const char *options)
{
	char *copy = options ? kstrdup(options, GFP_KERNEL) : NULL, *next = copy, *name, *value;
	int error = options && !copy ? -ENOMEM : 0;

	while (!error && next) {
		name = next;
		next = strchr(name, ',');
		if (next)
			*next++ = '\0';
		if (!*name)
			continue;
		value = strchr(name, '=');
		if (value)
			*value++ = '\0';
		error = parse_one(sbinfo, name, value ? value : "");
	}
	kfree(copy);
	return error;
}

static int shmem_fill_super(struct super_block *sb, void *data, int silent __maybe_unused)
{
	struct shmem_sb_info *sbinfo = kzalloc(sizeof(*sbinfo), GFP_KERNEL);
	struct inode *root;
	int error;

	if (!sbinfo)
		return -ENOMEM;
	sb->s_op = &shmem_ops;
	sb->s_magic = TMPFS_MAGIC;
	sb->s_fs_info = sbinfo;
	sb->s_d_op = &simple_dentry_operations;
	sbinfo->mode = 0777 | S_ISVTX;
	sbinfo->uid = current_fsuid();
	sbinfo->gid = current_fsgid();
	sbinfo->max_blocks = sbinfo->max_inodes = totalram_pages() / 2;
	error = shmem_parse_options(sbinfo, data);
	if (error)
		return error;
	sbinfo->free_inodes = sbinfo->max_inodes;
	root = shmem_get_inode(sb, NULL, S_IFDIR | sbinfo->mode, 0);
	if (root) {
		root->i_uid = sbinfo->uid;
		root->i_gid = sbinfo->gid;
	}
	sb->s_root = d_make_root(root);
	return sb->s_root ? 0 : -ENOMEM;
}

static struct dentry *shmem_mount(struct file_system_type *type, int flags,
				  const char *dev_name __maybe_unused, void *data)
{
	return mount_nodev(type, flags, data, shmem_fill_super);
}

static struct file_system_type shmem_fs_type = {
	.name = "tmpfs",
	.mount = shmem_mount,
	.kill_sb = kill_litter_super,
};

struct file *tmpfs_file_setup(const char *name, loff_t size)
{
	struct inode *inode;
	struct file *file;

	if (size < 0 || size > MAX_LFS_FILESIZE)
		return ERR_PTR(-EINVAL);
	inode = shmem_get_inode(shm_mnt->mnt_sb, NULL, S_IFREG | 0777, 0);
	if (!inode)
		return ERR_PTR(-ENOSPC);
	inode->i_nlink = 0;
	inode->i_size = size;
	file = alloc_file_pseudo(inode, shm_mnt, name, O_RDWR, &shmem_file_operations);
	if (IS_ERR(file))
		iput(inode);
	return file;
}

static void shmem_init_inode(void *object)
{
	inode_init_once(&((struct shmem_inode_info *)object)->vfs_inode);
}

/* What every program expects to be there. A directory that is there already is covered. */
static int mount_at_boot(const char *path, umode_t mode)
{
	int error = init_mkdir(path, mode);

	if (error && error != -EEXIST)
		return error;
	return init_mount("tmpfs", path, "tmpfs", 0, NULL);
}

static int shmem_init(void)
{
	int error = register_filesystem(&shmem_fs_type);

	if (error)
		return error;
	shmem_inode_cachep = kmem_cache_create("shmem_inode_cache", sizeof(struct shmem_inode_info), 0,
					       SLAB_PANIC, shmem_init_inode);
	shm_mnt = vfs_kern_mount(&shmem_fs_type, 0, "tmpfs", (void *)"size=0,nr_inodes=0");
	if (IS_ERR(shm_mnt))
		return PTR_ERR(shm_mnt);
	error = mount_at_boot("/tmp", 01777);
	return error ? error : mount_at_boot("/dev/shm", 01777);
}
late_initcall(shmem_init);
