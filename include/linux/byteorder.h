/*
 * Network byte order, which is not this CPU's.
 */
#ifndef INCLUDE_LINUX_BYTEORDER_H
#define INCLUDE_LINUX_BYTEORDER_H

#include "kernel/lib/types.h"

#define htons(n) __builtin_bswap16(n)

#define ntohs(n) htons(n)
#define htonl(n) __builtin_bswap32(n)
#define ntohl(n) __builtin_bswap32(n)
#define cpu_to_be16(n) htons(n)
#define be16_to_cpu(n) htons(n)
#define cpu_to_be32(n) htonl(n)
#define be32_to_cpu(n) ntohl(n)
#define cpu_to_be64(n) __builtin_bswap64(n)
#define be64_to_cpu(n) __builtin_bswap64(n)
#define cpu_to_le16(n) ((u16)(n))
#define le16_to_cpu(n) ((u16)(n))
#define cpu_to_le32(n) ((u32)(n))
#define le32_to_cpu(n) ((u32)(n))
#define cpu_to_le64(n) ((u64)(n))
#define le64_to_cpu(n) ((u64)(n))

#endif
