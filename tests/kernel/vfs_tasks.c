/*
 * The VFS with a second task: what must wait for another waits, and what is held stays.
 */
#include <uapi/unistd.h>

#include "kernel/fs/internal.h"
#include "kernel/fs/mount.h"
#include "kernel/fs/proc.h"
#include "kernel/fs/seq_file.h"
#include "kernel/kthread.h"
#include "kernel/sched/completion.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

#define ROUNDS 10 /* of schedule(): enough for everybody to get as far as he can */

static void let_others_run(void)
{
	int i;

	for (i = 0; i < ROUNDS; i++)
		schedule();
}

static bool truncated;

static int truncate(void *unused __maybe_unused)
{
	struct file *file = filp_open("/file", O_WRONLY | O_TRUNC, 0);

	if (!IS_ERR(file))
		filp_close(file, NULL);
	truncated = true;
	return 0;
}

/* open() with O_TRUNC waits for who writes to the file. */
KTAP_SUITE(truncation_waits_for_the_inode)
{
	struct file *file = filp_open("/file", O_RDWR | O_CREAT, 0600);
	loff_t pos = 0;

	KTAP_EXPECT_EQ(kernel_write(file, "text", 4, &pos), 4);
	truncated = false;
	inode_lock(file->f_inode);
	KTAP_EXPECT(!IS_ERR(kthread_run(truncate, NULL, "truncate")));
	let_others_run();
	KTAP_EXPECT(!truncated);
	KTAP_EXPECT_EQ(file->f_inode->i_size, 4);
	inode_unlock(file->f_inode);
	let_others_run();
	KTAP_EXPECT(truncated);
	KTAP_EXPECT_EQ(file->f_inode->i_size, 0);
	filp_close(file, NULL);
	KTAP_EXPECT_EQ(init_unlink("/file"), 0);
}

static bool locked(const struct path *dir)
{
	return mutex_is_locked(&dir->dentry->d_inode->i_mutex);
}

/* Who gets a dentry to work with has its directory locked, until done_path_create(). */
KTAP_SUITE(directory_is_locked_while_a_name_is_made)
{
	struct dentry *dentry;
	struct leaks before;
	struct path root, dir;

	leaks_begin(&before);
	KTAP_EXPECT_EQ(kern_path("/", 0, &root), 0);
	dentry = kern_path_create(AT_FDCWD, "/name", &dir, 0);
	KTAP_EXPECT(path_equal(&root, &dir) && locked(&root));
	done_path_create(&dir, dentry);
	KTAP_EXPECT(!locked(&root));
	dentry = kern_path_locked(AT_FDCWD, "/dev", &dir);
	KTAP_EXPECT(!d_is_negative(dentry) && locked(&root));
	done_path_create(&dir, dentry);
	KTAP_EXPECT(!locked(&root));

	KTAP_EXPECT_EQ(PTR_ERR(kern_path_create(AT_FDCWD, "/dev", &dir, 0)), -EEXIST);
	KTAP_EXPECT_EQ(PTR_ERR(kern_path_create(AT_FDCWD, "/name/", &dir, 0)), -ENOENT);
	KTAP_EXPECT_EQ(PTR_ERR(kern_path_create(AT_FDCWD, "/", &dir, 0)), -EEXIST);
	KTAP_EXPECT_EQ(PTR_ERR(kern_path_locked(AT_FDCWD, "/..", &dir)), -EINVAL);
	KTAP_EXPECT_EQ(PTR_ERR(filp_open("/none/name", O_CREAT, 0600)), -ENOENT);
	KTAP_EXPECT(!locked(&root));
	path_put(&root);
	KTAP_EXPECT(leaks_none(&before));
}

static int results[3];

static int open_new(void *unused __maybe_unused)
{
	struct file *file = filp_open("/name", O_WRONLY | O_CREAT | O_EXCL, 0600);

	results[0] = IS_ERR(file) ? PTR_ERR(file) : 0;
	if (!IS_ERR(file))
		filp_close(file, NULL);
	return 0;
}

static int make_directory(void *unused __maybe_unused)
{
	results[1] = init_mkdir("/name", 0700);
	return 0;
}

static int remove_name(void *unused __maybe_unused)
{
	results[2] = init_unlink("/name");
	return 0;
}

