/*
 * Pipes and FIFOs when memory is short, and what their ends leave behind.
 */
#include "kernel/fs/pipe/pipe.h"
#include "kernel/sched/user.h"
#include "kernel/syscalls.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

#define NAME "/fifo.ktap"

long __x64_sys_pipe2(const struct pt_regs *regs);

/* Nothing of ring 3's is here to hold the two numbers: what goes well ends with -EFAULT. */
static long make_pipe(void)
{
	struct pt_regs regs = { .di = 0 };

	return __x64_sys_pipe2(&regs);
}

KTAP_SUITE(a_pipe_that_fails_leaves_nothing)
{
	unsigned long counted = current_cred()->user->pipe_bufs;
	struct leaks before;
	unsigned int n;
	long ret = 0;

	KTAP_EXPECT_EQ(make_pipe(), -EFAULT); /* caches and tables grow now */
	leaks_begin(&before);
	for (n = 0; n < 20 && ret != -EFAULT; n++) {
		failslab_arm(NULL, n, 1);
		ret = make_pipe();
		failslab.times = 0;
		KTAP_EXPECT(ret == -EFAULT || ret == -ENOMEM || ret == -ENFILE);
		KTAP_EXPECT(leaks_none(&before));
		KTAP_EXPECT_EQ(current_cred()->user->pipe_bufs, counted);
	}
	KTAP_EXPECT(n >= 6 && ret == -EFAULT);
}

static struct file *open_fifo(int flags)
{
	return filp_open(NAME, flags | O_NONBLOCK, 0);
}

KTAP_SUITE(a_fifo_that_fails_leaves_nothing)
{
	struct file *file = ERR_PTR(-ENOMEM);
	unsigned long counted = current_cred()->user->pipe_bufs;
	struct leaks before;
	unsigned int n;

	KTAP_EXPECT_EQ(init_mknod(NAME, S_IFIFO | 0600, 0), 0);
	fput(open_fifo(O_RDWR));
	leaks_begin(&before);
	for (n = 0; n < 20 && IS_ERR(file); n++) {
		failslab_arm(NULL, n, 1);
		file = open_fifo(O_RDWR);
		failslab.times = 0;
		if (IS_ERR(file))
			KTAP_EXPECT(PTR_ERR(file) == -ENOMEM && leaks_none(&before));
	}
	KTAP_EXPECT(n >= 4 && !IS_ERR(file));
	fput(file);
	KTAP_EXPECT(leaks_none(&before));
	KTAP_EXPECT_EQ(PTR_ERR(open_fifo(O_WRONLY)), -ENXIO);
	KTAP_EXPECT_EQ(PTR_ERR(open_fifo(O_ACCMODE)), -EINVAL);
	KTAP_EXPECT(leaks_none(&before));
	KTAP_EXPECT_EQ(current_cred()->user->pipe_bufs, counted);
	init_unlink(NAME);
}

/* A ring that cannot be made leaves the old one, with what is in it. */
KTAP_SUITE(a_pipe_that_cannot_grow_keeps_its_bytes)
{
	unsigned long free = nr_free_pages();
	struct leaks before;
	struct file *file;
	char text[8] = "";

	KTAP_EXPECT_EQ(init_mknod(NAME, S_IFIFO | 0600, 0), 0);
	leaks_begin(&before);
	file = open_fifo(O_RDWR);
	KTAP_EXPECT_EQ(kernel_write(file, "abc", 3, NULL), 3);
	failslab_arm(NULL, 0, 1);
	KTAP_EXPECT_EQ(pipe_fcntl(file, F_SETPIPE_SZ, 2 * PAGE_SIZE), -ENOMEM);
	failslab.times = 0;
	KTAP_EXPECT_EQ(pipe_fcntl(file, F_GETPIPE_SZ, 0), 16 * PAGE_SIZE);
	KTAP_EXPECT_EQ(kernel_write(file, "def", 3, NULL), 3);
	KTAP_EXPECT_EQ(pipe_fcntl(file, F_SETPIPE_SZ, 2 * PAGE_SIZE), 2 * PAGE_SIZE);
	KTAP_EXPECT_EQ(kernel_read(file, text, 4, NULL), 4);
	KTAP_EXPECT(!memcmp(text, "abcd", 4));
	fput(file); /* two bytes are in it */
	KTAP_EXPECT(leaks_none(&before));
	init_unlink(NAME);
	KTAP_EXPECT(nr_free_pages() + 8 >= free);
}
