/*
 * signals.c - what no ABI promises about signals, and what must hold all the same: hostile frames given to
 * rt_sigreturn(), storms of signals, and what a signal costs when others have many.
 *
 *	signals frames	10,000 frames, each in a child: it goes on, or it is killed
 *	signals storm	processes that signal, stop and continue each other; the counters return
 *	signals cost	under ICOUNT=1: instructions with 0 and with 10,000 signals pending elsewhere
 */
#include "counters.h"

#include "../abi/handlers.h"

#define FRAMES		10000
/* Of struct ucontext. */
#define WORDS		((int)(sizeof(struct ucontext_of_kernel) / 8))
#define FPU_WORDS	64
#define SURVIVED	0
#define WRONG_STATE	9

/* --- hostile frames ------------------------------------------------------------------------- */

static struct ucontext_of_kernel base;		/* a frame that is as it should be */
static unsigned char base_fpu[512] __attribute__((aligned(64)));
static struct {
	unsigned long restorer;
	struct ucontext_of_kernel uc;
	char info[128];
	unsigned char fpu[512] __attribute__((aligned(64)));
} frame __attribute__((aligned(64)));
static unsigned long memory[4096];		/* where rsp points, after the return */

static const unsigned long hostile[] = {
	0, 1, 2, 3, 0x10, 0x33, 0x7f, 0x1000, 0xffff, 0x10000, 0xffffffff, 0x3000, 0x4000, 0x23202,
	0x7fffffffe000, 0x7ffffffff000, 0x7fffffffffff, 0x800000000000, 0x8000000000000000,
	0xffff800000000000, 0xffff888000000000, 0xffffffff80000000, 0xffffffff81000000,
	0xfffffffffffff000, 0xffffffffffffffff, 0x7fffffffffffffff,
};

static unsigned long random_state = 0x9e3779b97f4a7c15;

static unsigned long next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

/*
 * Where a frame that is accepted leads: exit_group(0) if the CPU is in ring 3, with interrupts on, I/O
 * privilege 0 and neither NT nor VM; else exit_group(9).
 */
void landing(void);
asm(".globl landing\nlanding:\n\tlea memory+16384(%rip), %rsp\n\tpushfq\n\tpop %rdi\n"
    "\tmov %edi, %esi\n\tand $0x27202, %esi\n\txor $0x202, %esi\n\tmov %cs, %eax\n\tand $3, %eax\n"
    "\txor $3, %eax\n\tor %eax, %esi\n\tmov $0, %edi\n\tjz 1f\n\tmov $9, %edi\n"
    "1:\tmov $231, %eax\n\tsyscall\n\thlt\n");

static void keep(int sig, struct info *info, struct ucontext_of_kernel *uc)
{
	(void)sig;
	(void)info;
	base = *uc;
	memcpy(base_fpu, uc->regs.fpstate, sizeof(base_fpu));
	memset(base_fpu + 464, 0, 48);
}

static void fresh_frame(void)
{
	frame.uc = base;
	memcpy(frame.fpu, base_fpu, sizeof(frame.fpu));
	frame.uc.regs.fpstate = frame.fpu;
	frame.uc.regs.ip = (unsigned long)landing;
	frame.uc.regs.cx = frame.uc.regs.ip;	/* as SYSRET would want them */
	frame.uc.regs.r11 = frame.uc.regs.flags;
	frame.uc.regs.sp = (unsigned long)&memory[2048];
}

static unsigned long any_value(void)
{
	unsigned long n = next_random();

	return n & 1 ? next_random() : hostile[n / 2 % ARRAY_SIZE(hostile)];
}

static void damage(int word, unsigned long value)
{
	((unsigned long *)&frame.uc)[word] = value;
}

