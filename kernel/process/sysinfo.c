/*
 * The system as a whole: sysinfo(), the names that sethostname() and setdomainname() change.
 * Linux: kernel/sys.c
 */
#include <uapi/sysinfo.h>
#include <uapi/utsname.h>

#include "kernel/process/process.h"
#include "kernel/process/task.h"
#include "kernel/syscalls.h"

/* There is no swap, no memory beyond the direct map, and nobody averages the load. */
SYSCALL_DEFINE1(sysinfo, struct sysinfo __user *, user_info)
{
	struct sysinfo info = {
		.uptime = DIV_ROUND_UP(ktime_get_ns(), NSEC_PER_SEC),
		.totalram = totalram_pages() * PAGE_SIZE,
		.freeram = nr_free_pages() * PAGE_SIZE,
		.procs = nr_threads,
		.mem_unit = 1,
	};

	return copy_to_user(user_info, &info, sizeof(info)) ? -EFAULT : 0;
}

/* Store @len bytes of @user as a name: what is behind them becomes 0. */
static long set_uts_name(char *name, const char __user *user, int len)
{
	char new[__NEW_UTS_LEN + 1] = "";

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (len < 0 || len > __NEW_UTS_LEN)
		return -EINVAL;
	if (copy_from_user(new, user, len))
		return -EFAULT;
	memcpy(name, new, sizeof(new));
	return 0;
}

SYSCALL_DEFINE2(sethostname, const char __user *, name, int, len)
{
	return set_uts_name(init_uts.nodename, name, len);
}

SYSCALL_DEFINE2(setdomainname, const char __user *, name, int, len)
{
	return set_uts_name(init_uts.domainname, name, len);
}