/* They wait for each other, and then see what the one before them did. */
KTAP_SUITE(makers_of_a_name_wait_for_the_directory)
{
	struct dentry *dentry;
	struct leaks before;
	struct path dir;

	leaks_begin(&before);
	results[0] = results[1] = results[2] = 1;
	dentry = kern_path_create(AT_FDCWD, "/name", &dir, 0);
	KTAP_EXPECT(!IS_ERR(dentry));
	kthread_run(open_new, NULL, "open");
	kthread_run(make_directory, NULL, "mkdir");
	kthread_run(remove_name, NULL, "unlink");
	let_others_run();
	KTAP_EXPECT(results[0] == 1 && results[1] == 1 && results[2] == 1);
	KTAP_EXPECT_EQ(vfs_mknod(dir.dentry->d_inode, dentry, S_IFREG | 0600, 0), 0);
	done_path_create(&dir, dentry);
	let_others_run();
	KTAP_EXPECT_EQ(results[0], -EEXIST);
	KTAP_EXPECT_EQ(results[1], -EEXIST);
	KTAP_EXPECT_EQ(results[2], 0);
	KTAP_EXPECT_EQ(init_unlink("/name"), -ENOENT);
	KTAP_EXPECT(leaks_none(&before));
}

static int remove_directory(void *unused __maybe_unused)
{
	results[1] = init_rmdir("/dir");
	return 0;
}

/* A directory in which a name is being made is not empty when its remover looks. */
KTAP_SUITE(rmdir_waits_for_who_makes_a_name_in_it)
{
	struct dentry *dentry;
	struct leaks before;
	struct path dir;

	leaks_begin(&before);
	results[1] = 1;
	KTAP_EXPECT_EQ(init_mkdir("/dir", 0700), 0);
	dentry = kern_path_create(AT_FDCWD, "/dir/name", &dir, 0);
	kthread_run(remove_directory, NULL, "rmdir");
	let_others_run();
	KTAP_EXPECT_EQ(results[1], 1);
	KTAP_EXPECT_EQ(vfs_mknod(dir.dentry->d_inode, dentry, S_IFREG | 0600, 0), 0);
	done_path_create(&dir, dentry);
	let_others_run();
	KTAP_EXPECT_EQ(results[1], -ENOTEMPTY);
	KTAP_EXPECT_EQ(init_unlink("/dir/name"), 0);
	KTAP_EXPECT_EQ(init_rmdir("/dir"), 0);
	KTAP_EXPECT(leaks_none(&before));
}

/* --- /proc ---------------------------------------------------------------------------------- */

static DECLARE_COMPLETION(go_on);
static bool in_show, removed;
static ssize_t was_read;

static int slow_show(struct seq_file *m, void *v __maybe_unused)
{
	in_show = true;
	wait_for_completion(&go_on);
	in_show = false;
	seq_puts(m, "slow\n");
	return 0;
}

static int read_slowly(void *file)
{
	char buf[8];
	loff_t pos = 0;

	was_read = kernel_read(file, buf, sizeof(buf), &pos);
	return 0;
}

static int remove_it(void *unused __maybe_unused)
{
	remove_proc_entry("slow", NULL);
	removed = true;
	return 0;
}

/* remove_proc_entry() returns when no operation of the entry runs any more. */
KTAP_SUITE(proc_entry_is_removed_when_its_reader_is_done)
{
	struct leaks before;
	struct file *file;
	char buf[8];
	loff_t pos = 0;

	leaks_begin(&before);
	reinit_completion(&go_on);
	removed = false;
	was_read = 0;
	KTAP_EXPECT(proc_create_single("slow", 0, NULL, slow_show));
	file = filp_open("/proc/slow", O_RDONLY, 0);
	KTAP_EXPECT(!IS_ERR(file));
	kthread_run(read_slowly, file, "reader");
	let_others_run();
	KTAP_EXPECT(in_show);
	kthread_run(remove_it, NULL, "remover");
	let_others_run();
	KTAP_EXPECT(in_show && !removed);

	/* nothing begins any more in what is being removed */
	KTAP_EXPECT_EQ(kernel_read(file, buf, sizeof(buf), &pos), -EIO);
	KTAP_EXPECT_EQ(PTR_ERR(filp_open("/proc/slow", O_RDONLY, 0)), -ENOENT);

	complete(&go_on);
	let_others_run();
	KTAP_EXPECT(removed && !in_show);
	KTAP_EXPECT_EQ(was_read, 5);
	KTAP_EXPECT_EQ(kernel_read(file, buf, sizeof(buf), &pos), -EIO);
	filp_close(file, NULL);
	KTAP_EXPECT(leaks_none(&before));
}

