/*
 * One user namespace: a kuid is a uid.
 */
#ifndef INCLUDE_LINUX_UIDGID_H
#define INCLUDE_LINUX_UIDGID_H

#include "kernel/sched/cred.h"

#define KUIDT_INIT(value) (value)
#define KGIDT_INIT(value) (value)
#define GLOBAL_ROOT_UID 0u
#define __kuid_val(uid) ((uid_t)(uid))
#define __kgid_val(gid) ((gid_t)(gid))
#define uid_eq(a, b) ((a) == (b))
#define gid_eq(a, b) ((a) == (b))
/* @ns: &init_user_ns, which is only a name */
#define from_kuid(ns, uid) ((uid_t)(uid))
#define from_kgid(ns, gid) ((gid_t)(gid))
#define make_kuid(ns, uid) ((kuid_t)(uid))
#define make_kgid(ns, gid) ((kgid_t)(gid))
#define from_kuid_munged(ns, uid) from_kuid(ns, uid)
#define from_kgid_munged(ns, gid) from_kgid(ns, gid)

#endif
