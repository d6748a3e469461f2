// SPDX-License-Identifier: MIT
/* keys.c - queues of elements, static keys, paths in the kernel, sets of signals, a panic's chain. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fs.h>
#include <linux/jump_label.h>
#include <linux/kfifo.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/namei.h>
#include <linux/panic_notifier.h>
#include <linux/proc_fs.h>
#include <linux/sched/signal.h>

struct sample {
	u64 time;
	int cpu;
};

static DEFINE_KFIFO(numbers, int, 8);
static DECLARE_KFIFO_PTR(samples, struct sample);
static struct kfifo bytes;
static DEFINE_SPINLOCK(lock);
static DEFINE_STATIC_KEY_FALSE(off);
static DEFINE_STATIC_KEY_TRUE(on);

static void elements(void)
{
	int put, value = 0, many[8] = { 0 };

	for (put = 0; kfifo_put(&numbers, put * put); put++)
		;
	pr_info("put %d, full %d, get %u", put, kfifo_is_full(&numbers), kfifo_get(&numbers, &value));
	pr_cont(" %d, peek %u", value, kfifo_peek(&numbers, &value));
	pr_cont(" %d, length %u, free %u\n", value, kfifo_len(&numbers), kfifo_avail(&numbers));
	kfifo_skip(&numbers);
	put = kfifo_out_spinlocked(&numbers, many, 4, &lock);
	pr_info("out %d: %d %d %d %d\n", put, many[0], many[1], many[2], many[3]);
	pr_info("in %u", kfifo_in(&numbers, many, 8)); /* around the end of the memory */
	put = kfifo_out(&numbers, many, 8);
	pr_cont(", out %d: %d %d %d %d %d\n", put, many[0], many[1], many[2], many[3], many[7]);
	pr_info("empty %d, get %u\n", kfifo_is_empty(&numbers), kfifo_get(&numbers, &value));
}

static void memory_of_its_own(void)
{
	struct sample sample = { 7, 1 };
	char text[8] = "";
	int err = kfifo_alloc(&samples, 5, GFP_KERNEL);

	pr_info("alloc %d, size %u, esize %u, initialized %d\n", err, kfifo_size(&samples),
		kfifo_esize(&samples), kfifo_initialized(&samples) != 0);
	err = kfifo_put(&samples, sample);
	sample.cpu = 0;
	pr_info("put %d, get %u", err, kfifo_get(&samples, &sample));
	pr_cont(" %llu %d\n", sample.time, sample.cpu);
	kfifo_free(&samples);
	pr_info("freed %d, alloc of 1: %d\n", kfifo_initialized(&samples) != 0,
		kfifo_alloc(&samples, 1, GFP_KERNEL));
	err = kfifo_init(&bytes, text, sizeof(text));
	pr_info("init %d, in %u, length %u\n", err, kfifo_in(&bytes, "abcdefghij", 10),
		kfifo_len(&bytes));
	kfifo_reset(&bytes);
	pr_info("text %.8s, length %u\n", text, kfifo_len(&bytes));
}

static void branches(void)
{
	static_branch_enable(&off);
	static_branch_disable(&on);
	pr_info("enabled %d, disabled %d\n", !!static_branch_unlikely(&off),
		!static_branch_likely(&on));
	static_branch_disable(&off);
	static_branch_inc(&off);
	static_branch_inc(&off);
	static_branch_dec(&off);
	pr_info("counted %d", static_key_enabled(&off));
	static_branch_dec(&off);
	pr_cont(" %d\n", static_key_enabled(&off));
}

/* The path that open() was asked for, where do_filp_open() has it. */
static int see_name(struct kprobe *p, struct pt_regs *regs)
{
	struct filename *name = (struct filename *)regs->si;

	if (!strncmp(name->name, "/keys", 5))
		pr_info("open %s: from the kernel %d, in place %d, references %d\n", name->name,
			!name->uptr, name->name == name->iname, atomic_read(&name->refcnt));
	return 0;
}

static struct kprobe open_probe = { .symbol_name = "do_filp_open", .pre_handler = see_name };

static void names(void)
{
	struct file *file;
	struct path path;

	pr_info("probe %d\n", register_kprobe(&open_probe));
	file = filp_open("/keys.missing", O_RDONLY, 0);
	pr_info("open %ld, user_path_at %d\n", PTR_ERR(file),
		user_path_at(AT_FDCWD, (const char __user *)8, 0, &path));
}

/* A write puts bytes in, a read takes them out. */
static ssize_t keys_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	unsigned int copied = 0;
	int err = kfifo_from_user(&bytes, buf, count, &copied);

	pr_info("from ring 3: %d, %u bytes of %zu\n", err, copied, count);
	return err ? err : copied;
}

static ssize_t keys_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	unsigned int copied = 0;
	int err = kfifo_to_user(&bytes, buf, count, &copied);

	pr_info("to ring 3: %d, %u bytes\n", err, copied);
	return err ? err : copied;
}

static const struct proc_ops keys_ops = { .proc_read = keys_read, .proc_write = keys_write };

static char room[8];

static int told(struct notifier_block *nb, unsigned long action, void *message)
{
	return NOTIFY_DONE;
}

static struct notifier_block panic_nb = { .notifier_call = told };

static int __init keys_init(void)
{
	elements();
	memory_of_its_own();
	pr_info("first: enabled %d, disabled %d\n", static_key_enabled(&on), !static_key_enabled(&off));
	branches();
	names();
	pr_info("words of a set %d, no signal waits %d\n", _NSIG_WORDS,
		!(current->pending.signal.sig[_NSIG_WORDS - 1] & ~current->blocked.sig[0]));
	if (kfifo_init(&bytes, room, sizeof(room)))
		return -EINVAL;
	proc_create("names_keys", 0644, NULL, &keys_ops);
	pr_info("panic %d\n", atomic_notifier_chain_register(&panic_notifier_list, &panic_nb));
	return 0;
}

static void __exit keys_exit(void)
{
	remove_proc_entry("names_keys", NULL);
	pr_info("panic %d\n", atomic_notifier_chain_unregister(&panic_notifier_list, &panic_nb));
	unregister_kprobe(&open_probe);
}

module_init(keys_init);
module_exit(keys_exit);
MODULE_LICENSE("Dual MIT/GPL");
