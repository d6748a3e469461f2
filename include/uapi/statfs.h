/*
 * statfs.h - what statfs(2) tells of a file system.
 */
#ifndef UAPI_STATFS_H
#define UAPI_STATFS_H

#include <uapi/types.h>

struct statfs {
	__s64 f_type;		/* *_MAGIC of magic.h */
	__s64 f_bsize;		/* bytes of a block */
	__u64 f_blocks, f_bfree, f_bavail;	/* blocks: all, free, free for everybody */
	__u64 f_files, f_ffree;	/* inodes: all, free */
	__s32 f_fsid[2];
	__s64 f_namelen;	/* of a component, without NUL */
	__s64 f_frsize;
	__s64 f_flags;		/* ST_* */
	__s64 f_spare[4];
};
#define ST_RDONLY	1
#define ST_NOSUID	2
#define ST_NODEV	4
#define ST_NOEXEC	8
#define ST_NOATIME	1024
#define ST_NODIRATIME	2048
#define ST_RELATIME	4096
#define ST_VALID 0x20	/* f_flags is filled in */

#endif
