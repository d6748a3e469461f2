/*
 * Character devices, and the modules behind them; notifier chains; threads that end themselves.
 */
#include "kernel/drivers/miscdevice.h"
#include "kernel/fs/fs.h"
#include "kernel/kthread.h"
#include "kernel/notifier.h"
#include "kernel/sched/sched.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

static struct module driver = { .state = MODULE_STATE_LIVE, .name = "driver" };
static int open_error, released;

static int test_open(struct inode *inode __maybe_unused, struct file *file __maybe_unused)
{
	return open_error;
}

static int test_release(struct inode *inode __maybe_unused, struct file *file __maybe_unused)
{
	KTAP_EXPECT(driver.refcnt > 0); /* until release() has returned */
	released++;
	return 0;
}

static const struct file_operations test_fops = {
	.owner = &driver,
	.open = test_open,
	.release = test_release,
};

static long open_and_close(const char *path)
{
	struct file *file = filp_open(path, O_RDONLY, 0);

	if (IS_ERR(file))
		return PTR_ERR(file);
	fput(file);
	return 0;
}

/* An open file holds the module twice, as on Linux: by its operations, and by its cdev. */
KTAP_SUITE(chrdev_open_holds_the_module)
{
	struct class *class;
	struct leaks before;
	struct file *file;
	int major;

	leaks_begin(&before);
	major = register_chrdev(0, "ktap", &test_fops);
	KTAP_EXPECT(major >= 234 && major <= 254);
	KTAP_EXPECT_EQ(register_chrdev(major, "ktap", &test_fops), -EBUSY);
	class = class_create(&driver, "ktap");
	KTAP_EXPECT(!IS_ERR(device_create(class, NULL, MKDEV(major, 3), NULL, "ktap%d", 3)));
	KTAP_EXPECT_EQ(PTR_ERR(device_create(class, NULL, MKDEV(major, 4), NULL, "ktap3")), -EEXIST);

	file = filp_open("/dev/ktap3", O_RDWR, 0);
	KTAP_EXPECT(!IS_ERR(file));
	KTAP_EXPECT_EQ(file->f_inode->i_mode, S_IFCHR | 0600);
	KTAP_EXPECT_EQ(driver.refcnt, 2);
	released = 0;
	unregister_chrdev(major, "ktap"); /* the file stays, and keeps the driver for its node */
	KTAP_EXPECT_EQ(open_and_close("/dev/ktap3"), 0);
	KTAP_EXPECT_EQ(driver.refcnt, 2);
	fput(file);
	KTAP_EXPECT_EQ(released, 2);
	KTAP_EXPECT_EQ(driver.refcnt, 0);
	KTAP_EXPECT_EQ(open_and_close("/dev/ktap3"), -ENXIO);

	device_destroy(class, MKDEV(major, 3));
	class_destroy(class);
	KTAP_EXPECT_EQ(open_and_close("/dev/ktap3"), -ENOENT);
	KTAP_EXPECT(leaks_none(&before));
}

KTAP_SUITE(chrdev_open_that_fails_holds_nothing)
{
	struct miscdevice misc = {
		.minor = MISC_DYNAMIC_MINOR, .name = "ktap", .fops = &test_fops, .mode = 0444,
	};
	struct miscdevice same = misc;
	struct leaks before;

	leaks_begin(&before);
	KTAP_EXPECT_EQ(misc_register(&misc), 0);
	KTAP_EXPECT(misc.minor != MISC_DYNAMIC_MINOR);
	KTAP_EXPECT_EQ(misc_register(&same), -EEXIST); /* the name */
	same.minor = misc.minor;
	KTAP_EXPECT_EQ(misc_register(&same), -EBUSY);

	released = 0;
	KTAP_EXPECT_EQ(open_and_close("/dev/ktap"), 0);
	KTAP_EXPECT_EQ(released, 1);
	open_error = -EIO;
	KTAP_EXPECT_EQ(open_and_close("/dev/ktap"), -EIO);
	open_error = 0;
	driver.state = MODULE_STATE_GOING;
	KTAP_EXPECT_EQ(open_and_close("/dev/ktap"), -ENODEV);
	driver.state = MODULE_STATE_LIVE;
	KTAP_EXPECT_EQ(released, 1);
	KTAP_EXPECT_EQ(driver.refcnt, 0);
	misc_deregister(&misc);
	KTAP_EXPECT(leaks_none(&before));
}

