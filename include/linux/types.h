/*
 * Basic types. What only modules use is here.
 */
#ifndef INCLUDE_LINUX_TYPES_H
#define INCLUDE_LINUX_TYPES_H

#include <uapi/types.h>

#include "kernel/lib/list.h"
#include "kernel/lib/types.h"

typedef unsigned int uint;
typedef unsigned long ulong;
typedef unsigned short ushort;
typedef u16 __le16, __be16;
typedef u32 __le32, __be32;
typedef u64 __le64, __be64;

#endif
