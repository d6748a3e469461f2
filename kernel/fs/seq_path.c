/*
 * More for texts that are made of records: paths, in which what would break a line is written as \ooo; and records
 * in a list. Linux: fs/seq_file.c
 */
#include "kernel/fs/fs.h"
#include "kernel/lib/export.h"

/* @text, and the characters of @esc as \ooo. */
static void put_escaped(struct seq_file *m, const char *text, const char *esc)
{
	for (; *text; text++) {
		if (strchr(esc, *text))
			seq_printf(m, "\\%03o", (unsigned char)*text);
		else
			seq_putc(m, *text);
	}
}

int seq_path(struct seq_file *m, const struct path *path, const char *esc)
{
	char *page = kmalloc(PATH_MAX, GFP_KERNEL), *name;
	int ret = -1;

	if (!page) {
		m->count = m->size; /* as if it did not fit: the reader tries again, and is told then */
		return ret;
	}
	name = d_path(path, page, PATH_MAX);
	if (!IS_ERR(name)) {
		put_escaped(m, name, esc);
		ret = seq_has_overflowed(m) ? -1 : 0;
	}
	kfree(page);
	return ret;
}

/* --- records in a list ---------------------------------------------------------------------- */

struct list_head *seq_list_start(struct list_head *head, loff_t pos)
{
	struct list_head *lh;

	list_for_each(lh, head)
		if (pos-- == 0)
			return lh;
	return NULL;
}

struct list_head *seq_list_start_head(struct list_head *head, loff_t pos)
{
	return pos ? seq_list_start(head, pos - 1) : head;
}

struct list_head *seq_list_next(void *v, struct list_head *head, loff_t *ppos)
{
	struct list_head *lh = ((struct list_head *)v)->next;

	++*ppos;
	return lh == head ? NULL : lh;
}

EXPORT_SYMBOL(seq_path);
EXPORT_SYMBOL(seq_list_start);
EXPORT_SYMBOL(seq_list_start_head);
EXPORT_SYMBOL(seq_list_next);
