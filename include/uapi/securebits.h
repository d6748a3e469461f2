/*
 * securebits.h - how the ids of root and capabilities go together: prctl(PR_SET_SECUREBITS).
 */
#ifndef UAPI_SECUREBITS_H
#define UAPI_SECUREBITS_H

/* Securebits are numbers of bits; behind each is the one that locks it. */
#define SECURE_NOROOT			0
#define SECURE_NO_SETUID_FIXUP		2
#define SECURE_KEEP_CAPS		4
#define SECURE_KEEP_CAPS_LOCKED		5
#define SECURE_NO_CAP_AMBIENT_RAISE	6
#define SECURE_ALL_BITS			0x55
#define SECURE_ALL_LOCKS		(SECURE_ALL_BITS << 1)

#endif
