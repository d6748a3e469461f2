/*
 * The VFS with a second task: what must wait for another waits, and what is held stays.
 */
#include "kernel/fs/internal.h"
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
