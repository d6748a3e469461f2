// SPDX-License-Identifier: MIT
/* files.c - files of /proc, texts of records, and files the kernel opens itself. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fs.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

struct record {
	int number;
	struct list_head list;
};

static LIST_HEAD(records);
static struct record all[400];
static struct proc_dir_entry *dir, *value_entry;
static char value[32] = "files: nothing\n";

/* One record. */
static int one_show(struct seq_file *m, void *v)
{
	seq_puts(m, "files: one");
	seq_putc(m, ' ');
	seq_printf(m, "%d %d\n", v == SEQ_START_TOKEN, m->private == NULL);
	return 0;
}

/* More records than a page holds, and one of them larger than that. */
static void *many_start(struct seq_file *m, loff_t *pos)
{
	return seq_list_start(&records, *pos);
}

static void *many_next(struct seq_file *m, void *v, loff_t *pos)
{
	return seq_list_next(v, &records, pos);
}

static void many_stop(struct seq_file *m, void *v)
{
}

static int many_show(struct seq_file *m, void *v)
{
	int number = list_entry(v, struct record, list)->number, i;

	if (number % 2)
		return SEQ_SKIP;
	for (i = 0; number == 200 && i < 5000; i++)
		seq_putc(m, 'x');
	seq_printf(m, "record %d\n", number);
	return 0;
}

static const struct seq_operations many_ops = {
	.start = many_start,
	.next = many_next,
	.stop = many_stop,
	.show = many_show,
};

static int many_open(struct inode *inode, struct file *file)
{
	pr_info("many opened, data %d\n", pde_data(inode) == &records);
	return seq_open(file, &many_ops);
}

static int many_release(struct inode *inode, struct file *file)
{
	pr_info("many released\n");
	return seq_release(inode, file);
}

static const struct proc_ops many_proc_ops = {
	.proc_open = many_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_release = many_release,
};

/* A value that is read and written. */
static ssize_t value_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	return simple_read_from_buffer(buf, count, pos, value, strlen(value));
}

static ssize_t value_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	ssize_t n;

	memset(value, 0, sizeof(value));
	n = simple_write_to_buffer(value, sizeof(value) - 1, pos, buf, count);
	pr_info("written %zd at %lld\n", n, *pos);
	return n;
}

static const struct proc_ops value_proc_ops = {
	.proc_read = value_read,
	.proc_write = value_write,
	.proc_lseek = generic_file_llseek,
};

/* What the kernel reads of itself. */
static void read_back(const char *name)
{
	struct file *file = filp_open(name, O_RDONLY, 0);
	unsigned long sum = 0;
	loff_t pos = 0;
	char *buf;
	ssize_t n;
	int pieces = 0;

	if (IS_ERR(file)) {
		pr_info("%s: open %ld\n", name, PTR_ERR(file));
		return;
	}
	buf = kmalloc(300, GFP_KERNEL);
	while ((n = kernel_read(file, buf, 300, &pos)) > 0) {
		pieces++;
		while (n--)
			sum = sum * 31 + buf[n];
	}
	pr_info("%s: %d pieces, %lld bytes, sum %lx, then %zd\n", name, pieces, pos, sum, n);
	kfree(buf);
	pr_info("%s: close %d\n", name, filp_close(file, NULL));
}

static void write_file(void)
{
	struct file *file = filp_open("/files.txt", O_RDWR | O_CREAT | O_TRUNC, 0600);
	loff_t pos = 3;
	char buf[8] = "";
	ssize_t n;

	if (IS_ERR(file)) {
		pr_info("open %ld\n", PTR_ERR(file));
		return;
	}
	n = kernel_write(file, "text", 4, &pos);
	pr_info("kernel_write %zd, pos %lld, size %lld\n", n, pos, i_size_read(file_inode(file)));
	pos = 1;
	n = kernel_read(file, buf, sizeof(buf), &pos);
	pr_info("kernel_read %zd, pos %lld, '%s'\n", n, pos, buf + 2);
	filp_close(file, NULL);
}

static int __init start(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		all[i].number = i;
		list_add_tail(&all[i].list, &records);
	}
	dir = proc_mkdir("names", NULL);
	value_entry = proc_create("value", 0644, dir, &value_proc_ops);
	if (!dir || !value_entry)
		return -ENOMEM;
	proc_create_data("many", 0, dir, &many_proc_ops, &records);
	proc_create_seq("names/seq", 0444, NULL, &many_ops);
	proc_create_single("one", 0444, dir, one_show);
	pr_info("again: %d\n", proc_create_single("none/one", 0444, dir, one_show) == NULL);
	read_back("/proc/names/one");
	read_back("/proc/names/seq");
	read_back("/proc/names/many");
	read_back("/proc/names/none");
	write_file();
	return 0;
}

static void __exit end(void)
{
	proc_remove(value_entry);
	remove_proc_entry("one", dir);
	read_back("/proc/names/one");
	pr_info("subtree %d\n", remove_proc_subtree("names", NULL));
	read_back("/proc/names/seq");
	pr_info("removed\n");
}

module_init(start);
module_exit(end);
MODULE_LICENSE("Dual MIT/GPL");
