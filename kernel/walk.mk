# walk.mk - what socket() and close() do not need. Included by the Makefile.
#
# `make WALK=1` links the kernel without these files ("%" is any text, so "kernel/NAME/%" is a folder): what is
# left proves the forty steps, and is what one has to know who wants to know all that such a kernel does.
#
# A system call whose file is left out is -ENOSYS (kernel/sys_ni.c). What has to be started at boot is an
# initcall (kernel/lib/init.h). Where a file that stays calls a function of one that is left out, it defines
# the function too, with what is true when the file is not there: as __weak, and noprobe, because its text
# stays in the kernel when it is not called. A function of a file that is left out is exported to modules by
# that file. No source file asks which kernel it is compiled for: both kernels are linked from the same objects.

BEYOND_WALK += kernel/drivers/core.c
BEYOND_WALK += kernel/drivers/misc.c
BEYOND_WALK += kernel/drivers/qemu_fw_cfg.c
BEYOND_WALK += kernel/drivers/random.c
BEYOND_WALK += kernel/drivers/tty/%
BEYOND_WALK += kernel/fs/access.c
BEYOND_WALK += kernel/fs/anon_inodes.c
BEYOND_WALK += kernel/fs/calls/%
BEYOND_WALK += kernel/fs/close_range.c
BEYOND_WALK += kernel/fs/d_path.c
BEYOND_WALK += kernel/fs/dcache_move.c
BEYOND_WALK += kernel/fs/eventfd.c
BEYOND_WALK += kernel/fs/eventpoll/%
BEYOND_WALK += kernel/fs/fasync.c
BEYOND_WALK += kernel/fs/fcntl_more.c
BEYOND_WALK += kernel/fs/ioctl.c
BEYOND_WALK += kernel/fs/libfs_dir.c
BEYOND_WALK += kernel/fs/locks/%
BEYOND_WALK += kernel/fs/mounts/%
BEYOND_WALK += kernel/fs/notify/%
BEYOND_WALK += kernel/fs/pipe/%
BEYOND_WALK += kernel/fs/proc/cpuinfo.c
BEYOND_WALK += kernel/fs/proc/filesystems.c
BEYOND_WALK += kernel/fs/proc/meminfo.c
BEYOND_WALK += kernel/fs/ramfs/tmpfile.c
BEYOND_WALK += kernel/fs/readdir.c
BEYOND_WALK += kernel/fs/readv.c
BEYOND_WALK += kernel/fs/remove_privs.c
BEYOND_WALK += kernel/fs/select.c
BEYOND_WALK += kernel/fs/seq_path.c
BEYOND_WALK += kernel/fs/setattr.c
BEYOND_WALK += kernel/fs/signalfd.c
BEYOND_WALK += kernel/fs/splice/%
BEYOND_WALK += kernel/fs/stat.c
BEYOND_WALK += kernel/fs/sysfs/%
BEYOND_WALK += kernel/fs/timerfd.c
BEYOND_WALK += kernel/fs/tmpfs/%
BEYOND_WALK += kernel/futex/%
BEYOND_WALK += kernel/kprobes/several.c
BEYOND_WALK += kernel/mm/vmscan.c
BEYOND_WALK += kernel/mman/%
BEYOND_WALK += kernel/process/bprm_creds.c
BEYOND_WALK += kernel/process/capability.c
BEYOND_WALK += kernel/process/clone.c
BEYOND_WALK += kernel/process/de_thread.c
BEYOND_WALK += kernel/process/groups.c
BEYOND_WALK += kernel/process/ioprio.c
BEYOND_WALK += kernel/process/personality.c
BEYOND_WALK += kernel/process/pgrp.c
BEYOND_WALK += kernel/process/pidfd.c
BEYOND_WALK += kernel/process/prctl.c
BEYOND_WALK += kernel/process/priority.c
BEYOND_WALK += kernel/process/prlimit.c
BEYOND_WALK += kernel/process/proc/%
BEYOND_WALK += kernel/process/reaper.c
BEYOND_WALK += kernel/process/rusage.c
BEYOND_WALK += kernel/process/script.c
BEYOND_WALK += kernel/process/setid.c
BEYOND_WALK += kernel/process/sysinfo.c
BEYOND_WALK += kernel/process/waitid.c
BEYOND_WALK += kernel/sched/cputime.c
BEYOND_WALK += kernel/sched/ptrace.c
BEYOND_WALK += kernel/sched/rwsem.c
BEYOND_WALK += kernel/sched/semaphore.c
BEYOND_WALK += kernel/sched/syscalls.c
BEYOND_WALK += kernel/signal/action.c
BEYOND_WALK += kernel/signal/frame.c
BEYOND_WALK += kernel/signal/fxregs.asm
BEYOND_WALK += kernel/signal/kill.c
BEYOND_WALK += kernel/signal/sigqueue.c
BEYOND_WALK += kernel/signal/sigtimedwait.c
BEYOND_WALK += kernel/signal/stop.c
BEYOND_WALK += kernel/tasklet.c
BEYOND_WALK += kernel/time/clocks.c
BEYOND_WALK += kernel/time/hrtimer_sleep.c
BEYOND_WALK += kernel/time/itimer.c
BEYOND_WALK += kernel/time/posix-cpu-timers.c
BEYOND_WALK += kernel/time/posix-timers.c
BEYOND_WALK += kernel/time/time.c
BEYOND_WALK += kernel/time/timekeeping.c
BEYOND_WALK += kernel/workqueue.c
