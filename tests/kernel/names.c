/*
 * The calls that open files and change names, when memory is short: each allocation is made to fail in turn, the
 * call says so, and leaves nothing behind.
 */
#include <uapi/mman.h>

#include "kernel/fs/calls/calls.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"
#include "tests/kernel/user.h"

#define CALL(name) long __x64_sys_##name(const struct pt_regs *regs)
CALL(mmap);
CALL(open);
CALL(openat2);
CALL(mkdir);
CALL(mknod);
CALL(symlink);
CALL(link);
CALL(rename);
CALL(renameat2);
CALL(unlink);
CALL(rmdir);
CALL(chmod);
CALL(truncate);
CALL(newstat);
CALL(readlink);
CALL(chdir);
CALL(close);

/* Where the arguments lie in ring 3: two paths, and room for what calls tell. */
#define FROM USER_PAGE
#define TO (USER_PAGE + 1024)
#define ROOM (USER_PAGE + 2048)

struct attempt {
	const char *what;
	long (*call)(const struct pt_regs *regs);
	const char *from, *to; /* the paths; 0: the argument is a number */
	unsigned long second, third;
	long (*undo)(const struct pt_regs *regs); /* takes back what the call did, by @undone */
	const char *undone;
};

#define LONG_WAY "/fail/././././././././././././././././././././././././././././././"

static const struct attempt attempts[] = {
	{ "open", __x64_sys_open, "/fail/file", NULL, O_RDWR, 0, __x64_sys_close, NULL },
	{ "open, long", __x64_sys_open, LONG_WAY "file", NULL, O_RDWR, 0, __x64_sys_close, NULL },
	{ "open by a link", __x64_sys_open, "/fail/link", NULL, O_RDWR, 0, __x64_sys_close, NULL },
	{ "O_PATH", __x64_sys_open, "/fail/file", NULL, O_PATH, 0, __x64_sys_close, NULL },
	{ "O_TMPFILE", __x64_sys_open, "/fail", NULL, O_TMPFILE | O_RDWR, 0600, __x64_sys_close, NULL },
	{ "mkdir", __x64_sys_mkdir, "/fail/new", NULL, 0700, 0, __x64_sys_rmdir, "/fail/new" },
	{ "mknod", __x64_sys_mknod, "/fail/new", NULL, S_IFIFO | 0600, 0, __x64_sys_unlink, "/fail/new" },
	{ "symlink", __x64_sys_symlink, "text", "/fail/new", 0, 0, __x64_sys_unlink, "/fail/new" },
	{ "symlink, long", __x64_sys_symlink, LONG_WAY, LONG_WAY "new", 0, 0, __x64_sys_unlink, "/fail/new" },
	{ "link", __x64_sys_link, "/fail/file", "/fail/new", 0, 0, __x64_sys_unlink, "/fail/new" },
	{ "rename", __x64_sys_rename, "/fail/dir", "/fail/sub/new", 0, 0, NULL, NULL },
	{ "rename back", __x64_sys_rename, LONG_WAY "sub/new", LONG_WAY "dir", 0, 0, NULL, NULL },
	{ "chmod", __x64_sys_chmod, "/fail/file", NULL, 0600, 0, NULL, NULL },
	{ "truncate", __x64_sys_truncate, "/fail/file", NULL, 0, 0, NULL, NULL },
	{ "stat", __x64_sys_newstat, "/fail/link", NULL, ROOM, 0, NULL, NULL },
	{ "readlink", __x64_sys_readlink, "/fail/link", NULL, ROOM, 16, NULL, NULL },
	{ "chdir", __x64_sys_chdir, "/", NULL, 0, 0, NULL, NULL },
};

static void put_path(unsigned long at, const char *path)
{
	KTAP_EXPECT(!copy_to_user((void __user *)at, path, strlen(path) + 1));
}

/* Make the call with the @nr-th allocation failing; *@failed: did one? */
static long try_once(const struct attempt *a, unsigned int nr, bool *failed)
{
	struct pt_regs regs = { .di = FROM, .si = a->to ? TO : a->second, .dx = a->third };
	long ret;

	put_path(FROM, a->from);
	if (a->to)
		put_path(TO, a->to);
	failslab_arm(NULL, nr, 1);
	ret = a->call(&regs);
	*failed = !failslab.times;
	failslab_arm(NULL, 0, 0);
	return ret;
}

