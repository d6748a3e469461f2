/*
 * personality.h - flags of personality(2).
 */
#ifndef UAPI_PERSONALITY_H
#define UAPI_PERSONALITY_H

#define STICKY_TIMEOUTS	0x4000000 /* select() and its like do not write what is left of the time */

#endif
