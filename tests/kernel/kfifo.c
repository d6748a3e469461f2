/*
 * <linux/kfifo.h>: what crosses the point where its 32-bit indices wrap, and sizes that it refuses.
 */
#include <linux/kfifo.h>
#include <uapi/mman.h>

#include "kernel/process/process.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/user.h"

long __x64_sys_mmap(const struct pt_regs *regs);
long __x64_sys_wait4(const struct pt_regs *regs);

enum { SIZE = 16, USED = 3 };

static struct {
	unsigned char bytes[4 * SIZE]; /* the first SIZE are the fifo's */
	int in, out;
	unsigned int copied_in, copied_out;
} wrapped;

static int copy_more_than_fits(void *arg __maybe_unused)
{
	struct pt_regs mmap = {
		.di = USER_PAGE, .si = PAGE_SIZE, .dx = PROT_READ | PROT_WRITE,
		.r10 = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, .r8 = -1ul,
	};
	void __user *page = (void __user *)USER_PAGE;
	struct kfifo fifo;

	current->mm = mm_alloc();
	switch_mm(current->mm);
	if ((unsigned long)__x64_sys_mmap(&mmap) != USER_PAGE)
		return -ENOMEM;
	memset(wrapped.bytes, 0x5a, sizeof(wrapped.bytes));
	kfifo_init(&fifo, wrapped.bytes, SIZE);
	fifo.kfifo.in = 2;
	fifo.kfifo.out = fifo.kfifo.in - USED;
	wrapped.in = kfifo_from_user(&fifo, page, sizeof(wrapped.bytes), &wrapped.copied_in);
	wrapped.out = kfifo_to_user(&fifo, page, sizeof(wrapped.bytes), &wrapped.copied_out);
	do_exit(0);
}

KTAP_SUITE(kfifo_indices_wrap)
{
	struct pt_regs wait = { .di = user_mode_thread(copy_more_than_fits, NULL) };

	KTAP_EXPECT_EQ(__x64_sys_wait4(&wait), wait.di);
	KTAP_EXPECT_EQ(wrapped.in, 0);
	KTAP_EXPECT_EQ(wrapped.copied_in, SIZE - USED);
	KTAP_EXPECT_EQ(wrapped.out, 0);
	KTAP_EXPECT_EQ(wrapped.copied_out, SIZE);
	for (int i = SIZE; i < (int)sizeof(wrapped.bytes); i++)
		KTAP_EXPECT_EQ(wrapped.bytes[i], 0x5a);
}

KTAP_SUITE(kfifo_sizes)
{
	struct kfifo fifo;

	KTAP_EXPECT_EQ(kfifo_alloc(&fifo, 1, GFP_KERNEL), -EINVAL);
	KTAP_EXPECT_EQ(kfifo_alloc(&fifo, 0x80000001u, GFP_KERNEL), -EINVAL);
	KTAP_EXPECT_EQ(kfifo_alloc(&fifo, 100, GFP_KERNEL), 0);
	KTAP_EXPECT_EQ(kfifo_size(&fifo), 128);
	kfifo_free(&fifo);
}
