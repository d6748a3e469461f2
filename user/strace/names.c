/*
 * names.c - the constants of each kind, in the order in which strace prints those of a set.
 * Where include/uapi has a constant the compiler takes its value from there.
 */
#include <uapi/arch_prctl.h>
#include <uapi/errno.h>
#include <uapi/eventfd.h>
#include <uapi/fcntl.h>
#include <uapi/flock.h>
#include <uapi/ioctl.h>
#include <uapi/madvise.h>
#include <uapi/mman.h>
#include <uapi/poll.h>
#include <uapi/prctl.h>
#include <uapi/random.h>
#include <uapi/reboot.h>
#include <uapi/resource.h>
#include <uapi/sched.h>
#include <uapi/signalfd.h>
#include <uapi/stat.h>
#include <uapi/unistd.h>

#include "strace.h"

/* A constant that include/uapi has, and the end of a table. */
#define N(name) { #name, name }
#define END { NULL, 0 }

static const struct name access_modes_list[] = {
	N(R_OK), N(W_OK), N(X_OK), { "F_OK", 0 }, END
};
const struct names access_modes = { "?_OK", access_modes_list };

static const struct name fadvice_list[] = {
	{ "POSIX_FADV_NORMAL", 0 }, { "POSIX_FADV_RANDOM", 1 }, { "POSIX_FADV_SEQUENTIAL", 2 },
	{ "POSIX_FADV_WILLNEED", 3 }, { "POSIX_FADV_DONTNEED", 4 }, { "POSIX_FADV_NOREUSE", 5 },
	END
};
const struct names fadvice = { "POSIX_FADV_???", fadvice_list };

static const struct name madvice_list[] = {
	N(MADV_NORMAL), N(MADV_RANDOM), N(MADV_SEQUENTIAL), N(MADV_WILLNEED), N(MADV_DONTNEED),
	N(MADV_FREE), N(MADV_REMOVE), N(MADV_DONTFORK), N(MADV_DOFORK), N(MADV_MERGEABLE),
	N(MADV_UNMERGEABLE), N(MADV_HUGEPAGE), N(MADV_NOHUGEPAGE), N(MADV_DONTDUMP),
	N(MADV_DODUMP), N(MADV_WIPEONFORK), N(MADV_KEEPONFORK), N(MADV_COLD), N(MADV_PAGEOUT),
	N(MADV_POPULATE_READ), N(MADV_POPULATE_WRITE), N(MADV_DONTNEED_LOCKED), N(MADV_COLLAPSE),
	END
};
const struct names madvice = { "MADV_???", madvice_list };

static const struct name arch_prctl_codes_list[] = {
	N(ARCH_SET_GS), N(ARCH_SET_FS), N(ARCH_GET_FS), N(ARCH_GET_GS), N(ARCH_GET_CPUID),
	N(ARCH_SET_CPUID), END
};
const struct names arch_prctl_codes = { "ARCH_???", arch_prctl_codes_list };

static const struct name at_flags_list[] = {
	{ "AT_SYMLINK_NOFOLLOW", 0x100 }, { "AT_REMOVEDIR", 0x200 },
	{ "AT_SYMLINK_FOLLOW", 0x400 }, { "AT_NO_AUTOMOUNT", 0x800 }, { "AT_EMPTY_PATH", 0x1000 },
	{ "AT_RECURSIVE", 0x8000 }, END
};
const struct names at_flags = { "AT_???", at_flags_list };

static const struct name access_flags_list[] = {
	{ "AT_SYMLINK_NOFOLLOW", 0x100 }, { "AT_EACCESS", 0x200 }, { "AT_EMPTY_PATH", 0x1000 },
	END
};
const struct names access_flags = { "AT_???", access_flags_list };

