/*
 * What modules may call, in one list. Linux spreads these EXPORT_SYMBOL()s over the files that
 * define the functions; here one page shows all there is, but for what the layers above this one
 * export, classes and nodes of devices, and for files that WALK=1 leaves out (kernel/walk.mk).
 */
#include "kernel/cpu/cpu.h"
#include "kernel/fs/fs.h"
#include "kernel/kprobes/kprobes.h"
#include "kernel/interrupt.h"
#include "kernel/kthread.h"
#include "kernel/lib/export.h"
#include "kernel/lib/rbtree.h"
#include "kernel/lib/spinlock.h"
#include "kernel/mm/mm.h"
#include "kernel/panic_notifier.h"
#include "kernel/module/module.h"
#include "kernel/process/reboot.h"
#include "kernel/sched/mutex.h"
#include "kernel/sched/sched.h"
#include "kernel/debug/debug.h"
#include "kernel/time/hrtimer.h"
#include "kernel/time/timer.h"

/* kernel/lib */
EXPORT_SYMBOL(printk);
EXPORT_SYMBOL(vprintk);
EXPORT_SYMBOL(panic);
EXPORT_SYMBOL(panic_notifier_list);
EXPORT_SYMBOL(bug_at);
EXPORT_SYMBOL(add_taint);
EXPORT_SYMBOL(warn_slowpath);
EXPORT_SYMBOL(snprintf);
EXPORT_SYMBOL(scnprintf);
EXPORT_SYMBOL(vsnprintf);
EXPORT_SYMBOL(memcpy);
EXPORT_SYMBOL(memmove);
EXPORT_SYMBOL(memset);
EXPORT_SYMBOL(memcmp);
EXPORT_SYMBOL(memchr_inv);
EXPORT_SYMBOL(strnlen);
EXPORT_SYMBOL(strcmp);
EXPORT_SYMBOL(strncmp);
EXPORT_SYMBOL(strchr);
EXPORT_SYMBOL(strrchr);
EXPORT_SYMBOL(strstr);
EXPORT_SYMBOL(strscpy);
EXPORT_SYMBOL(kstrtoul);
EXPORT_SYMBOL(kstrtol);
EXPORT_SYMBOL(__ratelimit);

EXPORT_SYMBOL(rb_insert_color);
EXPORT_SYMBOL(rb_erase);
EXPORT_SYMBOL(rb_first);
EXPORT_SYMBOL(rb_last);
EXPORT_SYMBOL(rb_next);
EXPORT_SYMBOL(rb_prev);
EXPORT_SYMBOL(__preempt_count);
EXPORT_SYMBOL(__might_sleep);
EXPORT_SYMBOL(spin_bug);
EXPORT_SYMBOL(local_bh_disable);
EXPORT_SYMBOL(local_bh_enable);

/* kernel/cpu: time */
EXPORT_SYMBOL(jiffies);
EXPORT_SYMBOL(local_clock);
EXPORT_SYMBOL(ktime_get_ns);
EXPORT_SYMBOL(ktime_get_real_ns);
EXPORT_SYMBOL(get_random_bytes);

/* kernel/mm */
EXPORT_SYMBOL(kmalloc);
EXPORT_SYMBOL(kzalloc);
EXPORT_SYMBOL(kcalloc);
EXPORT_SYMBOL(kstrdup);
EXPORT_SYMBOL(kfree);
EXPORT_SYMBOL(ksize);
EXPORT_SYMBOL(kmem_cache_create);
EXPORT_SYMBOL(kmem_cache_destroy);
EXPORT_SYMBOL(kmem_cache_alloc);
EXPORT_SYMBOL(kmem_cache_free);
EXPORT_SYMBOL(kmem_cache_shrink);
EXPORT_SYMBOL(copy_from_user);
EXPORT_SYMBOL(copy_to_user);
EXPORT_SYMBOL(clear_user);
EXPORT_SYMBOL(strncpy_from_user);
EXPORT_SYMBOL(copy_from_user_nofault);
EXPORT_SYMBOL(copy_from_kernel_nofault);

