/*
 * splice.h - flags of splice(2) and tee(2).
 */
#ifndef UAPI_SPLICE_H
#define UAPI_SPLICE_H

#define SPLICE_F_MOVE		0x1	/* a hint, without effect */
#define SPLICE_F_NONBLOCK	0x2	/* do not wait for the pipes */
#define SPLICE_F_MORE		0x4	/* a hint for sockets */
#define SPLICE_F_GIFT		0x8	/* of vmsplice(2) */

#endif