static const struct name caps_list[] = {
	{ "CAP_CHOWN", 0 }, { "CAP_DAC_OVERRIDE", 1 }, { "CAP_DAC_READ_SEARCH", 2 },
	{ "CAP_FOWNER", 3 }, { "CAP_FSETID", 4 }, { "CAP_KILL", 5 }, { "CAP_SETGID", 6 },
	{ "CAP_SETUID", 7 }, { "CAP_SETPCAP", 8 }, { "CAP_LINUX_IMMUTABLE", 9 },
	{ "CAP_NET_BIND_SERVICE", 10 }, { "CAP_NET_BROADCAST", 11 }, { "CAP_NET_ADMIN", 12 },
	{ "CAP_NET_RAW", 13 }, { "CAP_IPC_LOCK", 14 }, { "CAP_IPC_OWNER", 15 },
	{ "CAP_SYS_MODULE", 0x10 }, { "CAP_SYS_RAWIO", 0x11 }, { "CAP_SYS_CHROOT", 0x12 },
	{ "CAP_SYS_PTRACE", 0x13 }, { "CAP_SYS_PACCT", 0x14 }, { "CAP_SYS_ADMIN", 0x15 },
	{ "CAP_SYS_BOOT", 0x16 }, { "CAP_SYS_NICE", 0x17 }, { "CAP_SYS_RESOURCE", 0x18 },
	{ "CAP_SYS_TIME", 0x19 }, { "CAP_SYS_TTY_CONFIG", 0x1a }, { "CAP_MKNOD", 0x1b },
	{ "CAP_LEASE", 0x1c }, { "CAP_AUDIT_WRITE", 0x1d }, { "CAP_AUDIT_CONTROL", 0x1e },
	{ "CAP_SETFCAP", 0x1f }, { "CAP_MAC_OVERRIDE", 0x20 }, { "CAP_MAC_ADMIN", 0x21 },
	{ "CAP_SYSLOG", 0x22 }, { "CAP_WAKE_ALARM", 0x23 }, { "CAP_BLOCK_SUSPEND", 0x24 },
	{ "CAP_AUDIT_READ", 0x25 }, { "CAP_PERFMON", 0x26 }, { "CAP_BPF", 0x27 },
	{ "CAP_CHECKPOINT_RESTORE", 0x28 }, END
};
const struct names caps = { "CAP_???", caps_list };

static const struct name clocks_list[] = {
	{ "CLOCK_REALTIME", 0 }, { "CLOCK_MONOTONIC", 1 }, { "CLOCK_PROCESS_CPUTIME_ID", 2 },
	{ "CLOCK_THREAD_CPUTIME_ID", 3 }, { "CLOCK_MONOTONIC_RAW", 4 },
	{ "CLOCK_REALTIME_COARSE", 5 }, { "CLOCK_MONOTONIC_COARSE", 6 }, { "CLOCK_BOOTTIME", 7 },
	{ "CLOCK_REALTIME_ALARM", 8 }, { "CLOCK_BOOTTIME_ALARM", 9 }, { "CLOCK_SGI_CYCLE", 10 },
	{ "CLOCK_TAI", 11 }, END
};
const struct names clocks = { "CLOCK_???", clocks_list };

static const struct name clone_flags_list[] = {
	N(CLONE_VM), N(CLONE_FS), N(CLONE_FILES), N(CLONE_SIGHAND), N(CLONE_PIDFD),
	N(CLONE_PTRACE), N(CLONE_VFORK), N(CLONE_PARENT), N(CLONE_THREAD), N(CLONE_NEWNS),
	N(CLONE_SYSVSEM), N(CLONE_SETTLS), N(CLONE_PARENT_SETTID), N(CLONE_CHILD_CLEARTID),
	N(CLONE_UNTRACED), N(CLONE_CHILD_SETTID), N(CLONE_NEWCGROUP), N(CLONE_NEWUTS),
	N(CLONE_NEWIPC), N(CLONE_NEWUSER), N(CLONE_NEWPID), N(CLONE_NEWNET), N(CLONE_IO),
	N(CLONE_CLEAR_SIGHAND), N(CLONE_INTO_CGROUP), END
};
const struct names clone_flags = { "CLONE_???", clone_flags_list };

static const struct name close_range_flags_list[] = {
	N(CLOSE_RANGE_UNSHARE), N(CLOSE_RANGE_CLOEXEC), END
};
const struct names close_range_flags = { "CLOSE_RANGE_???", close_range_flags_list };

