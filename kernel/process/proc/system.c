/*
 * What /proc says of the machine as a whole: uptime, loadavg, version, stat; and the names in sys/kernel.
 * Linux: fs/proc/uptime.c, loadavg.c, version.c, stat.c; kernel/utsname_sysctl.c
 */
#include <uapi/utsname.h>

#include "kernel/lib/init.h"
#include "kernel/process/proc/internal.h"
#include "kernel/process/task.h"

#define USER_HZ 100

/* Seconds since boot, and in how many of them nothing was to be done; with two decimals. */
static int uptime_proc_show(struct seq_file *m, void *v __maybe_unused)
{
	u64 up = ktime_get_ns() / (NSEC_PER_SEC / 100), idle = kernel_cpustat[CPUTIME_IDLE] * 100 / HZ;

	seq_printf(m, "%llu.%02llu %llu.%02llu\n", up / 100, up % 100, idle / 100, idle % 100);
	return 0;
}

/* Nobody averages the load, as sysinfo() says, too. One task runs: the reader. */
static int loadavg_proc_show(struct seq_file *m, void *v __maybe_unused)
{
	seq_printf(m, "0.00 0.00 0.00 1/%d %d\n", nr_threads, last_pid);
	return 0;
}

static int version_proc_show(struct seq_file *m, void *v __maybe_unused)
{
	seq_printf(m, "%s version %s (ringwalk) (gcc %s) %s\n", init_uts.sysname, init_uts.release, __VERSION__,
		   init_uts.version);
	return 0;
}

/* Times in USER_HZ. What is not counted here is 0: nice, iowait, irq, softirq, steal, guest, guest_nice. */
static int stat_proc_show(struct seq_file *m, void *v __maybe_unused)
{
	unsigned long user = kernel_cpustat[CPUTIME_USER] * USER_HZ / HZ;
	unsigned long system = kernel_cpustat[CPUTIME_SYSTEM] * USER_HZ / HZ;
	unsigned long idle = kernel_cpustat[CPUTIME_IDLE] * USER_HZ / HZ;

	seq_printf(m, "cpu  %lu 0 %lu %lu 0 0 0 0 0 0\n", user, system, idle);
	seq_printf(m, "cpu0 %lu 0 %lu %lu 0 0 0 0 0 0\n", user, system, idle);
	seq_printf(m, "ctxt %llu\n", nr_context_switches());
	seq_printf(m, "btime %llu\n", (ktime_get_real_ns() - ktime_get_ns()) / NSEC_PER_SEC);
	seq_puts(m, "procs_running 1\nprocs_blocked 0\n");
	return 0;
}

static int uts_proc_show(struct seq_file *m, void *v __maybe_unused)
{
	seq_printf(m, "%s\n", (const char *)m->private);
	return 0;
}

/* All are read-only here; sethostname() and setdomainname() change two of them. */
static const struct {
	const char *path;
	char *text;
} names[] = {
	{ "sys/kernel/ostype", init_uts.sysname },     { "sys/kernel/osrelease", init_uts.release },
	{ "sys/kernel/version", init_uts.version },    { "sys/kernel/hostname", init_uts.nodename },
	{ "sys/kernel/domainname", init_uts.domainname },
};

static int proc_system_init(void)
{
	if (!proc_create_single("uptime", 0, NULL, uptime_proc_show) ||
	    !proc_create_single("loadavg", 0, NULL, loadavg_proc_show) ||
	    !proc_create_single("version", 0, NULL, version_proc_show) ||
	    !proc_create_single("stat", 0, NULL, stat_proc_show))
		return -ENOMEM;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!proc_create_single_data(names[i].path, 0, NULL, uts_proc_show, names[i].text))
			return -ENOMEM;
	return 0;
}
late_initcall(proc_system_init);
