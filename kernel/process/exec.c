/*
 * execve(): replace the program. Linux: fs/exec.c
 *
 * Everything that can fail is done with a new address space, while the old one stays in use. When
 * the new program is complete, current changes to it, and from then on nothing can fail.
 */
#include <uapi/mman.h>

#include "kernel/process/binprm.h"
#include "kernel/process/process.h"
#include "kernel/process/task.h"
#include "kernel/security/security.h"
#include "kernel/syscalls.h"

#define MAX_ARG_STRLEN (32 * PAGE_SIZE) /* one string, NUL included */
#define MAX_ARG_STRINGS 0x7fffffff
#define STK_LIM (8ul << 20)             /* of the stack of a program with more rights, at most */
#define ARG_MAX_TOTAL (6 << 20)         /* all strings and pointers, at most */
#define ARG_MAX_ALWAYS (32 * PAGE_SIZE) /* ... allowed with any stack limit. Linux: ARG_MAX */

/* argv or envp: of ring 3, or of the kernel for the first program. */
struct arg_vector {
	bool user;
	const char *const *ptr;
};

int bprm_write(struct linux_binprm *bprm, unsigned long addr, const void *data, size_t len)
{
	while (len) {
		size_t n = min(len, PAGE_SIZE - addr % PAGE_SIZE);
		void *page = mm_writable_page(bprm->mm, addr);

		if (!page)
			return -ENOMEM;
		memcpy(page, data, n);
		addr += n;
		data = (const char *)data + n;
		len -= n;
	}
	return 0;
}

/*
 * Called for each argument. There may be millions, so other tasks may run here. -EINTR: a signal is
 * about to end current.
 */
static int next_arg(void)
{
	cond_resched();
	return fatal_signal_pending(current) ? -EINTR : 0;
}

/* String @i of @args into *@str, NULL at the end. 0 or -EFAULT. */
static int get_arg(struct arg_vector args, int i, const char **str)
{
	*str = NULL;
	if (!args.ptr)
		return 0;
	if (args.user)
		return get_user(*str, args.ptr + i);
	*str = args.ptr[i];
	return 0;
}

static int count_args(struct arg_vector args)
{
	const char *str;
	int n;

	for (n = 0; n < MAX_ARG_STRINGS; n++) {
		if (get_arg(args, n, &str))
			return -EFAULT;
		if (!str)
			return n;
		if (next_arg())
			return -EINTR;
	}
	return -E2BIG;
}

/* Length with NUL, or -EFAULT, -E2BIG. */
static long arg_length(struct arg_vector args, const char *str)
{
	char chunk[256];
	long len = 0, n;

	if (!args.user)
		return strlen(str) + 1;
	for (;; len += n) {
		n = strncpy_from_user(chunk, str + len, sizeof(chunk));
		if (n < 0)
			return n;
		if (n < (long)sizeof(chunk))
			return len + n + 1;
		if (len + n >= MAX_ARG_STRLEN)
			return -E2BIG;
	}
}

/* May the stack reach down to @addr? */
static bool stack_has_room(unsigned long addr)
{
	unsigned long size = STACK_TOP - ALIGN_DOWN(addr, PAGE_SIZE);

	return size <= PAGE_SIZE || size <= rlimit(RLIMIT_STACK);
}

/* Copy @len bytes of string @str below bprm->p. */
static int push_string(struct linux_binprm *bprm, bool user, const char *str, long len)
{
	unsigned long addr;
	char chunk[256];
	int err = 0;

	if (len > MAX_ARG_STRLEN || bprm->p - len < bprm->argmin ||
	    !stack_has_room(bprm->p - len))
		return -E2BIG;
	bprm->p -= len;
	for (addr = bprm->p; len && !err; len -= min(len, (long)sizeof(chunk))) {
		long n = min(len, (long)sizeof(chunk));

		if (!user)
			memcpy(chunk, str, n);
		else if (copy_from_user(chunk, str, n))
			return -EFAULT;
		err = bprm_write(bprm, addr, chunk, n);
		addr += n;
		str += n;
	}
	return err;
}

int copy_string_kernel(struct linux_binprm *bprm, const char *str)
{
	return push_string(bprm, false, str, strlen(str) + 1);
}

/* The last string is pushed first, so that the first lies lowest. Their addresses go to @slots. */
static int push_args(struct linux_binprm *bprm, struct arg_vector args, int count, u64 *slots)
{
	const char *str;
	long len;
	int err;

	while (count--) {
		if (get_arg(args, count, &str) || !str)
			return -EFAULT;
		if (next_arg())
			return -EINTR;
		len = arg_length(args, str);
		if (len < 0)
			return len;
		err = push_string(bprm, args.user, str, len);
		if (err)
			return err;
		slots[count] = bprm->p;
	}
	return 0;
}