static void take_back(const struct attempt *a, long ret)
{
	struct pt_regs regs = { .di = a->undone ? FROM : (unsigned long)ret };

	if (!a->undo)
		return;
	if (a->undone)
		put_path(FROM, a->undone);
	KTAP_EXPECT_EQ(a->undo(&regs), 0);
}

static void fail_each(const struct attempt *a)
{
	struct leaks before;
	bool failed = true;
	unsigned int nr;
	long ret = 0;

	for (nr = 0; failed && nr < 20; nr++) {
		leaks_begin(&before);
		ret = try_once(a, nr, &failed);
		if (!failed)
			break;
		KTAP_EXPECT(ret == -ENOMEM || ret == -ENOSPC);
		KTAP_EXPECT(leaks_none(&before));
	}
	if (ret < 0 || !nr)
		pr_info("# %s: %ld after %u failures\n", a->what, ret, nr);
	KTAP_EXPECT(nr && ret >= 0);
	take_back(a, ret);
}

/* Who has a file open that a rename replaced sees its old path. */
KTAP_SUITE(names_of_replaced_files)
{
	static char buf[256];
	struct leaks before;
	struct file *file;

	leaks_begin(&before);
	KTAP_EXPECT_EQ(init_mkdir("/fail", 0755), 0);
	KTAP_EXPECT_EQ(init_mkdir("/fail/sub", 0755), 0);
	KTAP_EXPECT_EQ(filp_close(filp_open("/fail/new", O_RDWR | O_CREAT, 0600), NULL), 0);
	file = filp_open("/fail/sub/old", O_RDWR | O_CREAT, 0600);
	KTAP_EXPECT(!strcmp(d_path(&file->f_path, buf, sizeof(buf)), "/fail/sub/old"));
	KTAP_EXPECT_EQ(rename_paths(AT_FDCWD, "/fail/new", AT_FDCWD, "/fail/sub/old", 0), 0);
	KTAP_EXPECT(!strcmp(d_path(&file->f_path, buf, sizeof(buf)), "/fail/sub/old (deleted)"));
	filp_close(file, NULL);
	file = filp_open("/fail/sub/old", O_RDWR, 0);
	KTAP_EXPECT_EQ(rename_paths(AT_FDCWD, "/fail/sub/old", AT_FDCWD, "/fail/moved", 0), 0);
	KTAP_EXPECT(!strcmp(d_path(&file->f_path, buf, sizeof(buf)), "/fail/moved"));
	filp_close(file, NULL);
	KTAP_EXPECT_EQ(init_unlink("/fail/moved"), 0);
	KTAP_EXPECT_EQ(init_rmdir("/fail/sub"), 0);
	KTAP_EXPECT_EQ(init_rmdir("/fail"), 0);
	KTAP_EXPECT(leaks_none(&before));
}

/* --- a file system in which every name is a directory, and whose first lookup removes a link -------- */

static const char *to_unlink;
static const struct inode_operations trap_iops;

static struct inode *trap_inode(struct super_block *sb)
{
	struct inode *inode = new_inode(sb);

	if (inode) {
		inode->i_mode = S_IFDIR | 0755;
		inode->i_op = &trap_iops;
		inode->i_fop = &simple_dir_operations;
	}
	return inode;
}

static struct dentry *trap_lookup(struct inode *dir, struct dentry *dentry,
				  unsigned int flags __maybe_unused)
{
	if (to_unlink)
		KTAP_EXPECT_EQ(init_unlink(to_unlink), 0);
	to_unlink = NULL;
	d_add(dentry, trap_inode(dir->i_sb));
	return NULL;
}

static const struct inode_operations trap_iops = { .lookup = trap_lookup };
static const struct super_operations trap_sops;

static int trap_fill_super(struct super_block *sb, void *data __maybe_unused, int silent __maybe_unused)
{
	sb->s_op = &trap_sops;
	sb->s_root = d_make_root(trap_inode(sb));
	return sb->s_root ? 0 : -ENOMEM;
}

