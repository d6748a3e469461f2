/*
 * statx.c - the arguments of statx(), openat2(), splice() and ioprio_set().
 */
#include <uapi/stat.h>

#include "strace.h"

static const struct name mask_list[] = {
	{ "STATX_ALL", 0xfff }, { "STATX_BASIC_STATS", 0x7ff }, { "STATX_TYPE", 1 }, { "STATX_MODE", 2 },
	{ "STATX_NLINK", 4 }, { "STATX_UID", 8 }, { "STATX_GID", 0x10 }, { "STATX_ATIME", 0x20 },
	{ "STATX_MTIME", 0x40 }, { "STATX_CTIME", 0x80 }, { "STATX_INO", 0x100 },
	{ "STATX_SIZE", 0x200 }, { "STATX_BLOCKS", 0x400 }, { "STATX_BTIME", 0x800 },
	{ "STATX_MNT_ID", 0x1000 }, { "STATX_DIOALIGN", 0x2000 }, { NULL, 0 },
};
const struct names statx_mask = { "STATX_???", mask_list };

static const struct name resolve_list[] = {
	{ "RESOLVE_NO_XDEV", 1 }, { "RESOLVE_NO_MAGICLINKS", 2 }, { "RESOLVE_NO_SYMLINKS", 4 },
	{ "RESOLVE_BENEATH", 8 }, { "RESOLVE_IN_ROOT", 16 }, { "RESOLVE_CACHED", 32 }, { NULL, 0 },
};
static const struct names resolve_flags = { "RESOLVE_???", resolve_list };

/* How fresh the answer must be, and the flags of the other calls that begin at a descriptor. */
void show_statx_flags(const struct view *view, const struct arg *arg, int i)
{
	static const char *const sync[] = { "AT_STATX_SYNC_AS_STAT", "AT_STATX_FORCE_SYNC",
					    "AT_STATX_DONT_SYNC",
					    "AT_STATX_FORCE_SYNC|AT_STATX_DONT_SYNC" };
	unsigned int flags = (unsigned int)view->args[i];

	(void)arg;
	put("%s", sync[flags >> 13 & 3]);
	if (flags & ~0x6000u) {
		put("|");
		put_flags(&at_flags, flags & ~0x6000u);
	}
}

struct statx_answer {
	uint32_t mask, blksize;
	uint64_t attributes;
	uint32_t nlink, uid, gid;
	uint16_t mode;
	uint64_t ino, size;
};

void show_statx(const struct view *view, const struct arg *arg, int i)
{
	const struct statx_answer *stx = NULL;

	(void)arg;
	if (is_error(view->ret))
		put_pointer(view->args[i]);
	else
		stx = memory_or_pointer(view, i, sizeof(*stx));
	if (!stx)
		return;
	put("{stx_mask=");
	put_flags(&statx_mask, stx->mask);
	put(", stx_attributes=%#lx, stx_mode=", (ulong)stx->attributes);
	put_mode(stx->mode);
	put(", stx_size=%lu, ...}", (ulong)stx->size);
}

void show_open_how(const struct view *view, const struct arg *arg, int i)
{
	const ulong *how = memory_or_pointer(view, i, 24);

	(void)arg;
	if (!how)
		return;
	put("{flags=");
	put_open_flags((unsigned int)how[0]);
	if (how[1])
		put(", mode=%#03lo", how[1]);
	put(", resolve=");
	put_flags(&resolve_flags, how[2]);
	put("}");
}

static const struct name splice_list[] = {
	{ "SPLICE_F_MOVE", 1 }, { "SPLICE_F_NONBLOCK", 2 }, { "SPLICE_F_MORE", 4 },
	{ "SPLICE_F_GIFT", 8 }, { NULL, 0 },
};
const struct names splice_flags = { "SPLICE_F_???", splice_list };

static const struct name target_list[] = {
	{ "IOPRIO_WHO_PROCESS", 1 }, { "IOPRIO_WHO_PGRP", 2 }, { "IOPRIO_WHO_USER", 3 }, { NULL, 0 },
};
const struct names ioprio_targets = { "IOPRIO_WHO_???", target_list };

static const struct name class_list[] = {
	{ "IOPRIO_CLASS_NONE", 0 }, { "IOPRIO_CLASS_RT", 1 }, { "IOPRIO_CLASS_BE", 2 },
	{ "IOPRIO_CLASS_IDLE", 3 }, { NULL, 0 },
};
static const struct names ioprio_classes = { "IOPRIO_CLASS_???", class_list };

void put_ioprio(ulong priority)
{
	put("IOPRIO_PRIO_VALUE(");
	put_name(&ioprio_classes, priority >> 13 & 7);
	put(", %lu)", priority & 0x1fff);
}

void show_ioprio(const struct view *view, const struct arg *arg, int i)
{
	(void)arg;
	put_ioprio(view->args[i]);
}