/* kernel/debug, kernel/kprobes */
EXPORT_SYMBOL(dump_stack);
EXPORT_SYMBOL(stack_trace_save);
EXPORT_SYMBOL(register_kprobe);
EXPORT_SYMBOL(unregister_kprobe);
EXPORT_SYMBOL(enable_kprobe);
EXPORT_SYMBOL(disable_kprobe);
EXPORT_SYMBOL(register_kretprobe);
EXPORT_SYMBOL(unregister_kretprobe);
EXPORT_SYMBOL(get_kretprobe);
EXPORT_SYMBOL(get_kretprobe_retaddr);
EXPORT_SYMBOL(override_function_with_return);

/* kernel/sched, kernel/fs */
EXPORT_SYMBOL(capable);
EXPORT_SYMBOL(init_task);
EXPORT_SYMBOL(prepare_creds);
EXPORT_SYMBOL(commit_creds);
EXPORT_SYMBOL(abort_creds);
EXPORT_SYMBOL(__put_cred);
EXPORT_SYMBOL(schedule);
EXPORT_SYMBOL(mutex_init);
EXPORT_SYMBOL(mutex_lock);
EXPORT_SYMBOL(mutex_lock_interruptible);
EXPORT_SYMBOL(mutex_lock_killable);
EXPORT_SYMBOL(mutex_trylock);
EXPORT_SYMBOL(mutex_unlock);
EXPORT_SYMBOL(schedule_timeout);
EXPORT_SYMBOL(schedule_timeout_interruptible);
EXPORT_SYMBOL(schedule_timeout_uninterruptible);
EXPORT_SYMBOL(__wake_up);
EXPORT_SYMBOL(add_wait_queue);
EXPORT_SYMBOL(remove_wait_queue);
EXPORT_SYMBOL(default_wake_function);
EXPORT_SYMBOL(autoremove_wake_function);
EXPORT_SYMBOL(init_wait_entry);
EXPORT_SYMBOL(prepare_to_wait);
EXPORT_SYMBOL(prepare_to_wait_event);
EXPORT_SYMBOL(finish_wait);
EXPORT_SYMBOL(wake_up_process);
EXPORT_SYMBOL(add_wait_queue_exclusive);
EXPORT_SYMBOL(prepare_to_wait_exclusive);
EXPORT_SYMBOL(complete);
EXPORT_SYMBOL(complete_all);
EXPORT_SYMBOL(wait_for_completion);
EXPORT_SYMBOL(wait_for_completion_interruptible);
EXPORT_SYMBOL(try_wait_for_completion);

/* kernel/time */
EXPORT_SYMBOL(timer_setup);
EXPORT_SYMBOL(mod_timer);
EXPORT_SYMBOL(add_timer);
EXPORT_SYMBOL(del_timer);
EXPORT_SYMBOL(del_timer_sync);
EXPORT_SYMBOL(msleep);
EXPORT_SYMBOL(msleep_interruptible);
EXPORT_SYMBOL(hrtimer_init);
EXPORT_SYMBOL(hrtimer_start);
EXPORT_SYMBOL(hrtimer_cancel);
EXPORT_SYMBOL(hrtimer_try_to_cancel);
EXPORT_SYMBOL(hrtimer_forward);
EXPORT_SYMBOL(hrtimer_forward_now);
EXPORT_SYMBOL(hrtimer_active);

/* kernel: threads and deferred work */
EXPORT_SYMBOL(kthread_create);
EXPORT_SYMBOL(kthread_stop);
EXPORT_SYMBOL(__put_task_struct);
EXPORT_SYMBOL(kthread_exit);
EXPORT_SYMBOL(kthread_complete_and_exit);
EXPORT_SYMBOL(raw_notifier_chain_register);
EXPORT_SYMBOL(raw_notifier_chain_unregister);
EXPORT_SYMBOL(raw_notifier_call_chain);
EXPORT_SYMBOL(atomic_notifier_chain_register);
EXPORT_SYMBOL(atomic_notifier_chain_unregister);
EXPORT_SYMBOL(atomic_notifier_call_chain);
EXPORT_SYMBOL(blocking_notifier_chain_register);
EXPORT_SYMBOL(blocking_notifier_chain_unregister);
EXPORT_SYMBOL(blocking_notifier_call_chain);
EXPORT_SYMBOL(register_reboot_notifier);
EXPORT_SYMBOL(unregister_reboot_notifier);
EXPORT_SYMBOL(kthread_should_stop);