/* Frame @n: the systematic ones first, then random ones. */
static void make_frame(int n)
{
	const int by_word = WORDS * (int)ARRAY_SIZE(hostile), by_selector = 2 * 256, by_fpu = FPU_WORDS * 2;

	fresh_frame();
	if (n < by_word) {
		damage(n / (int)ARRAY_SIZE(hostile), hostile[n % (int)ARRAY_SIZE(hostile)]);
		return;
	}
	n -= by_word;
	if (n < by_selector) {
		*(n & 1 ? &frame.uc.regs.cs : &frame.uc.regs.ss) = n / 2;
		frame.uc.flags = n & 2 ? 0 : 6;
		return;
	}
	n -= by_selector;
	if (n < by_fpu) {
		((unsigned long *)frame.fpu)[n / 2] = n & 1 ? ~0ul : next_random();
		return;
	}
	for (int left = next_random() % 8 + 1; left; left--)
		damage(next_random() % WORDS, any_value());
	if (next_random() % 8 == 0) {
		for (int i = 0; i < WORDS; i++)
			damage(i, next_random());
	}
	if (next_random() % 4 == 0)
		((unsigned long *)frame.fpu)[next_random() % FPU_WORDS] = any_value();
}

static void give_frame(void)
{
	asm volatile("mov %0, %%rsp; mov $15, %%eax; syscall; hlt" : : "r" (&frame.uc));
}

/* The status of a child that gives the frame to rt_sigreturn(). */
static int try_frame(void)
{
	int status = -1;
	long pid = sys(fork);

	if (pid == 0) {
		become_nobody();
		give_frame();
	}
	CHECK(pid > 0);
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	return status;
}

static void frames(void)
{
	int went_on = 0, killed = 0, other = 0, status;

	handle(SIGUSR1, keep, 0, 0);
	raise_signal(SIGUSR1);
	fresh_frame();
	CHECK(try_frame() == SURVIVED);
	frame.uc.regs.fpstate = 0;
	CHECK(try_frame() == SURVIVED);
	fresh_frame();
	*(unsigned int *)(frame.fpu + 24) = 0xffff0000;
	line("reserved bits of MXCSR: %s", ending(try_frame()));
	for (int n = 0; n < FRAMES; n++) {
		make_frame(n);
		status = try_frame();
		if (status == SURVIVED)
			went_on++;
		else if (WIFSIGNALED(status))
			killed++;
		else if (other++ < 10)
			line("frame %d: %s", n, ending(status));
	}
	line("frames: %d, other ends: %d", went_on + killed + other, other);
	CHECK(went_on > FRAMES / 10 && killed > FRAMES / 10);
}

/* --- a storm -------------------------------------------------------------------------------- */

#define STORMERS	6
#define ROUNDS		400

static long stormers[STORMERS];
static volatile int handled;

static void count(int sig, struct info *info, struct ucontext_of_kernel *uc)
{
	(void)sig;
	(void)info;
	(void)uc;
	handled++;
}

/* Signals of all kinds to its elder brothers, until it is killed. */
static void be_a_stormer(int number)
{
	struct info info = { .code = SI_QUEUE };
	stack_t stack = { new_pages(16, MAP_PRIVATE), 0, 16 * PAGE };

	CHECK(sys(sigaltstack, &stack, 0) == 0);
	for (int sig = 34; sig < 40; sig++)
		handle(sig, count, SA_RESTART | (sig & 1 ? SA_NODEFER | SA_ONSTACK : 0), 0);
	handle(SIGUSR1, count, 0, ~0ul);
	handle(SIGSEGV, count, SA_RESETHAND, 0);
	for (;;) {
		for (int i = 0; i < number; i++) {
			sys(kill, stormers[i], SIGUSR1);
			sys(rt_sigqueueinfo, stormers[i], 34 + (int)(next_random() % 6), &info);
			sys(kill, stormers[i], next_random() % 2 ? SIGTSTP : SIGCONT);
		}
		if (number == 0)
			sys(wait4, -1, 0, 0, 0);
	}
}

static void storm(void)
{
	for (int i = 0; i < STORMERS; i++) {
		stormers[i] = sys(fork);
		if (stormers[i] == 0)
			be_a_stormer(i);
		CHECK(stormers[i] > 0);
	}
	for (int round = 0; round < ROUNDS; round++) {
		long pid = stormers[next_random() % STORMERS];

		sys(kill, pid, round & 1 ? SIGSTOP : SIGCONT);
		sys(kill, pid, 34 + round % 6);
		if (round % 16 == 0)
			sleep_ms(1);
	}
	for (int i = 0; i < STORMERS; i++)
		CHECK(sys(kill, stormers[i], SIGKILL) == 0);
	for (int i = 0; i < STORMERS; i++)
		CHECK(sys(wait4, stormers[i], 0, 0, 0) == stormers[i]);
}

