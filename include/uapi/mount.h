/*
 * mount.h - mount(2), umount2(2). Linux: include/uapi/linux/mount.h, include/linux/fs.h
 */
#ifndef UAPI_MOUNT_H
#define UAPI_MOUNT_H

#define MS_RDONLY	1
#define MS_NOSUID	2
#define MS_NODEV	4
#define MS_NOEXEC	8
#define MS_SYNCHRONOUS	16
#define MS_REMOUNT	32
#define MS_MANDLOCK	64
#define MS_DIRSYNC	128
#define MS_NOATIME	1024
#define MS_NODIRATIME	2048
#define MS_BIND		4096
#define MS_MOVE		8192
#define MS_REC		16384
#define MS_SILENT	32768
#define MS_UNBINDABLE	(1ul << 17)
#define MS_PRIVATE	(1ul << 18)
#define MS_SLAVE	(1ul << 19)
#define MS_SHARED	(1ul << 20)
#define MS_RELATIME	(1ul << 21)
#define MS_STRICTATIME	(1ul << 24)
#define MS_NOUSER	(1ul << 31)	/* only the kernel mounts so */

#define MS_MGC_VAL	0xc0ed0000ul	/* programs of the 1990s set this */
#define MS_MGC_MSK	0xffff0000ul

#define MNT_FORCE	1
#define MNT_DETACH	2	/* at once, whoever uses it */
#define MNT_EXPIRE	4	/* if nobody has used it since the last time */
#define UMOUNT_NOFOLLOW	8

#endif