static const struct name errors_list[] = {
	N(EPERM), N(ENOENT), N(ESRCH), N(EINTR), N(EIO), N(ENXIO), N(E2BIG), N(ENOEXEC), N(EBADF),
	N(ECHILD), N(EAGAIN), N(ENOMEM), N(EACCES), N(EFAULT), N(ENOTBLK), N(EBUSY), N(EEXIST),
	N(EXDEV), N(ENODEV), N(ENOTDIR), N(EISDIR), N(EINVAL), N(ENFILE), N(EMFILE), N(ENOTTY),
	N(ETXTBSY), N(EFBIG), N(ENOSPC), N(ESPIPE), N(EROFS), N(EMLINK), N(EPIPE), N(EDOM),
	N(ERANGE), N(EDEADLK), N(ENAMETOOLONG), N(ENOLCK), N(ENOSYS), N(ENOTEMPTY), N(ELOOP),
	N(ENOMSG), N(EIDRM), N(ECHRNG), N(EL2NSYNC), N(EL3HLT), N(EL3RST), N(ELNRNG), N(EUNATCH),
	N(ENOCSI), N(EL2HLT), N(EBADE), N(EBADR), N(EXFULL), N(ENOANO), N(EBADRQC), N(EBADSLT),
	N(EBFONT), N(ENOSTR), N(ENODATA), N(ETIME), N(ENOSR), N(ENONET), N(ENOPKG), N(EREMOTE),
	N(ENOLINK), N(EADV), N(ESRMNT), N(ECOMM), N(EPROTO), N(EMULTIHOP), N(EDOTDOT), N(EBADMSG),
	N(EOVERFLOW), N(ENOTUNIQ), N(EBADFD), N(EREMCHG), N(ELIBACC), N(ELIBBAD), N(ELIBSCN),
	N(ELIBMAX), N(ELIBEXEC), N(EILSEQ), N(ERESTART), N(ESTRPIPE), N(EUSERS), N(ENOTSOCK),
	N(EDESTADDRREQ), N(EMSGSIZE), N(EPROTOTYPE), N(ENOPROTOOPT), N(EPROTONOSUPPORT),
	N(ESOCKTNOSUPPORT), N(EOPNOTSUPP), N(EPFNOSUPPORT), N(EAFNOSUPPORT), N(EADDRINUSE),
	N(EADDRNOTAVAIL), N(ENETDOWN), N(ENETUNREACH), N(ENETRESET), N(ECONNABORTED),
	N(ECONNRESET), N(ENOBUFS), N(EISCONN), N(ENOTCONN), N(ESHUTDOWN), N(ETOOMANYREFS),
	N(ETIMEDOUT), N(ECONNREFUSED), N(EHOSTDOWN), N(EHOSTUNREACH), N(EALREADY), N(EINPROGRESS),
	N(ESTALE), N(EUCLEAN), N(ENOTNAM), N(ENAVAIL), N(EISNAM), N(EREMOTEIO), N(EDQUOT),
	N(ENOMEDIUM), N(EMEDIUMTYPE), N(ECANCELED), N(ENOKEY), N(EKEYEXPIRED), N(EKEYREVOKED),
	N(EKEYREJECTED), N(EOWNERDEAD), N(ENOTRECOVERABLE), N(ERFKILL), N(EHWPOISON), END
};
const struct names errors = { "E???", errors_list };

static const struct name eventfd_flags_list[] = {
	N(EFD_SEMAPHORE), N(EFD_CLOEXEC), N(EFD_NONBLOCK), END
};
const struct names eventfd_flags = { "EFD_???", eventfd_flags_list };

static const struct name fallocate_flags_list[] = {
	{ "FALLOC_FL_KEEP_SIZE", 1 }, { "FALLOC_FL_PUNCH_HOLE", 2 },
	{ "FALLOC_FL_NO_HIDE_STALE", 4 }, { "FALLOC_FL_COLLAPSE_RANGE", 8 },
	{ "FALLOC_FL_ZERO_RANGE", 0x10 }, { "FALLOC_FL_INSERT_RANGE", 0x20 },
	{ "FALLOC_FL_UNSHARE_RANGE", 0x40 }, END
};
const struct names fallocate_flags = { "FALLOC_FL_???", fallocate_flags_list };

static const struct name fcntl_cmds_list[] = {
	N(F_DUPFD), N(F_GETFD), N(F_SETFD), N(F_GETFL), N(F_SETFL), N(F_GETLK), N(F_SETLK),
	N(F_SETLKW), N(F_SETOWN), N(F_GETOWN), N(F_SETSIG), N(F_GETSIG), N(F_SETOWN_EX),
	N(F_GETOWN_EX), N(F_OFD_GETLK), N(F_OFD_SETLK), N(F_OFD_SETLKW), N(F_DUPFD_CLOEXEC),
	{ "F_SETLEASE", 0x400 }, { "F_GETLEASE", 0x401 }, { "F_NOTIFY", 0x402 },
	{ "F_SETPIPE_SZ", 0x407 }, { "F_GETPIPE_SZ", 0x408 }, { "F_ADD_SEALS", 0x409 },
	{ "F_GET_SEALS", 0x40a }, END
};
const struct names fcntl_cmds = { "F_???", fcntl_cmds_list };

static const struct name fd_flags_list[] = {
	{ "FD_CLOEXEC", 1 }, END
};
const struct names fd_flags = { "FD_???", fd_flags_list };