/* As many queued signals as the limit allows, and more; they go with the process. */
static void full_queue(void)
{
	struct info info = { .code = SI_QUEUE };
	struct { unsigned long now, max; } limit = { 3000, 3000 };
	long pid = sys(fork), ret = 0;
	unsigned long all = ~0ul;

	if (pid == 0) {
		become_nobody();
		CHECK(sys(rt_sigprocmask, SIG_SETMASK, &all, 0, 8) == 0);
		CHECK(sys(setrlimit, 11, &limit) == 0);
		pid = sys(getpid);
		for (int i = 0; i < 4000 && ret == 0; i++)
			ret = sys(rt_sigqueueinfo, pid, 34 + i % 30, &info);
		sys(exit_group, ret == -EAGAIN ? 0 : 1);
	}
	int status = -1;

	CHECK(sys(wait4, pid, &status, 0, 0) == pid && status == 0);
}

/* Files of signals and of processes, that outlive what they stand for. */
static void signal_files(void)
{
	unsigned long set = bit(SIGUSR1);
	long pid = sys(fork), fd, pidfd;

	while (pid == 0)
		sys(pause);
	fd = sys(signalfd4, -1, &set, 8, 0);
	pidfd = sys(pidfd_open, pid, 0);
	CHECK(fd >= 0 && pidfd >= 0);
	CHECK(sys(pidfd_send_signal, pidfd, SIGKILL, 0, 0) == 0);
	CHECK(sys(wait4, pid, 0, 0, 0) == pid);
	CHECK(sys(pidfd_send_signal, pidfd, 0, 0, 0) == -ESRCH);
	CHECK(sys(close, fd) == 0 && sys(close, pidfd) == 0);
}

static int storms(void)
{
	static const struct scenario scenarios[] = {
		{ "a storm of signals", storm, 3 },
		{ "a queue that is full", full_queue, 3 },
		{ "files of signals and processes", signal_files, 20 },
	};
	int leaks = 0;

	for (size_t i = 0; i < ARRAY_SIZE(scenarios); i++)
		leaks += measure(&scenarios[i]);
	return leaks;
}

/* --- costs ---------------------------------------------------------------------------------- */

static inline unsigned long instructions(void)
{
	unsigned int low, high;

	asm volatile("rdtsc" : "=a" (low), "=d" (high));
	return (unsigned long)high << 32 | low;
}

/* The cheapest of some signals to itself. */
static unsigned long cost(void)
{
	unsigned long best = ~0ul, start;
	long me = sys(getpid);

	for (int i = 0; i < 20; i++) {
		start = instructions();
		sys(kill, me, SIGUSR1);
		start = instructions() - start;
		best = start < best ? start : best;
	}
	return best;
}

static void costs(void)
{
	unsigned long all = ~0ul, few, many;
	struct info info = { .code = SI_QUEUE };
	struct { unsigned long now, max; } limit = { 20000, 20000 };
	long pid;

	CHECK(sys(setrlimit, 11, &limit) == 0); /* RLIMIT_SIGPENDING */
	pid = sys(fork);
	if (pid == 0) {
		CHECK(sys(rt_sigprocmask, SIG_SETMASK, &all, 0, 8) == 0);
		for (;;)
			sleep_ms(1000);
	}
	sleep_ms(10);
	handle(SIGUSR1, count, 0, 0);
	few = cost();
	for (int i = 0; i < 10000; i++)
		CHECK(sys(rt_sigqueueinfo, pid, 34 + i % 30, &info) == 0);
	many = cost();
	line("to itself: %lu instructions, with 10000 pending elsewhere %lu", few, many);
	CHECK(sys(kill, pid, SIGKILL) == 0);
	CHECK(sys(wait4, pid, 0, 0, 0) == pid);
}

int main(int argc, char **argv)
{
	int leaks = 0;

	if (argc > 1 && !strcmp(argv[1], "frames"))
		frames();
	else if (argc > 1 && !strcmp(argv[1], "storm"))
		leaks = storms();
	else
		costs();
	return leaks || verdict();
}
