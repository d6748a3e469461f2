/*
 * personality.h - flags of personality(2).
 */
#ifndef UAPI_PERSONALITY_H
#define UAPI_PERSONALITY_H

#define STICKY_TIMEOUTS	0x4000000 /* select() and its like do not write what is left of the time */

#define PER_MASK	0xff
#define PER_LINUX32	0x0008 /* uname() tells of a 32-bit machine */

#endif