/* Linux: kernel/fork.c */
int set_mm_exe_file(struct mm_struct *mm, struct file *new_exe_file)
{
	struct file *old = mm->exe_file;

	if (new_exe_file) {
		if (deny_write_access(new_exe_file))
			return -EACCES;
		get_file(new_exe_file);
	}
	mm->exe_file = new_exe_file;
	if (old) {
		allow_write_access(old);
		fput(old);
	}
	return 0;
}

/*
 * The stack begins with one page, whatever the limit is, and grows later.
 * Linux: fs/exec.c:__bprm_mm_init()
 */
static int new_stack(struct linux_binprm *bprm)
{
	unsigned long addr;

	bprm->mm = mm_alloc();
	if (!bprm->mm)
		return -ENOMEM;
	arch_pick_mmap_layout(bprm->mm, rlimit(RLIMIT_STACK));
	addr = mmap_fixed(bprm->mm, STACK_TOP - PAGE_SIZE, PAGE_SIZE, VM_DATA_FLAGS | VM_GROWSDOWN,
			  NULL, 0);
	bprm->p = STACK_TOP - sizeof(void *);
	return IS_ERR_VALUE(addr) ? (int)addr : 0;
}

/*
 * The strings and the pointers to them may take a quarter of the stack limit, but not more than
 * ARG_MAX_TOTAL; ARG_MAX_ALWAYS is always allowed. Sets argmin. 0 or -E2BIG.
 * Linux: fs/exec.c:bprm_stack_limits()
 */
static int bprm_stack_limits(struct linux_binprm *bprm, int argc, int envc)
{
	unsigned long limit = min(rlimit(RLIMIT_STACK) / 4, (unsigned long)ARG_MAX_TOTAL);
	unsigned long pointers = (argc + (unsigned long)envc) * sizeof(void *);

	limit = max(limit, (unsigned long)ARG_MAX_ALWAYS);
	if (limit <= pointers)
		return -E2BIG;
	bprm->argmin = bprm->p - (limit - pointers);
	return 0;
}

/* Push all that goes on the stack as text: file name, environment, arguments. */
static int push_strings(struct linux_binprm *bprm, struct arg_vector argv, struct arg_vector envp)
{
	static const char *const empty[] = { "", NULL };
	int argc = count_args(argv), envc = count_args(envp), err;

	if (argc < 0 || envc < 0)
		return argc < 0 ? argc : envc;
	if (!argc) { /* programs count on argv[0]: give an empty one, as Linux does */
		argv = (struct arg_vector){ false, empty };
		argc = 1;
	}
	err = bprm_stack_limits(bprm, argc, envc);
	if (err)
		return err;
	bprm->vector_size = (argc + envc + 3ul) * sizeof(u64);
	bprm->vector = kzalloc(bprm->vector_size, GFP_KERNEL);
	if (!bprm->vector)
		return -ENOMEM;
	bprm->vector[0] = argc;
	err = copy_string_kernel(bprm, bprm->filename);
	bprm->execfn = bprm->mm->env_end = bprm->p;
	if (!err)
		err = push_args(bprm, envp, envc, bprm->vector + argc + 2);
	bprm->mm->env_start = bprm->mm->arg_end = bprm->p;
	if (!err)
		err = push_args(bprm, argv, argc, bprm->vector + 1);
	return err;
}

/* Without clone.c and de_thread.c a program has one thread, and shares nothing that execve() changes. */
int __weak noprobe leave_old_program(void)
{
	return 0;
}

/* Without itimer.c there are no timers. */
void __weak noprobe exec_timers(void)
{
}