KTAP_SUITE(chrdev_regions)
{
	struct cdev *cdev = cdev_alloc();
	dev_t dev, other;

	KTAP_EXPECT_EQ(alloc_chrdev_region(&dev, 5, 2, "ktap"), 0);
	KTAP_EXPECT_EQ(MINOR(dev), 5);
	KTAP_EXPECT_EQ(alloc_chrdev_region(&other, 0, 1, "ktap"), 0);
	KTAP_EXPECT(MAJOR(other) != MAJOR(dev));
	KTAP_EXPECT_EQ(cdev_add(cdev, dev, 2), 0);
	cdev_del(cdev);
	unregister_chrdev_region(dev, 2);
	unregister_chrdev_region(other, 1);
	KTAP_EXPECT_EQ(register_chrdev_region(dev, 2, "ktap"), 0);
	unregister_chrdev_region(dev, 2);
}

static char calls[8];
static unsigned int nr_calls;

static int note_call(struct notifier_block *nb, unsigned long action, void *data)
{
	calls[nr_calls++] = (char)('0' + nb->priority);
	if (data)
		*(unsigned long *)data = action;
	return action == 2 ? NOTIFY_BAD : NOTIFY_OK;
}

KTAP_SUITE(notifier_chains)
{
	struct notifier_block low = { .notifier_call = note_call, .priority = 1 };
	struct notifier_block high = { .notifier_call = note_call, .priority = 3 };
	struct notifier_block middle = { .notifier_call = note_call, .priority = 2 };
	BLOCKING_NOTIFIER_HEAD(chain);
	unsigned long seen = 0;

	nr_calls = 0;
	KTAP_EXPECT_EQ(blocking_notifier_call_chain(&chain, 1, NULL), NOTIFY_DONE);
	KTAP_EXPECT_EQ(blocking_notifier_chain_register(&chain, &low), 0);
	KTAP_EXPECT_EQ(blocking_notifier_chain_register(&chain, &high), 0);
	KTAP_EXPECT_EQ(blocking_notifier_chain_register(&chain, &middle), 0);
	KTAP_EXPECT_EQ(blocking_notifier_chain_register(&chain, &middle), -EEXIST);
	KTAP_EXPECT_EQ(blocking_notifier_call_chain(&chain, 7, &seen), NOTIFY_OK);
	KTAP_EXPECT_EQ(seen, 7);
	KTAP_EXPECT_EQ(blocking_notifier_call_chain(&chain, 2, NULL), NOTIFY_BAD);
	KTAP_EXPECT_EQ(blocking_notifier_chain_unregister(&chain, &high), 0);
	KTAP_EXPECT_EQ(blocking_notifier_chain_unregister(&chain, &high), -ENOENT);
	KTAP_EXPECT_EQ(blocking_notifier_call_chain(&chain, 1, NULL), NOTIFY_OK);
	KTAP_EXPECT_EQ(nr_calls, 6);
	KTAP_EXPECT(!memcmp(calls, "321321", 6));
	KTAP_EXPECT_EQ(notifier_to_errno(notifier_from_errno(-EPERM)), -EPERM);
	KTAP_EXPECT_EQ(notifier_to_errno(notifier_from_errno(0)), 0);
}

static int end_with(void *done)
{
	kthread_complete_and_exit(done, 9);
}

static int wait_and_end(void *unused __maybe_unused)
{
	while (!kthread_should_stop())
		schedule_timeout_uninterruptible(1);
	kthread_exit(5);
}

KTAP_SUITE(threads_end_themselves)
{
	DECLARE_COMPLETION(done);
	struct task_struct *k;
	struct leaks before;

	leaks_begin(&before);
	kthread_run(end_with, &done, "ktap");
	wait_for_completion(&done);
	k = kthread_run(wait_and_end, NULL, "ktap");
	schedule_timeout_uninterruptible(2);
	KTAP_EXPECT_EQ(kthread_stop(k), 5);
	schedule_timeout_uninterruptible(3);
	KTAP_EXPECT(leaks_none(&before));
}
