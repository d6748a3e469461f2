/*
 * flags.c - arguments that are constants or sets of them.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "strace.h"

const char *name_of(const struct names *names, ulong value)
{
	for (const struct name *name = names->list; name->text; name++)
		if (name->value == value)
			return name->text;
	return NULL;
}

void put_name(const struct names *names, ulong value)
{
	const char *name = name_of(names, value);

	if (name)
		put("%s", name);
	else
		put("%#lx /* %s */", value, names->unknown);
}

/* The set's members; a remainder follows in hexadecimal digits. */
void put_flags(const struct names *names, ulong value)
{
	const char *zero = name_of(names, 0), *between = "";
	ulong all = value;

	if (!value) {
		put("%s", zero ? zero : "0");
		return;
	}
	for (const struct name *name = names->list; name->text; name++)
		if (name->value && (value & name->value) == name->value) {
			put("%s%s", between, name->text);
			value &= ~name->value;
			between = "|";
		}
	if (value == all)
		put("%#lx /* %s */", value, names->unknown);
	else if (value)
		put("|%#lx", value);
}

void show_flags(const struct view *view, const struct arg *arg, int i)
{
	put_flags(arg->names, (unsigned int)view->args[i]);
}

void show_name(const struct view *view, const struct arg *arg, int i)
{
	put_name(arg->names, (unsigned int)view->args[i]);
}

/* How a file is opened comes first, also when it is zero. */
void put_open_flags(unsigned int flags)
{
	static const char *const modes[] = { "O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE" };

	put("%s", modes[flags & O_ACCMODE]);
	if (flags & ~(unsigned int)O_ACCMODE) {
		put("|");
		put_flags(&open_flags, flags & ~(unsigned int)O_ACCMODE);
	}
}

void show_open_flags(const struct view *view, const struct arg *arg, int i)
{
	(void)arg;
	put_open_flags((unsigned int)view->args[i]);
}

/* Type and permissions. */
void put_mode(unsigned int mode)
{
	const char *type = name_of(&file_types, mode & S_IFMT);

	if (mode & S_IFMT) {
		if (type)
			put("%s|", type);
		else
			put("%#o|", mode & S_IFMT);
	}
	for (int bit = 0; bit < 3; bit++)
		if (mode & S_ISUID >> bit)
			put("%s|", (const char *const[]){ "S_ISUID", "S_ISGID", "S_ISVTX" }[bit]);
	put("%#03o", mode & 0777);
}

void show_mode(const struct view *view, const struct arg *arg, int i)
{
	(void)arg;
	put_mode((unsigned int)view->args[i] & 0xffff);
}

void show_dev(const struct view *view, const struct arg *arg, int i)
{
	ulong dev = view->args[i];

	(void)arg;
	put("makedev(%#lx, %#lx)", dev >> 8 & 0xfff, (dev & 0xff) | (dev >> 12 & 0xfff00));
}

int arity_open(const struct view *view)
{
	return view->args[1] & (O_CREAT | O_TMPFILE) & ~O_DIRECTORY ? 3 : 2;
}

int arity_openat(const struct view *view)
{
	return view->args[2] & (O_CREAT | O_TMPFILE) & ~O_DIRECTORY ? 4 : 3;
}

int arity_mremap(const struct view *view)
{
	return view->args[3] & 2 /* MREMAP_FIXED */ ? 5 : 4;
}

int arity_mknod(const struct view *view)
{
	unsigned int type = (unsigned int)view->args[1] & S_IFMT;

	return type == S_IFCHR || type == S_IFBLK ? 3 : 2;
}

int arity_mknodat(const struct view *view)
{
	unsigned int type = (unsigned int)view->args[2] & S_IFMT;

	return type == S_IFCHR || type == S_IFBLK ? 4 : 3;
}

void show_mmap_flags(const struct view *view, const struct arg *arg, int i)
{
	unsigned int flags = (unsigned int)view->args[i];
	unsigned int size = flags & 0x40000 /* MAP_HUGETLB */ ? flags >> 26 : 0;

	(void)arg;
	if ((flags & 0xf) > 3) { /* MAP_TYPE */
		put("%#x /* MAP_??? */|", flags & 0xf);
		flags &= ~0xfu;
	}
	put_flags(&mmap_flags, size ? flags & ~(63u << 26) : flags);
	if (size)
		put("|%u<<MAP_HUGE_SHIFT", size);
}

void show_syslog_action(const struct view *view, const struct arg *arg, int i)
{
	const char *name = name_of(&syslog_actions, view->args[i]);

	(void)arg;
	if (name)
		put("%lu /* %s */", view->args[i], name);
	else
		put("%ld /* SYSLOG_ACTION_??? */", (long)view->args[i]);
}
