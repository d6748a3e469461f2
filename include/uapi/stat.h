/*
 * stat.h - struct stat and the bits of st_mode.
 *
 * The layout is the one fstat(2) and newfstatat(2) fill on x86-64: 144 bytes.
 */
#ifndef UAPI_STAT_H
#define UAPI_STAT_H

#include <uapi/types.h>

struct stat {
	__u64 st_dev;
	__u64 st_ino;
	__u64 st_nlink;
	__u32 st_mode;
	__u32 st_uid;
	__u32 st_gid;
	__u32 __pad0;
	__u64 st_rdev;
	__s64 st_size;		/* bytes */
	__s64 st_blksize;	/* bytes: good size for one read or write */
	__s64 st_blocks;	/* in units of 512 bytes */
	__u64 st_atime;		/* seconds since 1970 ... */
	__u64 st_atime_nsec;	/* ... and nanoseconds, 0..999999999 */
	__u64 st_mtime;
	__u64 st_mtime_nsec;
	__u64 st_ctime;
	__u64 st_ctime_nsec;
	__s64 __unused[3];
};

#define S_IFMT		00170000
#define S_IFSOCK	0140000
#define S_IFLNK		0120000
#define S_IFREG		0100000
#define S_IFBLK		0060000
#define S_IFDIR		0040000
#define S_IFCHR		0020000
#define S_IFIFO		0010000
#define S_ISUID		0004000
#define S_ISGID		0002000
#define S_ISVTX		0001000

#define S_ISLNK(m)	(((m) & S_IFMT) == S_IFLNK)
#define S_ISREG(m)	(((m) & S_IFMT) == S_IFREG)
#define S_ISDIR(m)	(((m) & S_IFMT) == S_IFDIR)
#define S_ISCHR(m)	(((m) & S_IFMT) == S_IFCHR)
#define S_ISBLK(m)	(((m) & S_IFMT) == S_IFBLK)
#define S_ISFIFO(m)	(((m) & S_IFMT) == S_IFIFO)
#define S_ISSOCK(m)	(((m) & S_IFMT) == S_IFSOCK)

#define S_IRWXU		00700
#define S_IRUSR		00400
#define S_IWUSR		00200
#define S_IXUSR		00100
#define S_IRWXG		00070
#define S_IRGRP		00040
#define S_IWGRP		00020
#define S_IXGRP		00010
#define S_IRWXO		00007
#define S_IROTH		00004
#define S_IWOTH		00002
#define S_IXOTH		00001

/* tv_nsec of utimensat(2): the time is now, or stays as it is */
#define UTIME_NOW	((1l << 30) - 1l)
#define UTIME_OMIT	((1l << 30) - 2l)

/* utime(2): seconds since 1970 */
struct utimbuf {
	__s64 actime;
	__s64 modtime;
};

/* statx(2): times, the answer, and its bits */
struct statx_timestamp {
	__s64 tv_sec;
	__u32 tv_nsec;
	__s32 __reserved;
};

struct statx {
	__u32 stx_mask;		/* STATX_*: what is filled in */
	__u32 stx_blksize;
	__u64 stx_attributes;	/* STATX_ATTR_* that it has, */
	__u32 stx_nlink;
	__u32 stx_uid;
	__u32 stx_gid;
	__u16 stx_mode;
	__u16 __spare0;
	__u64 stx_ino;
	__u64 stx_size;
	__u64 stx_blocks;
	__u64 stx_attributes_mask;	/* and those that it could have */
	struct statx_timestamp stx_atime, stx_btime, stx_ctime, stx_mtime;
	__u32 stx_rdev_major, stx_rdev_minor;
	__u32 stx_dev_major, stx_dev_minor;
	__u64 stx_mnt_id;
	__u64 __spare1[13];
};
#define STATX_BASIC_STATS	0x7ffu	/* all that stat(2) tells */
#define STATX_MNT_ID		0x1000u
#define STATX__RESERVED		0x80000000u
#define STATX_ATTR_AUTOMOUNT	0x1000
#define STATX_ATTR_MOUNT_ROOT	0x2000
#define STATX_ATTR_DAX		0x200000

#endif
