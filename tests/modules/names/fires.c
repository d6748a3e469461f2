// SPDX-License-Identifier: MIT
/* fires.c - probes on functions that people watch: each fires when the thing happens. Semaphores. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/semaphore.h>

struct watch {
	struct kprobe kp;
	atomic_t hits;
};

static int on_call(struct kprobe *p, struct pt_regs *regs)
{
	atomic_inc(&container_of(p, struct watch, kp)->hits);
	return 0;
}

#define WATCH(name) { .kp = { .symbol_name = name, .pre_handler = on_call } }

static struct watch watches[] = {
	WATCH("do_nanosleep"),	/* the command "sleep" */
	WATCH("bprm_execve"),	/* rmmod is executed */
	WATCH("up"),		/* use_semaphore() */
};

static DEFINE_SEMAPHORE(one);

static void use_semaphore(void)
{
	struct semaphore two;

	sema_init(&two, 2);
	pr_info("down %d\n", down_interruptible(&two));
	pr_info("trylock %d\n", down_trylock(&two));
	pr_info("trylock %d\n", down_trylock(&two));
	pr_info("timeout %d\n", down_timeout(&two, 2));
	up(&two);
	pr_info("killable %d\n", down_killable(&two));
	down(&one);
	pr_info("taken %d\n", down_trylock(&one));
	up(&one);
	pr_info("back %d\n", down_trylock(&one));
}

static int __init fires_init(void)
{
	int i, err;

	for (i = 0; i < ARRAY_SIZE(watches); i++) {
		err = register_kprobe(&watches[i].kp);
		if (err)
			pr_info("%s: %d\n", watches[i].kp.symbol_name, err);
	}
	use_semaphore();
	return 0;
}

static void __exit fires_exit(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(watches); i++) {
		unregister_kprobe(&watches[i].kp);
		pr_info("%s fires %d\n", watches[i].kp.symbol_name, atomic_read(&watches[i].hits) > 0);
	}
}

module_init(fires_init);
module_exit(fires_exit);
MODULE_LICENSE("Dual MIT/GPL");
