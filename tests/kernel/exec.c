/*
 * execve() while other threads run.
 */
#include <uapi/sched.h>

#include "kernel/fs/fs.h"
#include "kernel/kprobes/kprobes.h"
#include "kernel/process/process.h"
#include "kernel/sched/sched.h"
#include "tests/kernel/ktap.h"

long __x64_sys_wait4(const struct pt_regs *regs);

static struct {
	unsigned int before, inside, after;
	long err, clone;
} answers;

static int note_in_exec(struct kprobe *p __maybe_unused, struct pt_regs *regs __maybe_unused)
{
	answers.inside = current->fs->in_exec;
	return 0;
}

static int do_nothing(void *unused __maybe_unused)
{
	return 0;
}

static int exec_no_program(void *unused __maybe_unused)
{
	static const char *const argv[] = { "none", NULL }, *const envp[] = { NULL };

	answers.before = current->fs->in_exec;
	answers.err = kernel_execve("/none", argv, envp);
	answers.after = current->fs->in_exec;
	current->fs->in_exec++; /* as if a thread beside us were there */
	answers.clone = kernel_clone(&(struct kernel_clone_args){
		.flags = CLONE_FS, .exit_signal = SIGCHLD, .fn = do_nothing });
	current->fs->in_exec--;
	return 0;
}

/*
 * A program that gets other rights must not share its directories with a process that has not: none that
 * does can be made while execve() relies on it.
 */
KTAP_SUITE(exec_lets_nobody_share_its_directories)
{
	struct kprobe probe = { .symbol_name = "load_elf_binary", .pre_handler = note_in_exec };
	struct file *file = filp_open("/none", O_WRONLY | O_CREAT, 0700);
	struct pt_regs wait = { 0 };
	loff_t pos = 0;

	KTAP_EXPECT_EQ(kernel_write(file, "text", 4, &pos), 4);
	filp_close(file, NULL);
	KTAP_EXPECT_EQ(register_kprobe(&probe), 0);
	wait.di = user_mode_thread(exec_no_program, NULL);
	KTAP_EXPECT_EQ(__x64_sys_wait4(&wait), wait.di);
	unregister_kprobe(&probe);
	KTAP_EXPECT_EQ(answers.err, -ENOEXEC);
	KTAP_EXPECT_EQ(answers.inside, answers.before + 1);
	KTAP_EXPECT_EQ(answers.after, answers.before);
	KTAP_EXPECT_EQ(answers.clone, -EAGAIN);
	KTAP_EXPECT_EQ(init_unlink("/none"), 0);
}