static struct dentry *trap_mount(struct file_system_type *type, int flags,
				 const char *dev_name __maybe_unused, void *data)
{
	return mount_nodev(type, flags, data, trap_fill_super);
}

static struct file_system_type trap_type = { .name = "trap", .mount = trap_mount, .kill_sb = kill_anon_super };

/* The text of a link is walked to its end, though the link is removed meanwhile. */
KTAP_SUITE(names_of_removed_links)
{
	static const char *const links[] = { "/fail/link", "/fail/link/more", "/fail/link/" };
	struct leaks before;
	struct path path;
	unsigned int i;

	leaks_begin(&before);
	KTAP_EXPECT_EQ(init_mkdir("/fail", 0755), 0);
	KTAP_EXPECT_EQ(init_mkdir("/fail/mnt", 0755), 0);
	KTAP_EXPECT_EQ(register_filesystem(&trap_type), 0);
	for (i = 0; i < ARRAY_SIZE(links); i++) {
		KTAP_EXPECT_EQ(init_mount(NULL, "/fail/mnt", "trap", 0, NULL), 0);
		KTAP_EXPECT_EQ(init_symlink("mnt/one/two/three", "/fail/link"), 0);
		to_unlink = "/fail/link";
		KTAP_EXPECT_EQ(kern_path(links[i], LOOKUP_FOLLOW, &path), 0);
		KTAP_EXPECT(!to_unlink);
		KTAP_EXPECT(!strcmp(path.dentry->d_name.name, i == 1 ? "more" : "three"));
		path_put(&path);
		KTAP_EXPECT_EQ(kern_path("/fail/mnt", 0, &path), 0);
		KTAP_EXPECT_EQ(path_umount(&path, 0), 0);
	}
	KTAP_EXPECT_EQ(unregister_filesystem(&trap_type), 0);
	KTAP_EXPECT_EQ(init_rmdir("/fail/mnt"), 0);
	KTAP_EXPECT_EQ(init_rmdir("/fail"), 0);
	KTAP_EXPECT(leaks_none(&before));
}

/* In a task with memory of its own, where paths of ring 3 can lie. */
static int fail_all(void *done)
{
	struct pt_regs mmap = {
		.di = USER_PAGE, .si = PAGE_SIZE, .dx = PROT_READ | PROT_WRITE,
		.r10 = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, .r8 = -1ul,
	};
	unsigned int round, i;

	current->mm = mm_alloc();
	switch_mm(current->mm);
	KTAP_EXPECT_EQ(__x64_sys_mmap(&mmap), USER_PAGE);
	for (round = 0; round < 2; round++) /* caches grow in the first */
		for (i = 0; i < ARRAY_SIZE(attempts); i++)
			fail_each(&attempts[i]);
	*(bool *)done = true;
	do_exit(0);
}

long __x64_sys_wait4(const struct pt_regs *regs);

KTAP_SUITE(names_without_memory)
{
	struct pt_regs wait = { 0 };
	struct leaks before;
	bool done = false;

	leaks_begin(&before);
	KTAP_EXPECT_EQ(init_mkdir("/fail", 0755), 0);
	KTAP_EXPECT_EQ(init_mkdir("/fail/dir", 0755), 0);
	KTAP_EXPECT_EQ(init_mkdir("/fail/sub", 0755), 0);
	KTAP_EXPECT_EQ(filp_close(filp_open("/fail/file", O_RDWR | O_CREAT, 0600), NULL), 0);
	KTAP_EXPECT_EQ(init_symlink("file", "/fail/link"), 0);
	wait.di = user_mode_thread(fail_all, &done);
	while (!done)
		schedule();
	KTAP_EXPECT_EQ(__x64_sys_wait4(&wait), wait.di);
	KTAP_EXPECT_EQ(init_unlink("/fail/link"), 0);
	KTAP_EXPECT_EQ(init_unlink("/fail/file"), 0);
	KTAP_EXPECT_EQ(init_rmdir("/fail/dir"), 0);
	KTAP_EXPECT_EQ(init_rmdir("/fail/sub"), 0);
	KTAP_EXPECT_EQ(init_rmdir("/fail"), 0);
	KTAP_EXPECT(leaks_none(&before));
}
