/*
 * structs.c - structures that arguments point to, as the kernel lays them out.
 */
#include <sys/resource.h>
#include <sys/stat.h>

#include <string.h>

#include "strace.h"

/* At the return only a call that succeeded has filled its structure. */
static const void *result(const struct view *view, const struct arg *arg, int i, size_t size)
{
	if (arg->later && is_error(view->ret)) {
		put_pointer(view->args[i]);
		return NULL;
	}
	return memory_or_pointer(view, i, size);
}

static void put_dev(ulong dev)
{
	put("makedev(%#lx, %#lx)", dev >> 8 & 0xfff, (dev & 0xff) | (dev >> 12 & 0xfff00));
}

void show_stat(const struct view *view, const struct arg *arg, int i)
{
	const struct stat *st = result(view, arg, i, sizeof(*st));

	if (!st)
		return;
	put("{st_mode=");
	put_mode(st->st_mode);
	if ((st->st_mode & S_IFMT) == S_IFCHR || (st->st_mode & S_IFMT) == S_IFBLK) {
		put(", st_rdev=");
		put_dev(st->st_rdev);
	} else {
		put(", st_size=%ld", (long)st->st_size);
	}
	put(", ...}");
}

void put_timespec(const long *ts)
{
	put("{tv_sec=%ld, tv_nsec=%ld}", ts[0], ts[1]);
}

static void put_timeval(const long *tv)
{
	put("{tv_sec=%ld, tv_usec=%ld}", tv[0], tv[1]);
}

void show_timespec(const struct view *view, const struct arg *arg, int i)
{
	const long *ts = result(view, arg, i, 16);

	if (ts)
		put_timespec(ts);
}

/* What is left of a sleep: written only when a signal ended it. */
void show_remaining(const struct view *view, const struct arg *arg, int i)
{
	const long *ts = NULL;

	(void)arg;
	if (view->ret == -4 || view->ret == -514 || view->ret == -516)
		ts = memory_or_pointer(view, i, 16);
	else
		put_pointer(view->args[i]);
	if (ts)
		put_timespec(ts);
}

void show_timeval(const struct view *view, const struct arg *arg, int i)
{
	const long *tv = result(view, arg, i, 16);

	if (tv)
		put_timeval(tv);
}

/* A moment that a file gets, or UTIME_NOW or UTIME_OMIT. */
static void put_utime(const long *ts)
{
	if (ts[1] == 0x3fffffff)
		put("UTIME_NOW");
	else if (ts[1] == 0x3ffffffe)
		put("UTIME_OMIT");
	else
		put_timespec(ts);
}

void show_timespecs(const struct view *view, const struct arg *arg, int i)
{
	const long *ts = result(view, arg, i, 32);

	if (!ts)
		return;
	put("[");
	put_utime(ts);
	put(", ");
	put_utime(ts + 2);
	put("]");
}

void show_timevals(const struct view *view, const struct arg *arg, int i)
{
	const long *tv = result(view, arg, i, 32);

	if (!tv)
		return;
	put("[");
	put_timeval(tv);
	put(", ");
	put_timeval(tv + 2);
	put("]");
}

void show_utimbuf(const struct view *view, const struct arg *arg, int i)
{
	const long *t = result(view, arg, i, 16);

	if (t)
		put("{actime=%ld, modtime=%ld}", t[0], t[1]);
}

void show_timezone(const struct view *view, const struct arg *arg, int i)
{
	const int *tz = result(view, arg, i, 8);

	if (tz)
		put("{tz_minuteswest=%d, tz_dsttime=%d}", tz[0], tz[1]);
}

static void put_timer(const long *timer, void (*put_time)(const long *))
{
	put("{it_interval=");
	put_time(timer);
	put(", it_value=");
	put_time(timer + 2);
	put("}");
}

void show_itimerval(const struct view *view, const struct arg *arg, int i)
{
	const long *timer = result(view, arg, i, 32);

	if (timer)
		put_timer(timer, put_timeval);
}

void show_itimerspec(const struct view *view, const struct arg *arg, int i)
{
	const long *timer = result(view, arg, i, 32);

	if (timer)
		put_timer(timer, put_timespec);
}

