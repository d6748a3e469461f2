/*
 * The VFS when memory is short: what it only remembers goes, and what fails leaves nothing behind.
 */
#include "kernel/fs/internal.h"
#include "kernel/fs/proc.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

#define NR_MISSING 3000

/* A file system with nothing in it, which keeps the dentries of names that do not exist. */
static struct dentry *void_lookup(struct inode *dir __maybe_unused, struct dentry *dentry,
				  unsigned int flags __maybe_unused)
{
	d_add(dentry, NULL);
	return NULL;
}

static const struct inode_operations void_iops = { .lookup = void_lookup };
static const struct super_operations void_sops;

static int void_fill_super(struct super_block *sb, void *data __maybe_unused,
			   int silent __maybe_unused)
{
	struct inode *inode;

	sb->s_op = &void_sops;
	inode = new_inode(sb);
	if (inode) {
		inode->i_mode = S_IFDIR | 0755;
		inode->i_op = &void_iops;
		inode->i_fop = &simple_dir_operations;
	}
	sb->s_root = d_make_root(inode);
	return sb->s_root ? 0 : -ENOMEM;
}

static struct dentry *void_mount(struct file_system_type *type, int flags,
				 const char *dev_name __maybe_unused, void *data)
{
	return mount_nodev(type, flags, data, void_fill_super);
}

static struct file_system_type void_type = {
	.name = "void",
	.mount = void_mount,
	.kill_sb = kill_anon_super,
};

static int umount(const char *name, int flags)
{
	struct path path;
	int error = kern_path(name, 0, &path);

	return error ? error : path_umount(&path, flags);
}

/* Take every page there is, in a list by the first word of each. */
static void **take_all_pages(gfp_t gfp)
{
	void **all = NULL;
	struct page *page;

	while ((page = alloc_page(gfp))) {
		void **next = page_address(page);

		*next = all;
		all = next;
	}
	return all;
}

static void give_pages_back(void **all)
{
	while (all) {
		void **next = *all;

		put_page(virt_to_page(all));
		all = next;
	}
}

KTAP_SUITE(negative_dentries_give_way_when_memory_is_short)
{
	unsigned long unused = nr_unused_dentries;
	struct page *page;
	void **all;
	char name[64];
	int i;

	KTAP_EXPECT_EQ(init_mkdir("/mnt", 0755), 0);
	KTAP_EXPECT_EQ(register_filesystem(&void_type), 0);
	KTAP_EXPECT_EQ(init_mount(NULL, "/mnt", "void", 0, NULL), 0);
	for (i = 0; i < NR_MISSING; i++) {
		snprintf(name, sizeof(name), "/mnt/a-name-that-no-file-here-has-%d", i);
		KTAP_EXPECT_EQ(PTR_ERR(filp_open(name, O_RDONLY, 0)), -ENOENT);
	}
	KTAP_EXPECT_EQ(nr_unused_dentries - unused, NR_MISSING);

	all = take_all_pages(GFP_ATOMIC); /* one that cannot sleep takes none of them away */
	KTAP_EXPECT_EQ(nr_unused_dentries - unused, NR_MISSING);
	page = alloc_page(GFP_KERNEL);
	KTAP_EXPECT(page);
	KTAP_EXPECT(nr_unused_dentries - unused < NR_MISSING);
	KTAP_EXPECT(nr_unused_dentries); /* no more than was needed */
	if (page)
		put_page(page);
	give_pages_back(all);

	all = take_all_pages(GFP_KERNEL); /* -ENOMEM is said when all of them are gone */
	KTAP_EXPECT_EQ(nr_unused_dentries, 0);
	give_pages_back(all);
	KTAP_EXPECT_EQ(umount("/mnt", 0), 0);
	KTAP_EXPECT_EQ(unregister_filesystem(&void_type), 0);
	KTAP_EXPECT_EQ(init_rmdir("/mnt"), 0);
}

/* A file system goes with what is remembered of it, and with nothing of others. */
KTAP_SUITE(umount_forgets_names)
{
	KTAP_EXPECT_EQ(init_mkdir("/mnt", 0755), 0);
	KTAP_EXPECT_EQ(init_mkdir("/mnt2", 0755), 0);
	KTAP_EXPECT_EQ(register_filesystem(&void_type), 0);
	KTAP_EXPECT_EQ(init_mount(NULL, "/mnt", "void", 0, NULL), 0);
	KTAP_EXPECT_EQ(init_mount(NULL, "/mnt2", "void", 0, NULL), 0);
	KTAP_EXPECT_EQ(PTR_ERR(filp_open("/mnt/x", O_RDONLY, 0)), -ENOENT);
	KTAP_EXPECT_EQ(PTR_ERR(filp_open("/mnt2/x", O_RDONLY, 0)), -ENOENT);
	KTAP_EXPECT_EQ(umount("/mnt", 0), 0);
	KTAP_EXPECT_EQ(nr_unused_dentries, 1);
	KTAP_EXPECT_EQ(umount("/mnt2", 0), 0);
	KTAP_EXPECT_EQ(nr_unused_dentries, 0);
	KTAP_EXPECT_EQ(unregister_filesystem(&void_type), 0);
	KTAP_EXPECT_EQ(init_rmdir("/mnt2"), 0);
	KTAP_EXPECT_EQ(init_rmdir("/mnt"), 0);
}

/* A task without the capability is told that, whatever flags it gives. */
KTAP_SUITE(umount_asks_for_the_capability_first)
{
	kernel_cap_t caps = current_cred()->cap_effective;

	KTAP_EXPECT_EQ(umount("/", 1), -EINVAL);
	set_caps(0);
	KTAP_EXPECT_EQ(umount("/", 1), -EPERM);
	set_caps(caps);
}

/* Whichever allocation fails, there is no entry, and its memory is back. */
KTAP_SUITE(sysctl_without_memory)
{
	static unsigned long number;
	struct leaks before;
	unsigned int i;

	leaks_begin(&before);
	for (i = 0; i < 4; i++) { /* the numbers, a path, the entry, its name */
		failslab_arm(NULL, i, 1);
		KTAP_EXPECT_EQ(proc_sysctl("/proc/sys/vm/ktap", &number, 1, 0, 1), -ENOMEM);
		KTAP_EXPECT_EQ(failslab.times, 0);
		failslab_arm(NULL, 0, 0);
		KTAP_EXPECT(leaks_none(&before));
	}
}