/* Current becomes the new program. Nothing in here can fail. */
static void begin_new_exec(struct linux_binprm *bprm, unsigned long entry, unsigned long sp)
{
	struct task_struct *task = current;
	struct pt_regs *regs = task_pt_regs(task);
	struct mm_struct *old = task->mm;
	const char *slash = strrchr(bprm->filename, '/');

	exec_timers();
	if (old)
		mm_release(task);
	task->mm = bprm->mm;
	bprm->mm = NULL;
	switch_mm(task->mm);
	if (old) {
		task->signal->maxrss = max(task->signal->maxrss, get_mm_hiwater_rss(old));
		mmput(old);
	}
	do_close_on_exec(task->files);
	task->flags &= ~PF_FORKNOEXEC;
	task->mm->dumpable = !bprm->nondump && uid_eq(current_euid(), current_uid()) &&
			     gid_eq(current_egid(), current_gid());
	if (bprm->secureexec) {
		unsigned long *stack = &task->signal->rlim[RLIMIT_STACK].rlim_cur;

		task->pdeath_signal = 0;
		*stack = min(*stack, (unsigned long)STK_LIM);
	}
	commit_creds(bprm->cred);
	bprm->cred = NULL;
	task->exit_signal = SIGCHLD; /* whatever the parent had asked for */
	task->sas_ss_sp = task->sas_ss_size = 0;
	flush_signal_handlers(task, false);
	strscpy(task->comm, slash ? slash + 1 : bprm->filename, sizeof(task->comm));

	fpu_init_state(&task->thread.fpu);
	fpu_restore(&task->thread.fpu);
	reset_user_segments(&task->thread);
	memset(regs, 0, sizeof(*regs));
	regs->ip = entry;
	regs->sp = sp;
	regs->cs = __USER_CS;
	regs->ss = __USER_DS;
	regs->flags = X86_EFLAGS_IF;
}

/*
 * Free what is left in @bprm: what the new program did not take over, or everything when execve()
 * failed. @bprm itself is the caller's.
 */
static void free_bprm(struct linux_binprm *bprm)
{
	if (bprm->in_exec)
		current->fs->in_exec--;
	kfree(bprm->vector);
	kfree(bprm->interp);
	if (bprm->mm)
		mmput(bprm->mm);
	if (bprm->cred)
		abort_creds(bprm->cred);
	if (bprm->file) {
		allow_write_access(bprm->file);
		fput(bprm->file);
	}
}

/* Without script.c there are no scripts; without bprm_creds.c credentials stay as they are. */
int __weak noprobe find_interpreter(struct linux_binprm *bprm __maybe_unused)
{
	return 0;
}

int __weak noprobe bprm_creds_from_file(struct linux_binprm *bprm __maybe_unused)
{
	return 0;
}

/* The strings are on the new stack: open the file, load it, and become it. */
static int bprm_execve(struct linux_binprm *bprm, int fd, struct filename *filename)
{
	unsigned long entry, sp;
	struct file *file;
	int err;

	bprm->cred = prepare_creds();
	if (!bprm->cred)
		return -ENOMEM;
	file = do_open_execat(fd, filename);
	if (IS_ERR(file))
		return PTR_ERR(file);
	bprm->file = file;
	err = security_bprm_creds_for_exec(bprm->cred, file);
	if (!err)
		err = find_interpreter(bprm);
	if (!err)
		err = bprm_creds_from_file(bprm);
	if (!err)
		err = load_elf_binary(bprm, &entry, &sp);
	if (!err)
		err = set_mm_exe_file(bprm->mm, bprm->file);
	if (!err)
		err = leave_old_program();
	if (!err)
		begin_new_exec(bprm, entry, sp);
	return err;
}

/* The arguments come first: one that cannot be read is -EFAULT, whether there is a file or not. */
static int do_execveat_common(int fd, struct filename *filename, struct arg_vector argv,
			      struct arg_vector envp)
{
	struct linux_binprm bprm = { .filename = filename->name };
	int err;

	/* A program that gave up root's rights does not run another one instead of what it wanted. */
	if (current->flags & PF_NPROC_EXCEEDED && too_many_processes(current_cred()->user))
		return -EAGAIN;
	current->flags &= ~PF_NPROC_EXCEEDED;
	err = new_stack(&bprm);
	if (!err)
		err = push_strings(&bprm, argv, envp);
	if (!err)
		err = bprm_execve(&bprm, fd, filename);
	free_bprm(&bprm);
	return err;
}

int kernel_execve(const char *kernel_filename, const char *const *argv, const char *const *envp)
{
	struct filename *name = getname_kernel(kernel_filename);
	int err;

	if (IS_ERR(name))
		return PTR_ERR(name);
	err = do_execveat_common(AT_FDCWD, name, (struct arg_vector){ false, argv },
				 (struct arg_vector){ false, envp });
	putname(name);
	return err;
}

SYSCALL_DEFINE3(execve, const char __user *, filename, const char *const __user *, argv,
		const char *const __user *, envp)
{
	struct filename *name = getname(filename);
	int err;

	if (IS_ERR(name))
		return PTR_ERR(name);
	err = do_execveat_common(AT_FDCWD, name, (struct arg_vector){ true, argv },
				 (struct arg_vector){ true, envp });
	putname(name);
	return err;
}
