/*
 * User and group ids as the kernel keeps them. Linux: include/linux/uidgid.h
 *
 * Each is a structure with one number, so that the compiler refuses to mix them up with each other
 * and with the plain numbers of ring 3. A number comes in by make_kuid() and goes out by
 * from_kuid(). There is one user namespace, so both leave the number as it is. The functions are
 * inline: each is one comparison or none.
 */
#ifndef KERNEL_LIB_UIDGID_H
#define KERNEL_LIB_UIDGID_H

#include "kernel/lib/types.h"

typedef struct {
	uid_t val;
} kuid_t;

typedef struct {
	gid_t val;
} kgid_t;

struct user_namespace {
	kuid_t owner;
	kgid_t group;
};

extern struct user_namespace init_user_ns; /* the only one */

#define current_user_ns() (&init_user_ns)

#define KUIDT_INIT(value) ((kuid_t){ value })
#define KGIDT_INIT(value) ((kgid_t){ value })

#define GLOBAL_ROOT_UID KUIDT_INIT(0)
#define GLOBAL_ROOT_GID KGIDT_INIT(0)
#define INVALID_UID KUIDT_INIT(-1) /* no user has it: in system calls it means "unchanged" */
#define INVALID_GID KGIDT_INIT(-1)

#define DEFAULT_OVERFLOWUID 65534 /* what ring 3 is shown for an id that it cannot name */
#define DEFAULT_OVERFLOWGID 65534

static inline uid_t __kuid_val(kuid_t uid)
{
	return uid.val;
}

static inline gid_t __kgid_val(kgid_t gid)
{
	return gid.val;
}

static inline bool uid_eq(kuid_t left, kuid_t right)
{
	return left.val == right.val;
}

static inline bool gid_eq(kgid_t left, kgid_t right)
{
	return left.val == right.val;
}

static inline bool uid_gt(kuid_t left, kuid_t right)
{
	return left.val > right.val;
}

static inline bool gid_gt(kgid_t left, kgid_t right)
{
	return left.val > right.val;
}

static inline bool uid_gte(kuid_t left, kuid_t right)
{
	return left.val >= right.val;
}

static inline bool gid_gte(kgid_t left, kgid_t right)
{
	return left.val >= right.val;
}

static inline bool uid_lt(kuid_t left, kuid_t right)
{
	return left.val < right.val;
}

static inline bool gid_lt(kgid_t left, kgid_t right)
{
	return left.val < right.val;
}

static inline bool uid_lte(kuid_t left, kuid_t right)
{
	return left.val <= right.val;
}

static inline bool gid_lte(kgid_t left, kgid_t right)
{
	return left.val <= right.val;
}

static inline bool uid_valid(kuid_t uid)
{
	return !uid_eq(uid, INVALID_UID);
}

static inline bool gid_valid(kgid_t gid)
{
	return !gid_eq(gid, INVALID_GID);
}

/* The kernel's id for @uid of ring 3. INVALID_UID, which uid_valid() recognises, for -1. */
static inline kuid_t make_kuid(struct user_namespace *ns __maybe_unused, uid_t uid)
{
	return KUIDT_INIT(uid);
}

static inline kgid_t make_kgid(struct user_namespace *ns __maybe_unused, gid_t gid)
{
	return KGIDT_INIT(gid);
}

/* The number by which ring 3 knows @uid; -1 for INVALID_UID. */
static inline uid_t from_kuid(struct user_namespace *ns __maybe_unused, kuid_t uid)
{
	return uid.val;
}

static inline gid_t from_kgid(struct user_namespace *ns __maybe_unused, kgid_t gid)
{
	return gid.val;
}

/* The same, for a system call that cannot fail: INVALID_UID becomes DEFAULT_OVERFLOWUID. */
static inline uid_t from_kuid_munged(struct user_namespace *ns, kuid_t uid)
{
	return uid_valid(uid) ? from_kuid(ns, uid) : DEFAULT_OVERFLOWUID;
}

static inline gid_t from_kgid_munged(struct user_namespace *ns, kgid_t gid)
{
	return gid_valid(gid) ? from_kgid(ns, gid) : DEFAULT_OVERFLOWGID;
}

#endif
