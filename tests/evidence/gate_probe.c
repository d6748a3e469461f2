// SPDX-License-Identifier: MIT
/*
 * gate_probe: the gate, seen from its first function behind it. At the entry of __x64_sys_socket():
 * the frame that the gate built of ring 3's registers, the program's two bytes before its return
 * address, the registers that say where SYSCALL leads, and what ring the handler itself runs in. At
 * the return: the value for RAX, and what the descriptor table then holds. And the next close(2).
 */
#include "evidence.h"

#include <linux/fdtable.h>
#include <linux/fs.h>
#include <linux/rcupdate.h>
#include <linux/sched/task_stack.h>
#include <linux/uaccess.h>

/* Model-specific registers of SYSCALL; Intel SDM vol. 4. */
#define EVIDENCE_EFER 0xc0000080u
#define EVIDENCE_STAR 0xc0000081u
#define EVIDENCE_LSTAR 0xc0000082u
#define EVIDENCE_FMASK 0xc0000084u

static unsigned long read_register(unsigned int msr)
{
	unsigned int low, high;

	asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (unsigned long)high << 32 | low;
}

/* CS as it is now: its low two bits are the ring this code runs in. */
static unsigned int current_cs(void)
{
	unsigned int cs;

	asm volatile("mov %%cs, %0" : "=r"(cs));
	return cs;
}

/* Ring 3's word at @addr, or 0. */
static unsigned long user_word(unsigned long addr, unsigned int size)
{
	unsigned long word = 0;

	if (copy_from_user_nofault(&word, (const void __user *)addr, size))
		return 0;
	return word;
}

static int socket_entered(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct pt_regs *user = (const struct pt_regs *)watched_arg(regs, 0);
	const char *fn = watched_name(ri);
	unsigned long from = stack_top(regs);

	if (!evidence_wanted())
		return 1;
	evidence("entry", fn, "addr=%px name=%ps from=%px caller=%ps cs=0x%lx handler_cs=0x%x sp=%px",
		 get_kretprobe(ri)->kp.addr, (void *)get_kretprobe(ri)->kp.addr, (void *)from,
		 (void *)from, regs->cs & 0xffff, current_cs(),
		 (void *)kernel_stack_pointer(regs));
	evidence("frame", fn, "frame=%px top=%px nr=0x%lx di=0x%lx si=0x%lx dx=0x%lx ax=%ld",
		 user, task_pt_regs(current) + 1, user->orig_ax, user->di, user->si, user->dx,
		 (long)user->ax);
	evidence("ring3", fn, "ip=%px sp=%px cs=0x%lx ss=0x%lx flags=0x%lx cx=%px r11=0x%lx insn=%02lx%02lx from=%px",
		 (void *)user->ip, (void *)user->sp, (unsigned long)user->cs,
		 (unsigned long)user->ss, user->flags, (void *)user->cx, user->r11,
		 user_word(user->ip - 2, 1), user_word(user->ip - 1, 1),
		 (void *)user_word(user->sp, 8));
	evidence("msr", fn, "efer=0x%lx star=0x%016lx lstar=%px entry=%ps sfmask=0x%lx",
		 read_register(EVIDENCE_EFER), read_register(EVIDENCE_STAR),
		 (void *)read_register(EVIDENCE_LSTAR), (void *)read_register(EVIDENCE_LSTAR),
		 read_register(EVIDENCE_FMASK));
	return 0;
}

/* The file in slot @fd of the current task's table, or NULL. */
static struct file *file_in_slot(long fd)
{
	struct fdtable *fdt;
	struct file *file = NULL;

	rcu_read_lock();
	fdt = files_fdtable(current->files);
	if (fd >= 0 && fd < (long)fdt->max_fds)
		file = fdt->fd[fd];
	rcu_read_unlock();
	return file;
}

static int socket_returns(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	long ret = (long)regs_return_value(regs);
	struct file *file = file_in_slot(ret);

	evidence("return", watched_name(ri), "ret=%ld slot=%px private=%px", ret, file,
		 file ? file->private_data : NULL);
	return 0;
}

static int close_entered(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct pt_regs *user = (const struct pt_regs *)watched_arg(regs, 0);

	if (!evidence_wanted())
		return 1;
	evidence("entry", watched_name(ri), "nr=0x%lx fd=%d", user->orig_ax, (int)user->di);
	return 0;
}

static int close_returns(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	evidence("return", watched_name(ri), "ret=%ld", (long)regs_return_value(regs));
	return 0;
}

static struct watch watches[] = {
	WATCH("__x64_sys_socket", socket_entered, socket_returns),
	WATCH("__x64_sys_close", close_entered, close_returns),
};

EVIDENCE_MODULE(watches, "evidence: the gate of socket(2)");