static void put_limit(ulong limit)
{
	if (limit == ~0ul)
		put("RLIM64_INFINITY");
	else if (limit > 1024 && limit % 1024 == 0)
		put("%lu*1024", limit / 1024);
	else
		put("%lu", limit);
}

void show_rlimit(const struct view *view, const struct arg *arg, int i)
{
	const ulong *limit = result(view, arg, i, 16);

	if (!limit)
		return;
	put("{rlim_cur=");
	put_limit(limit[0]);
	put(", rlim_max=");
	put_limit(limit[1]);
	put("}");
}

void show_rusage(const struct view *view, const struct arg *arg, int i)
{
	const long *usage = result(view, arg, i, 32);

	if (!usage)
		return;
	put("{ru_utime=");
	put_timeval(usage);
	put(", ru_stime=");
	put_timeval(usage + 2);
	put(", ...}");
}

void show_uname(const struct view *view, const struct arg *arg, int i)
{
	const char *uts = result(view, arg, i, 130);

	if (!uts)
		return;
	put("{sysname=");
	put_path(uts, strnlen(uts, 65));
	put(", nodename=");
	put_path(uts + 65, strnlen(uts + 65, 65));
	put(", ...}");
}

void show_tms(const struct view *view, const struct arg *arg, int i)
{
	const long *t = result(view, arg, i, 32);

	if (t)
		put("{tms_utime=%ld, tms_stime=%ld, tms_cutime=%ld, tms_cstime=%ld}", t[0], t[1], t[2],
		    t[3]);
}

void show_sysinfo(const struct view *view, const struct arg *arg, int i)
{
	const ulong *s = result(view, arg, i, 112);

	if (!s)
		return;
	put("{uptime=%lu, loads=[%lu, %lu, %lu], totalram=%lu, freeram=%lu, sharedram=%lu, ", s[0], s[1],
	    s[2], s[3], s[4], s[5], s[6]);
	put("bufferram=%lu, totalswap=%lu, freeswap=%lu, procs=%u, totalhigh=%lu, freehigh=%lu, ", s[7],
	    s[8], s[9], (unsigned int)(s[10] & 0xffff), s[11], s[12]);
	put("mem_unit=%u}", (unsigned int)s[13]);
}

void show_statfs(const struct view *view, const struct arg *arg, int i)
{
	const long *s = result(view, arg, i, 120);

	if (!s)
		return;
	put("{f_type=%#lx, f_bsize=%ld, f_blocks=%ld, f_bfree=%ld, f_bavail=%ld, f_files=%ld, f_ffree=%ld, ",
	    s[0], s[1], s[2], s[3], s[4], s[5], s[6]);
	put("f_fsid={val=[%#x, %#x]}, f_namelen=%ld, f_frsize=%ld, f_flags=%#lx}", (unsigned int)s[7],
	    (unsigned int)((ulong)s[7] >> 32), s[8], s[9], s[10]);
}

struct poll_entry {
	int fd;
	short events, revents;
};

void show_pollfds(const struct view *view, const struct arg *arg, int i)
{
	const struct poll_entry *p = memory_or_pointer(view, i, 0);
	size_t len;

	(void)arg;
	if (!p || !memory(view, i, 0, &len))
		return;
	put("[");
	for (size_t n = 0; n < len / sizeof(*p); n++) {
		put(n ? ", {fd=%d" : "{fd=%d", p[n].fd);
		if (p[n].fd >= 0) {
			put(", events=");
			put_flags(&poll_events, (unsigned short)p[n].events);
		}
		put("}");
	}
	put("]");
}

/* The descriptors of a set below the number that argument 0 is. */
void show_fdset(const struct view *view, const struct arg *arg, int i)
{
	const char *between = "[";
	int n = (int)view->args[0];
	size_t len;
	const unsigned char *set = memory_or_pointer(view, i, 0);

	(void)arg;
	if (!set || !memory(view, i, 0, &len))
		return;
	for (int fd = 0; fd < n && (size_t)fd < len * 8; fd++)
		if (set[fd / 8] >> fd % 8 & 1) {
			put("%s%d", between, fd);
			between = " ";
		}
	put(*between == '[' ? "[]" : "]");
}

struct entry64 {
	ulong ino, off;
	unsigned short reclen;
};

