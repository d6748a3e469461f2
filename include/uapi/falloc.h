/*
 * falloc.h - what fallocate(2) does with a part of a file.
 */
#ifndef UAPI_FALLOC_H
#define UAPI_FALLOC_H

#define FALLOC_FL_KEEP_SIZE		0x01	/* the file does not become longer */
#define FALLOC_FL_PUNCH_HOLE		0x02
#define FALLOC_FL_COLLAPSE_RANGE	0x08
#define FALLOC_FL_ZERO_RANGE		0x10
#define FALLOC_FL_INSERT_RANGE		0x20
#define FALLOC_FL_UNSHARE_RANGE		0x40
#define FALLOC_FL_SUPPORTED_MASK	0x7b

#endif