static const struct name file_types_list[] = {
	N(S_IFSOCK), N(S_IFLNK), N(S_IFREG), N(S_IFBLK), N(S_IFDIR), N(S_IFCHR), N(S_IFIFO), END
};
const struct names file_types = { "S_IF???", file_types_list };

static const struct name flock_ops_list[] = {
	{ "LOCK_SH", 1 }, { "LOCK_EX", 2 }, { "LOCK_NB", 4 }, { "LOCK_UN", 8 },
	{ "LOCK_MAND", 0x20 }, { "LOCK_RW", 0xc0 }, { "LOCK_READ", 0x40 }, { "LOCK_WRITE", 0x80 },
	END
};
const struct names flock_ops = { "LOCK_???", flock_ops_list };

static const struct name futex_ops_list[] = {
	{ "FUTEX_WAIT", 0 }, { "FUTEX_WAKE", 1 }, { "FUTEX_FD", 2 }, { "FUTEX_REQUEUE", 3 },
	{ "FUTEX_CMP_REQUEUE", 4 }, { "FUTEX_WAKE_OP", 5 }, { "FUTEX_LOCK_PI", 6 },
	{ "FUTEX_UNLOCK_PI", 7 }, { "FUTEX_TRYLOCK_PI", 8 }, { "FUTEX_WAIT_BITSET", 9 },
	{ "FUTEX_WAKE_BITSET", 10 }, { "FUTEX_WAIT_REQUEUE_PI", 11 },
	{ "FUTEX_CMP_REQUEUE_PI", 12 }, { "FUTEX_LOCK_PI2", 13 }, END
};
const struct names futex_ops = { "FUTEX_???", futex_ops_list };

static const struct name getrandom_flags_list[] = {
	N(GRND_NONBLOCK), N(GRND_RANDOM), N(GRND_INSECURE), END
};
const struct names getrandom_flags = { "GRND_???", getrandom_flags_list };

static const struct name ioctls_list[] = {
	N(FIBMAP), N(FIGETBSZ), N(TCGETS), N(TCSETS), N(TCSETSW), N(TCSETSF), N(TIOCGPGRP),
	N(TIOCSPGRP), N(TIOCOUTQ), N(TIOCGWINSZ), N(TIOCSWINSZ), N(FIONREAD), N(FIONBIO),
	N(FIONCLEX), N(FIOCLEX), N(FIOASYNC), N(FIOQSIZE), END
};
const struct names ioctls = { "???", ioctls_list };

static const struct name itimers_list[] = {
	{ "ITIMER_REAL", 0 }, { "ITIMER_VIRTUAL", 1 }, { "ITIMER_PROF", 2 }, END
};
const struct names itimers = { "ITIMER_???", itimers_list };

static const struct name locks_list[] = {
	{ "F_RDLCK", 0 }, { "F_WRLCK", 1 }, { "F_UNLCK", 2 }, END
};
const struct names locks = { "F_???", locks_list };

static const struct name lseek_whence_list[] = {
	{ "SEEK_SET", 0 }, { "SEEK_CUR", 1 }, { "SEEK_END", 2 }, { "SEEK_DATA", 3 },
	{ "SEEK_HOLE", 4 }, END
};
const struct names lseek_whence = { "SEEK_???", lseek_whence_list };

static const struct name mcl_flags_list[] = {
	{ "MCL_CURRENT", 1 }, { "MCL_FUTURE", 2 }, { "MCL_ONFAULT", 4 }, END
};
const struct names mcl_flags = { "MCL_???", mcl_flags_list };

static const struct name memfd_flags_list[] = {
	{ "MFD_CLOEXEC", 1 }, { "MFD_ALLOW_SEALING", 2 }, { "MFD_HUGETLB", 4 }, END
};
const struct names memfd_flags = { "MFD_???", memfd_flags_list };

static const struct name mlock_flags_list[] = {
	{ "MLOCK_ONFAULT", 1 }, END
};
const struct names mlock_flags = { "MLOCK_???", mlock_flags_list };

static const struct name mmap_prot_list[] = {
	{ "PROT_NONE", 0 }, N(PROT_READ), N(PROT_WRITE), N(PROT_EXEC), N(PROT_SEM),
	N(PROT_GROWSDOWN), N(PROT_GROWSUP), END
};
const struct names mmap_prot = { "PROT_???", mmap_prot_list };

