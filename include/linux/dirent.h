/*
 * What getdents64(2) writes into the caller's buffer.
 */
#ifndef INCLUDE_LINUX_DIRENT_H
#define INCLUDE_LINUX_DIRENT_H

#include <linux/types.h>

struct linux_dirent64 {
	u64 d_ino;
	s64 d_off;               /* where the next entry is, for lseek(2) */
	unsigned short d_reclen; /* bytes from this entry to the next one */
	unsigned char d_type;    /* DT_* */
	char d_name[];
};

#endif