/* How many entries of a directory were read. */
void show_dirents(const struct view *view, const struct arg *arg, int i)
{
	const char *at = result(view, arg, i, 0);
	long left = view->ret, n = 0;
	size_t len;

	if (!at)
		return;
	if (!memory(view, i, 0, &len))
		return;
	for (; left > 0 && (size_t)left <= len; n++) {
		unsigned short size;

		memcpy(&size, at + offsetof(struct entry64, reclen), sizeof(size));
		if (!size)
			break;
		at += size;
		left -= size;
	}
	put("0x%lx /* %ld entries */", view->args[i], n);
}

void show_mincore(const struct view *view, const struct arg *arg, int i)
{
	const unsigned char *page = result(view, arg, i, 0);
	ulong pages = (view->args[1] + 4095) / 4096;
	size_t len;

	if (!page || !memory(view, i, 0, &len))
		return;
	put("[");
	for (ulong n = 0; n < pages && n < len && n < string_size; n++)
		put(n ? ", %d" : "%d", page[n] & 1);
	put(pages > string_size ? ", ...]" : "]");
}

void show_epoll_event(const struct view *view, const struct arg *arg, int i)
{
	const unsigned int *e = result(view, arg, i, 12);

	if (!e)
		return;
	put("{events=");
	put_flags(&epoll_events, e[0]);
	put(", data={u32=%u, u64=%lu}}", e[1], (ulong)e[2] << 32 | e[1]);
}

void show_epoll_events(const struct view *view, const struct arg *arg, int i)
{
	const unsigned int *e = result(view, arg, i, 0);
	size_t len;

	if (!e || !memory(view, i, 0, &len))
		return;
	put("[");
	for (size_t n = 0; n < len / 12; n++, e += 3) {
		put(n ? ", {events=" : "{events=");
		put_flags(&epoll_events, e[0]);
		put(", data={u32=%u, u64=%lu}}", e[1], (ulong)e[2] << 32 | e[1]);
	}
	put("]");
}

void show_sched_param(const struct view *view, const struct arg *arg, int i)
{
	const int *priority = result(view, arg, i, 4);

	if (priority)
		put("[%d]", *priority);
}

/* The CPUs of a set. */
void show_cpuset(const struct view *view, const struct arg *arg, int i)
{
	const unsigned char *set = result(view, arg, i, 0);
	const char *between = "[";
	size_t len;

	if (!set || !memory(view, i, 0, &len))
		return;
	for (size_t cpu = 0; cpu < len * 8; cpu++)
		if (set[cpu / 8] >> cpu % 8 & 1) {
			put("%s%lu", between, cpu);
			between = " ";
		}
	put(*between == '[' ? "[]" : "]");
}

void show_cap_header(const struct view *view, const struct arg *arg, int i)
{
	static const struct name versions[] = {
		{ "_LINUX_CAPABILITY_VERSION_1", 0x19980330 }, { "_LINUX_CAPABILITY_VERSION_2", 0x20071026 },
		{ "_LINUX_CAPABILITY_VERSION_3", 0x20080522 }, { NULL, 0 },
	};
	static const struct names names = { "_LINUX_CAPABILITY_VERSION_???", versions };
	const unsigned int *header = memory_or_pointer(view, i, 8);

	(void)arg;
	if (!header)
		return;
	put("{version=");
	put_name(&names, header[0]);
	put(", pid=%d}", (int)header[1]);
}

static void put_caps(ulong set)
{
	const char *between = "";

	for (int cap = 0; cap < 64; cap++)
		if (set >> cap & 1) {
			const char *name = name_of(&caps, (ulong)cap);

			if (name)
				put("%s1<<%s", between, name);
			else
				put("%s1<<%d", between, cap);
			between = "|";
		}
	if (!set)
		put("0");
}

void show_caps(const struct view *view, const struct arg *arg, int i)
{
	const unsigned int *set = result(view, arg, i, 24);

	if (!set)
		return;
	put("{effective=");
	put_caps(set[0] | (ulong)set[3] << 32);
	put(", permitted=");
	put_caps(set[1] | (ulong)set[4] << 32);
	put(", inheritable=");
	put_caps(set[2] | (ulong)set[5] << 32);
	put("}");
}