static const struct name mmap_flags_list[] = {
	{ "MAP_SHARED_VALIDATE", 3 }, N(MAP_SHARED), N(MAP_PRIVATE), N(MAP_FIXED),
	N(MAP_ANONYMOUS), N(MAP_32BIT), N(MAP_NORESERVE), N(MAP_POPULATE), N(MAP_NONBLOCK),
	N(MAP_GROWSDOWN), N(MAP_DENYWRITE), N(MAP_EXECUTABLE), N(MAP_LOCKED), N(MAP_STACK),
	N(MAP_HUGETLB), N(MAP_SYNC), N(MAP_FIXED_NOREPLACE), END
};
const struct names mmap_flags = { "MAP_???", mmap_flags_list };

static const struct name mremap_flags_list[] = {
	N(MREMAP_MAYMOVE), N(MREMAP_FIXED), N(MREMAP_DONTUNMAP), END
};
const struct names mremap_flags = { "MREMAP_???", mremap_flags_list };

static const struct name msync_flags_list[] = {
	N(MS_SYNC), N(MS_ASYNC), N(MS_INVALIDATE), END
};
const struct names msync_flags = { "MS_???", msync_flags_list };

static const struct name open_flags_list[] = {
	N(O_CREAT), N(O_EXCL), N(O_NOCTTY), N(O_TRUNC), N(O_APPEND), N(O_NONBLOCK), N(O_SYNC),
	N(O_DSYNC), N(O_DIRECT), N(O_LARGEFILE), N(O_NOFOLLOW), N(O_NOATIME), N(O_CLOEXEC),
	N(O_PATH), N(O_TMPFILE), N(O_DIRECTORY), { "FASYNC", 0x2000 }, END
};
const struct names open_flags = { "O_???", open_flags_list };

static const struct name pipe_flags_list[] = {
	N(O_NONBLOCK), N(O_DIRECT), N(O_CLOEXEC), END
};
const struct names pipe_flags = { "O_???", pipe_flags_list };

static const struct name personalities_list[] = {
	{ "PER_LINUX", 0 }, { "PER_LINUX32", 8 }, END
};
const struct names personalities = { "PER_???", personalities_list };

static const struct name poll_events_list[] = {
	N(POLLIN), N(POLLPRI), N(POLLOUT), N(POLLRDNORM), N(POLLWRNORM), N(POLLRDBAND),
	N(POLLWRBAND), N(POLLERR), N(POLLHUP), N(POLLNVAL), N(POLLRDHUP), END
};
const struct names poll_events = { "POLL???", poll_events_list };

static const struct name prctls_list[] = {
	N(PR_SET_PDEATHSIG), N(PR_GET_PDEATHSIG), N(PR_GET_DUMPABLE), N(PR_SET_DUMPABLE),
	N(PR_GET_KEEPCAPS), N(PR_SET_KEEPCAPS), N(PR_GET_TIMING), N(PR_SET_TIMING), N(PR_SET_NAME),
	N(PR_GET_NAME), N(PR_CAPBSET_READ), N(PR_CAPBSET_DROP), N(PR_GET_SECUREBITS),
	N(PR_SET_SECUREBITS), N(PR_SET_TIMERSLACK), N(PR_GET_TIMERSLACK),
	N(PR_SET_CHILD_SUBREAPER), N(PR_GET_CHILD_SUBREAPER), N(PR_SET_NO_NEW_PRIVS),
	N(PR_GET_NO_NEW_PRIVS), N(PR_GET_TID_ADDRESS), N(PR_CAP_AMBIENT), END
};
const struct names prctls = { "PR_???", prctls_list };

static const struct name priorities_list[] = {
	{ "PRIO_PROCESS", 0 }, { "PRIO_PGRP", 1 }, { "PRIO_USER", 2 }, END
};
const struct names priorities = { "PRIO_???", priorities_list };

static const struct name reboot_cmds_list[] = {
	N(LINUX_REBOOT_CMD_RESTART), N(LINUX_REBOOT_CMD_HALT), N(LINUX_REBOOT_CMD_CAD_ON),
	N(LINUX_REBOOT_CMD_CAD_OFF), N(LINUX_REBOOT_CMD_POWER_OFF), N(LINUX_REBOOT_CMD_RESTART2),
	N(LINUX_REBOOT_CMD_SW_SUSPEND), N(LINUX_REBOOT_CMD_KEXEC), END
};
const struct names reboot_cmds = { "LINUX_REBOOT_CMD_???", reboot_cmds_list };

static const struct name reboot_magics_list[] = {
	N(LINUX_REBOOT_MAGIC1), N(LINUX_REBOOT_MAGIC2), N(LINUX_REBOOT_MAGIC2A),
	N(LINUX_REBOOT_MAGIC2B), N(LINUX_REBOOT_MAGIC2C), END
};
const struct names reboot_magics = { "LINUX_REBOOT_MAGIC_???", reboot_magics_list };