/* kernel/process, kernel/fs */
EXPORT_SYMBOL(find_vpid);
EXPORT_SYMBOL(find_get_pid);
EXPORT_SYMBOL(pid_task);
EXPORT_SYMBOL(put_pid);
EXPORT_SYMBOL(mmput);
EXPORT_SYMBOL(path_get);
EXPORT_SYMBOL(path_put);
EXPORT_SYMBOL(path_lookup);
EXPORT_SYMBOL(cdev_init);
EXPORT_SYMBOL(cdev_add);
EXPORT_SYMBOL(cdev_del);
EXPORT_SYMBOL(register_chrdev_region);
EXPORT_SYMBOL(unregister_chrdev_region);
EXPORT_SYMBOL(alloc_chrdev_region);
EXPORT_SYMBOL(__register_chrdev);
EXPORT_SYMBOL(__unregister_chrdev);
EXPORT_SYMBOL(cdev_alloc);
EXPORT_SYMBOL(noop_llseek);
EXPORT_SYMBOL(kvasprintf);
EXPORT_SYMBOL(kasprintf);
EXPORT_SYMBOL(in_group_p);
EXPORT_SYMBOL(init_user_ns);
EXPORT_SYMBOL(fget);
EXPORT_SYMBOL(__fput);
EXPORT_SYMBOL(filp_open);
EXPORT_SYMBOL(filp_close);
EXPORT_SYMBOL(vfs_llseek);
EXPORT_SYMBOL(generic_file_llseek);
EXPORT_SYMBOL(seq_open);
EXPORT_SYMBOL(seq_release);
EXPORT_SYMBOL(__seq_open_private);
EXPORT_SYMBOL(seq_open_private);
EXPORT_SYMBOL(seq_release_private);
EXPORT_SYMBOL(seq_read);
EXPORT_SYMBOL(seq_read_iter);
EXPORT_SYMBOL(seq_lseek);
EXPORT_SYMBOL(seq_printf);
EXPORT_SYMBOL(seq_vprintf);
EXPORT_SYMBOL(seq_puts);
EXPORT_SYMBOL(seq_putc);
EXPORT_SYMBOL(seq_write);
EXPORT_SYMBOL(single_open);
EXPORT_SYMBOL(single_release);
EXPORT_SYMBOL(proc_create);
EXPORT_SYMBOL(proc_create_data);
EXPORT_SYMBOL(proc_create_single_data);
EXPORT_SYMBOL(proc_create_seq_private);
EXPORT_SYMBOL(proc_mkdir);
EXPORT_SYMBOL(proc_mkdir_data);
EXPORT_SYMBOL(proc_mkdir_mode);
EXPORT_SYMBOL(proc_set_size);
EXPORT_SYMBOL(proc_set_user);
EXPORT_SYMBOL(pde_data);
EXPORT_SYMBOL(proc_remove);
EXPORT_SYMBOL(remove_proc_entry);
EXPORT_SYMBOL(remove_proc_subtree);
EXPORT_SYMBOL(kernel_read);
EXPORT_SYMBOL(kernel_write);

/* kernel/module: parameters */
EXPORT_SYMBOL(param_ops_byte);
EXPORT_SYMBOL(param_ops_short);
EXPORT_SYMBOL(param_ops_ushort);
EXPORT_SYMBOL(param_ops_int);
EXPORT_SYMBOL(param_ops_uint);
EXPORT_SYMBOL(param_ops_hexint);
EXPORT_SYMBOL(param_ops_long);
EXPORT_SYMBOL(param_ops_ulong);
EXPORT_SYMBOL(param_ops_ullong);
EXPORT_SYMBOL(param_ops_bool);
EXPORT_SYMBOL(param_ops_invbool);
EXPORT_SYMBOL(param_ops_charp);
EXPORT_SYMBOL(param_ops_string);
EXPORT_SYMBOL(param_array_ops);
EXPORT_SYMBOL(param_set_int);
EXPORT_SYMBOL(param_set_uint);
EXPORT_SYMBOL(param_set_bool);
EXPORT_SYMBOL(param_set_charp);

extern const struct kernel_symbol __start_ksymtab[], __stop_ksymtab[];

const struct kernel_symbol *find_symbol(const char *name)
{
	const struct kernel_symbol *sym;

	for (sym = __start_ksymtab; sym < __stop_ksymtab; sym++) {
		if (!strcmp(sym->name, name))
			return sym;
	}
	return NULL;
}