static struct proc_dir_entry *full;
static int taken;

/* Removes the entry whose name it takes, as another task could while a taker sleeps. */
static bool take_and_remove(struct dir_context *ctx __maybe_unused, const char *name,
			    int namelen __maybe_unused, loff_t offset __maybe_unused,
			    u64 ino __maybe_unused, unsigned int type __maybe_unused)
{
	char copy[8];

	if (name[0] == '.')
		return true;
	taken++;
	snprintf(copy, sizeof(copy), "%s", name);
	KTAP_EXPECT_EQ(remove_proc_subtree(copy, full), 0);
	KTAP_EXPECT(!strcmp(name, copy)); /* the reader still has it */
	return true;
}

KTAP_SUITE(proc_reader_of_a_directory_keeps_its_entry)
{
	struct dir_context ctx = { .actor = take_and_remove };
	struct leaks before;
	struct file *dir;
	int i;

	leaks_begin(&before);
	taken = 0;
	full = proc_mkdir("full", NULL);
	KTAP_EXPECT(proc_mkdir("a", full) && proc_mkdir("b", full) && proc_mkdir("c", full));
	dir = filp_open("/proc/full", O_RDONLY | O_DIRECTORY, 0);
	for (i = 1; i <= 3; i++) {
		KTAP_EXPECT_EQ(iterate_dir(dir, &ctx), 0);
		KTAP_EXPECT_EQ(taken, i);
	}
	KTAP_EXPECT_EQ(iterate_dir(dir, &ctx), 0);
	KTAP_EXPECT_EQ(taken, 3);
	filp_close(dir, NULL);
	proc_remove(full);
	KTAP_EXPECT(leaks_none(&before));
}

static bool somebody_ran;

static int note_that_we_ran(void *unused __maybe_unused)
{
	somebody_ran = true;
	return 0;
}

struct names {
	struct dir_context ctx;
	int seen; /* names, before anybody else ran */
};

/* From the first name on the time of current is up. */
static bool count_name(struct dir_context *ctx, const char *name __maybe_unused, int len __maybe_unused,
		       loff_t pos __maybe_unused, u64 ino __maybe_unused, unsigned int type __maybe_unused)
{
	struct names *names = container_of(ctx, struct names, ctx);

	current->thread_flags |= TIF_NEED_RESCHED;
	names->seen += !somebody_ran;
	return true;
}

/* A directory may be long: other tasks run while it is read, and while a place in it is searched. */
KTAP_SUITE(others_run_while_a_directory_is_read)
{
	struct names names = { .ctx.actor = count_name };
	struct file *dir;

	KTAP_EXPECT_EQ(init_mkdir("/long", 0700), 0);
	KTAP_EXPECT_EQ(init_mkdir("/long/a", 0700), 0);
	KTAP_EXPECT_EQ(init_mkdir("/long/b", 0700), 0);
	KTAP_EXPECT_EQ(init_mkdir("/long/c", 0700), 0);
	dir = filp_open("/long", O_RDONLY | O_DIRECTORY, 0);
	somebody_ran = false;
	KTAP_EXPECT(!IS_ERR(kthread_run(note_that_we_ran, NULL, "other")));
	KTAP_EXPECT_EQ(iterate_dir(dir, &names.ctx), 0);
	KTAP_EXPECT_EQ(names.seen, 3); /* ".", ".." and the first */
	let_others_run();
	somebody_ran = false;
	KTAP_EXPECT(!IS_ERR(kthread_run(note_that_we_ran, NULL, "other")));
	current->thread_flags |= TIF_NEED_RESCHED;
	KTAP_EXPECT_EQ(vfs_llseek(dir, 4, SEEK_SET), 4);
	KTAP_EXPECT(somebody_ran);
	filp_close(dir, NULL);
	let_others_run();
	KTAP_EXPECT_EQ(init_rmdir("/long/a"), 0);
	KTAP_EXPECT_EQ(init_rmdir("/long/b"), 0);
	KTAP_EXPECT_EQ(init_rmdir("/long/c"), 0);
	KTAP_EXPECT_EQ(init_rmdir("/long"), 0);
}
