/*
 * Reads a cpio archive of the format "newc".
 *
 * The archive comes from outside, so every field is checked against the bytes there really are
 * before it is used; a bad one is named with its entry and its offset.
 * Called by initramfs.c. Linux: Documentation/driver-api/early-userspace/buffer-format.rst
 */
#define pr_fmt(fmt) "initramfs: " fmt

#include "kernel/fs/cpio.h"

#define CPIO_HEADER_SIZE 110 /* magic, then 13 fields of 8 hexadecimal digits */
#define CPIO_MAGIC "070701"
#define CPIO_TRAILER "TRAILER!!!"
#define MAJOR_MAX 4095u

static const char *const field_names[C_FIELDS] = {
	"ino", "mode", "uid", "gid", "nlink", "mtime", "filesize", "devmajor", "devminor",
	"rdevmajor", "rdevminor", "namesize", "check",
};

int cpio_bad(const struct cpio *cpio, const char *what, const char *detail)
{
	pr_err("%s at offset %zu: %s%s\n", cpio->name ? cpio->name : "entry", cpio->pos, what,
	       detail);
	return -EINVAL;
}

/* 8 hexadecimal digits. False when one is something else. */
static bool parse_hex8(const char *s, u32 *value)
{
	int i;

	*value = 0;
	for (i = 0; i < 8; i++) {
		char c = s[i];
		u32 digit;

		if (c >= '0' && c <= '9')
			digit = c - '0';
		else if (c >= 'a' && c <= 'f')
			digit = c - 'a' + 10;
		else if (c >= 'A' && c <= 'F')
			digit = c - 'A' + 10;
		else
			return false;
		*value = *value << 4 | digit;
	}
	return true;
}

/* The 110 bytes and the name behind them. 0 or -EINVAL. */
static int parse_header(struct cpio *cpio)
{
	const char *header = cpio->start + cpio->pos;
	size_t left = cpio->len - cpio->pos, namesize;
	int i;

	cpio->name = NULL;
	if (cpio->pos % 4)
		return cpio_bad(cpio, "broken padding", "");
	if (left < CPIO_HEADER_SIZE)
		return cpio_bad(cpio, "header cut short", "");
	if (memcmp(header, CPIO_MAGIC, 6))
		return cpio_bad(cpio, "no newc header (magic " CPIO_MAGIC ")", "");
	for (i = 0; i < C_FIELDS; i++)
		if (!parse_hex8(header + 6 + 8 * i, &cpio->field[i]))
			return cpio_bad(cpio, "not a number in field ", field_names[i]);
	namesize = cpio->field[C_NAMESIZE];
	if (namesize < 2 || namesize > PATH_MAX || namesize > left - CPIO_HEADER_SIZE)
		return cpio_bad(cpio, "bad name length", "");
	if (strnlen(header + CPIO_HEADER_SIZE, namesize) != namesize - 1)
		return cpio_bad(cpio, "name not ended where it says", "");
	cpio->name = header + CPIO_HEADER_SIZE;
	return 0;
}

/* Find the contents, and check what the fields say together. 0 or -EINVAL. */
static int check_entry(struct cpio *cpio)
{
	const u32 *field = cpio->field;
	size_t data = ALIGN(cpio->pos + CPIO_HEADER_SIZE + field[C_NAMESIZE], 4);
	size_t size = field[C_FILESIZE];

	if (size && (data > cpio->len || size > cpio->len - data))
		return cpio_bad(cpio, "contents cut short", "");
	cpio->data = cpio->start + data;
	cpio->next = min(ALIGN(data + size, 4), cpio->len);
	if (!strcmp(cpio->name, CPIO_TRAILER))
		return size ? cpio_bad(cpio, "a trailer has no contents", "") : 0;
	if (field[C_MODE] & ~(u32)(S_IFMT | 07777))
		return cpio_bad(cpio, "bad mode", "");
	if (field[C_RDEVMAJOR] > MAJOR_MAX || field[C_RDEVMINOR] >= 1u << MINORBITS)
		return cpio_bad(cpio, "bad device number", "");
	switch (field[C_MODE] & S_IFMT) {
	case S_IFREG:
		return 0;
	case S_IFLNK:
		if (!size || size >= PATH_MAX || strnlen(cpio->data, size) != size)
			return cpio_bad(cpio, "bad link target", "");
		return 0;
	case S_IFDIR:
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
		return size ? cpio_bad(cpio, "this type has no contents", "") : 0;
	default:
		return cpio_bad(cpio, "bad file type", "");
	}
}

/* Archives may follow each other, with any number of zero bytes before, between and behind. */
int cpio_next(struct cpio *cpio)
{
	for (;;) {
		int error;

		cpio->pos = cpio->next;
		while (!cpio->inside && cpio->pos < cpio->len && !cpio->start[cpio->pos])
			cpio->pos++;
		if (cpio->pos == cpio->len && !cpio->inside)
			return 0;
		error = parse_header(cpio);
		if (!error)
			error = check_entry(cpio);
		if (error)
			return error;
		cpio->inside = strcmp(cpio->name, CPIO_TRAILER) != 0;
		if (cpio->inside)
			return 1;
	}
}
