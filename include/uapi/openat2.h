/*
 * openat2.h - what openat2(2) is asked.
 */
#ifndef UAPI_OPENAT2_H
#define UAPI_OPENAT2_H

#include <uapi/types.h>

struct open_how {
	__u64 flags;	/* O_* */
	__u64 mode;	/* of a file to be created; otherwise 0 */
	__u64 resolve;	/* RESOLVE_* */
};

#define RESOLVE_NO_XDEV		0x01	/* into no other mount */
#define RESOLVE_NO_MAGICLINKS	0x02	/* through no link of /proc to a file */
#define RESOLVE_NO_SYMLINKS	0x04
#define RESOLVE_BENEATH		0x08	/* not out of the directory */
#define RESOLVE_IN_ROOT		0x10	/* the directory is "/" */
#define RESOLVE_CACHED		0x20	/* only if nothing has to be looked up */

#endif