static const struct name rename_flags_list[] = {
	N(RENAME_NOREPLACE), N(RENAME_EXCHANGE), N(RENAME_WHITEOUT), END
};
const struct names rename_flags = { "RENAME_???", rename_flags_list };

static const struct name resources_list[] = {
	N(RLIMIT_CPU), N(RLIMIT_FSIZE), N(RLIMIT_DATA), N(RLIMIT_STACK), N(RLIMIT_CORE),
	N(RLIMIT_RSS), N(RLIMIT_NPROC), N(RLIMIT_NOFILE), N(RLIMIT_MEMLOCK), N(RLIMIT_AS),
	N(RLIMIT_LOCKS), N(RLIMIT_SIGPENDING), N(RLIMIT_MSGQUEUE), N(RLIMIT_NICE),
	N(RLIMIT_RTPRIO), N(RLIMIT_RTTIME), END
};
const struct names resources = { "RLIMIT_???", resources_list };

static const struct name rusages_list[] = {
	{ "RUSAGE_SELF", 0 }, { "RUSAGE_CHILDREN", 0xffffffff }, { "RUSAGE_BOTH", 0xfffffffe },
	{ "RUSAGE_THREAD", 1 }, END
};
const struct names rusages = { "RUSAGE_???", rusages_list };

static const struct name sa_flags_list[] = {
	{ "SA_RESTORER", 0x4000000 }, { "SA_ONSTACK", 0x8000000 }, { "SA_RESTART", 0x10000000 },
	{ "SA_INTERRUPT", 0x20000000 }, { "SA_NODEFER", 0x40000000 },
	{ "SA_RESETHAND", 0x80000000 }, { "SA_SIGINFO", 4 }, { "SA_NOCLDSTOP", 1 },
	{ "SA_NOCLDWAIT", 2 }, END
};
const struct names sa_flags = { "SA_???", sa_flags_list };

static const struct name schedulers_list[] = {
	{ "SCHED_OTHER", 0 }, { "SCHED_FIFO", 1 }, { "SCHED_RR", 2 }, { "SCHED_BATCH", 3 },
	{ "SCHED_IDLE", 5 }, { "SCHED_DEADLINE", 6 }, END
};
const struct names schedulers = { "SCHED_???", schedulers_list };

static const struct name signalfd_flags_list[] = {
	N(SFD_CLOEXEC), N(SFD_NONBLOCK), END
};
const struct names signalfd_flags = { "SFD_???", signalfd_flags_list };

static const struct name sigmask_how_list[] = {
	{ "SIG_BLOCK", 0 }, { "SIG_UNBLOCK", 1 }, { "SIG_SETMASK", 2 }, END
};
const struct names sigmask_how = { "SIG_???", sigmask_how_list };

static const struct name sock_types_list[] = {
	{ "SOCK_STREAM", 1 }, { "SOCK_DGRAM", 2 }, { "SOCK_RAW", 3 }, { "SOCK_RDM", 4 },
	{ "SOCK_SEQPACKET", 5 }, { "SOCK_DCCP", 6 }, { "SOCK_PACKET", 10 }, END
};
const struct names sock_types = { "SOCK_???", sock_types_list };

static const struct name sock_flags_list[] = {
	{ "SOCK_CLOEXEC", 0x80000 }, { "SOCK_NONBLOCK", 0x800 }, END
};
const struct names sock_flags = { "SOCK_???", sock_flags_list };

static const struct name families_list[] = {
	{ "AF_UNSPEC", 0 }, { "AF_UNIX", 1 }, { "AF_INET", 2 }, { "AF_AX25", 3 }, { "AF_IPX", 4 },
	{ "AF_APPLETALK", 5 }, { "AF_X25", 9 }, { "AF_INET6", 10 }, { "AF_NETLINK", 0x10 },
	{ "AF_PACKET", 0x11 }, { "AF_BLUETOOTH", 0x1f }, { "AF_ALG", 0x26 }, { "AF_VSOCK", 0x28 },
	END
};
const struct names families = { "AF_???", families_list };

static const struct name inet_protocols_list[] = {
	{ "IPPROTO_IP", 0 }, { "IPPROTO_ICMP", 1 }, { "IPPROTO_IGMP", 2 }, { "IPPROTO_TCP", 6 },
	{ "IPPROTO_UDP", 0x11 }, { "IPPROTO_IPV6", 0x29 }, { "IPPROTO_ICMPV6", 0x3a },
	{ "IPPROTO_SCTP", 0x84 }, { "IPPROTO_UDPLITE", 0x88 }, { "IPPROTO_RAW", 0xff },
	{ "IPPROTO_MPTCP", 0x106 }, END
};
const struct names inet_protocols = { "IPPROTO_???", inet_protocols_list };

