/*
 * Ring-3 code inside the kernel's tests: contract in user.h.
 */
#include "tests/kernel/user.h"

#include <uapi/mman.h>

#include "tests/kernel/ktap.h"

long __x64_sys_mmap(const struct pt_regs *regs);
long __x64_sys_wait4(const struct pt_regs *regs);

static int start_user_code(void *arg)
{
	const struct user_code *code = arg;
	unsigned long page = code->page ?: USER_PAGE;
	struct pt_regs mmap = {
		.di = page, .si = PAGE_SIZE, .dx = PROT_READ | PROT_WRITE | PROT_EXEC,
		.r10 = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, .r8 = -1ul,
	};

	current->mm = mm_alloc();
	switch_mm(current->mm);
	if ((unsigned long)__x64_sys_mmap(&mmap) != page ||
	    copy_to_user((void __user *)(code->ip ?: page), code->bytes, code->len))
		return -ENOMEM;
	*task_pt_regs(current) = (struct pt_regs){
		.ip = code->ip ?: page, .sp = page + PAGE_SIZE, .cs = __USER_CS, .ss = __USER_DS,
		.flags = X86_EFLAGS_IF,
	};
	return 0;
}

int run_user_code(const struct user_code *code)
{
	struct pt_regs wait = { .di = user_mode_thread(start_user_code, (void *)code) };
	const struct task_struct *child = find_task_by_vpid(wait.di);
	int status;

	while (!child->exit_state)
		schedule();
	status = child->exit_code;
	KTAP_EXPECT_EQ(__x64_sys_wait4(&wait), wait.di);
	return status;
}
