/*
 * A cpio archive as cpio.c reads it: one entry at a time, nothing trusted before it is checked.
 * Private to cpio.c and initramfs.c.
 */
#ifndef KERNEL_FS_CPIO_H
#define KERNEL_FS_CPIO_H

#include "kernel/fs/fs.h"

/* In the order of the header. */
enum cpio_field {
	C_INO, C_MODE, C_UID, C_GID, C_NLINK, C_MTIME, C_FILESIZE, C_DEVMAJOR, C_DEVMINOR,
	C_RDEVMAJOR, C_RDEVMINOR, C_NAMESIZE, C_CHECK, C_FIELDS
};

struct cpio {
	const char *start;
	size_t len;
	size_t pos;          /* of the entry we are at, bytes from start */
	size_t next;         /* of the one behind it */
	bool inside;         /* between a first entry and its trailer */
	u32 field[C_FIELDS]; /* sizes and numbers of the entry */
	const char *name;    /* NUL-terminated, inside the archive; NULL before it is checked */
	const char *data;    /* field[C_FILESIZE] bytes, inside the archive */
};

/*
 * Go to the next entry that is a file. 1: there is one, and its fields are sound; 0: the end;
 * -EINVAL after a message.
 */
int cpio_next(struct cpio *cpio);

/* Say what is wrong with which entry. Returns -EINVAL. */
int cpio_bad(const struct cpio *cpio, const char *what, const char *detail);

#endif