static const struct name ss_flags_list[] = {
	{ "SS_ONSTACK", 1 }, { "SS_DISABLE", 2 }, { "SS_AUTODISARM", 0x80000000 }, END
};
const struct names ss_flags = { "SS_???", ss_flags_list };

static const struct name syslog_actions_list[] = {
	{ "SYSLOG_ACTION_CLOSE", 0 }, { "SYSLOG_ACTION_OPEN", 1 }, { "SYSLOG_ACTION_READ", 2 },
	{ "SYSLOG_ACTION_READ_ALL", 3 }, { "SYSLOG_ACTION_READ_CLEAR", 4 },
	{ "SYSLOG_ACTION_CLEAR", 5 }, { "SYSLOG_ACTION_CONSOLE_OFF", 6 },
	{ "SYSLOG_ACTION_CONSOLE_ON", 7 }, { "SYSLOG_ACTION_CONSOLE_LEVEL", 8 },
	{ "SYSLOG_ACTION_SIZE_UNREAD", 9 }, { "SYSLOG_ACTION_SIZE_BUFFER", 10 }, END
};
const struct names syslog_actions = { "SYSLOG_ACTION_???", syslog_actions_list };

static const struct name timer_flags_list[] = {
	{ "TIMER_ABSTIME", 1 }, END
};
const struct names timer_flags = { "TIMER_???", timer_flags_list };

static const struct name timerfd_flags_list[] = {
	{ "TFD_TIMER_ABSTIME", 1 }, { "TFD_TIMER_CANCEL_ON_SET", 2 }, { "TFD_CLOEXEC", 0x80000 },
	{ "TFD_NONBLOCK", 0x800 }, END
};
const struct names timerfd_flags = { "TFD_???", timerfd_flags_list };

static const struct name wait_ids_list[] = {
	{ "P_ALL", 0 }, { "P_PID", 1 }, { "P_PGID", 2 }, { "P_PIDFD", 3 }, END
};
const struct names wait_ids = { "P_???", wait_ids_list };

static const struct name wait_options_list[] = {
	{ "WNOHANG", 1 }, { "WEXITED", 4 }, { "WSTOPPED", 2 }, { "WCONTINUED", 8 },
	{ "WNOWAIT", 0x1000000 }, { "__WCLONE", 0x80000000 }, { "__WALL", 0x40000000 },
	{ "__WNOTHREAD", 0x20000000 }, END
};
const struct names wait_options = { "W???", wait_options_list };

static const struct name wait4_options_list[] = {
	{ "WNOHANG", 1 }, { "WEXITED", 4 }, { "WSTOPPED", 2 }, { "WCONTINUED", 8 },
	{ "WNOWAIT", 0x1000000 }, { "__WCLONE", 0x80000000 }, { "__WALL", 0x40000000 },
	{ "__WNOTHREAD", 0x20000000 }, END
};
const struct names wait4_options = { "W???", wait4_options_list };

static const struct name umount_flags_list[] = {
	{ "MNT_FORCE", 1 }, { "MNT_DETACH", 2 }, { "MNT_EXPIRE", 4 }, { "UMOUNT_NOFOLLOW", 8 },
	END
};
const struct names umount_flags = { "MNT_???", umount_flags_list };

static const struct name mount_flags_list[] = {
	{ "MS_RDONLY", 1 }, { "MS_NOSUID", 2 }, { "MS_NODEV", 4 }, { "MS_NOEXEC", 8 },
	{ "MS_SYNCHRONOUS", 0x10 }, { "MS_REMOUNT", 0x20 }, { "MS_MANDLOCK", 0x40 },
	{ "MS_DIRSYNC", 0x80 }, { "MS_NOSYMFOLLOW", 0x100 }, { "MS_NOATIME", 0x400 },
	{ "MS_NODIRATIME", 0x800 }, { "MS_BIND", 0x1000 }, { "MS_MOVE", 0x2000 },
	{ "MS_REC", 0x4000 }, { "MS_SILENT", 0x8000 }, { "MS_POSIXACL", 0x10000 },
	{ "MS_UNBINDABLE", 0x20000 }, { "MS_PRIVATE", 0x40000 }, { "MS_SLAVE", 0x80000 },
	{ "MS_SHARED", 0x100000 }, { "MS_RELATIME", 0x200000 }, { "MS_STRICTATIME", 0x1000000 },
	{ "MS_LAZYTIME", 0x2000000 }, END
};
const struct names mount_flags = { "MS_???", mount_flags_list };

