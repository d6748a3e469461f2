/*
 * memfd.h - memfd_create(2). Linux: include/uapi/linux/memfd.h
 */
#ifndef UAPI_MEMFD_H
#define UAPI_MEMFD_H

#define MFD_CLOEXEC		1u
#define MFD_ALLOW_SEALING	2u

#endif
