/*
 * sysinfo.h - struct sysinfo, filled by sysinfo(2).
 */
#ifndef UAPI_SYSINFO_H
#define UAPI_SYSINFO_H

#include <uapi/types.h>

struct sysinfo {
	long uptime;			/* seconds since boot */
	unsigned long loads[3];		/* averages of 1, 5, 15 minutes, times 65536 */
	unsigned long totalram, freeram, sharedram, bufferram, totalswap, freeswap;
	__u16 procs, pad;
	unsigned long totalhigh, freehigh;
	__u32 mem_unit;			/* bytes that the sizes above count */
};

#endif