static const struct name epoll_events_list[] = {
	{ "EPOLLIN", 1 }, { "EPOLLPRI", 2 }, { "EPOLLOUT", 4 }, { "EPOLLRDNORM", 0x40 },
	{ "EPOLLRDBAND", 0x80 }, { "EPOLLWRNORM", 0x100 }, { "EPOLLWRBAND", 0x200 },
	{ "EPOLLMSG", 0x400 }, { "EPOLLERR", 8 }, { "EPOLLHUP", 0x10 }, { "EPOLLRDHUP", 0x2000 },
	{ "EPOLLEXCLUSIVE", 0x10000000 }, { "EPOLLWAKEUP", 0x20000000 },
	{ "EPOLLONESHOT", 0x40000000 }, { "EPOLLET", 0x80000000 }, END
};
const struct names epoll_events = { "EPOLL???", epoll_events_list };

static const struct name epoll_ops_list[] = {
	{ "EPOLL_CTL_ADD", 1 }, { "EPOLL_CTL_DEL", 2 }, { "EPOLL_CTL_MOD", 3 }, END
};
const struct names epoll_ops = { "EPOLL_CTL_???", epoll_ops_list };

static const struct name epoll_flags_list[] = {
	{ "EPOLL_CLOEXEC", 0x80000 }, END
};
const struct names epoll_flags = { "EPOLL_???", epoll_flags_list };

static const struct name inotify_flags_list[] = {
	{ "IN_NONBLOCK", 0x800 }, { "IN_CLOEXEC", 0x80000 }, END
};
const struct names inotify_flags = { "IN_???", inotify_flags_list };

static const struct name inotify_events_list[] = {
	{ "IN_ACCESS", 1 }, { "IN_MODIFY", 2 }, { "IN_ATTRIB", 4 }, { "IN_CLOSE_WRITE", 8 },
	{ "IN_CLOSE_NOWRITE", 0x10 }, { "IN_OPEN", 0x20 }, { "IN_MOVED_FROM", 0x40 },
	{ "IN_MOVED_TO", 0x80 }, { "IN_CREATE", 0x100 }, { "IN_DELETE", 0x200 },
	{ "IN_DELETE_SELF", 0x400 }, { "IN_MOVE_SELF", 0x800 }, { "IN_UNMOUNT", 0x2000 },
	{ "IN_Q_OVERFLOW", 0x4000 }, { "IN_IGNORED", 0x8000 }, { "IN_ONLYDIR", 0x1000000 },
	{ "IN_DONT_FOLLOW", 0x2000000 }, { "IN_EXCL_UNLINK", 0x4000000 },
	{ "IN_MASK_CREATE", 0x10000000 }, { "IN_MASK_ADD", 0x20000000 },
	{ "IN_ISDIR", 0x40000000 }, { "IN_ONESHOT", 0x80000000 }, END
};
const struct names inotify_events = { "IN_???", inotify_events_list };

static const struct name sync_range_flags_list[] = {
	{ "SYNC_FILE_RANGE_WAIT_BEFORE", 1 }, { "SYNC_FILE_RANGE_WRITE", 2 },
	{ "SYNC_FILE_RANGE_WAIT_AFTER", 4 }, END
};
const struct names sync_range_flags = { "SYNC_FILE_RANGE_???", sync_range_flags_list };

static const struct name module_flags_list[] = {
	{ "MODULE_INIT_IGNORE_MODVERSIONS", 1 }, { "MODULE_INIT_IGNORE_VERMAGIC", 2 },
	{ "MODULE_INIT_COMPRESSED_FILE", 4 }, END
};
const struct names module_flags = { "MODULE_INIT_???", module_flags_list };

static const struct name delete_flags_list[] = {
	{ "O_NONBLOCK", 0x800 }, { "O_TRUNC", 0x200 }, END
};
const struct names delete_flags = { "O_???", delete_flags_list };

static const struct name pidfd_flags_list[] = {
	{ "PIDFD_NONBLOCK", 0x800 }, END
};
const struct names pidfd_flags = { "PIDFD_???", pidfd_flags_list };

static const struct name rseq_flags_list[] = {
	{ "RSEQ_FLAG_UNREGISTER", 1 }, END
};
const struct names rseq_flags = { "RSEQ_FLAG_???", rseq_flags_list };
