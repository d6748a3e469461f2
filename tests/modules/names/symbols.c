// SPDX-License-Identifier: MIT
/* symbols.c - a probe, and a return probe, on each function that people probe by name. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kprobes.h>
#include <linux/module.h>

static const char *const names[] = {
	/* calls */
	"__x64_sys_openat", "__x64_sys_close", "__x64_sys_read", "__x64_sys_write", "__x64_sys_clone",
	"__x64_sys_execve", "__x64_sys_exit_group", "__x64_sys_socket", "__x64_sys_getpid",
	"do_sys_openat2", "ksys_read", "ksys_write", "vfs_read", "vfs_write", "do_filp_open", "filp_close",
	"fd_install", "path_openat", "kernel_clone", "copy_process", "do_exit", "do_group_exit",
	"do_execveat_common", "bprm_execve", "begin_new_exec", "commit_creds", "schedule",
	"do_nanosleep", "up",
	"handle_mm_fault", "do_mmap", "kmem_cache_alloc", "kfree", "do_init_module",
	/* sockets */
	"__sys_socket", "sock_create_kern", "sock_alloc", "sock_close", "inet_create", "inet_release",
	"tcp_v4_connect", "tcp_close", "tcp_v4_init_sock", "udp_sendmsg", "security_socket_create",
};

static int nothing(struct kprobe *p, struct pt_regs *regs)
{
	return 0;
}

static int nothing_ret(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	return 0;
}

static int __init symbols_init(void)
{
	int i, err, ret_err;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		struct kprobe kp = { .symbol_name = names[i], .pre_handler = nothing };
		struct kretprobe rp = { .kp.symbol_name = names[i], .handler = nothing_ret };

		err = register_kprobe(&kp);
		if (!err && (kp.flags & KPROBE_FLAG_GONE || kprobe_disabled(&kp)))
			err = -EBUSY;
		if (!err)
			unregister_kprobe(&kp);
		ret_err = register_kretprobe(&rp);
		if (!ret_err)
			unregister_kretprobe(&rp);
		pr_info("%s: %d %d\n", names[i], err, ret_err);
	}
	return 0;
}

static void __exit symbols_exit(void)
{
}

module_init(symbols_init);
module_exit(symbols_exit);
MODULE_LICENSE("Dual MIT/GPL");
