/*
 * events.c - from records to lines. A call's line is made when the call returns; earlier only when its
 * task sleeps, or when another task has something to say.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "strace.h"

#define COLUMN 40 /* of the equals sign, at least */

struct task {
	struct task *next;
	int pid;
	struct strace_record *in;       /* the call that it is in; NULL: none */
	struct strace_record *out;      /* it returns and may be started again; printed with what follows */
	int shown;                      /* arguments that are printed; -1: not even the name */
	int whole;                      /* all are */
	struct strace_record *ignored;  /* a signal that came meanwhile */
};

struct options options;
unsigned int string_size = 32;

static struct task *tasks;
static struct task *open_line; /* the task whose call's line may still grow */
static int alive = 1;

static struct {
	ulong calls, errors, time;
} counts[512];

static struct strace_record *copy_of(const struct strace_record *record)
{
	struct strace_record *copy = malloc(record->size);

	if (copy)
		memcpy(copy, record, record->size);
	return copy;
}

static struct task *task_of(int pid)
{
	struct task *task = tasks;

	while (task && task->pid != pid)
		task = task->next;
	if (task)
		return task;
	task = calloc(1, sizeof(*task));
	if (!task)
		exit(1);
	task->pid = pid;
	task->next = tasks;
	tasks = task;
	return task;
}

static void drop(struct task *task)
{
	struct task **at = &tasks;

	while (*at != task)
		at = &(*at)->next;
	*at = task->next;
	if (open_line == task)
		open_line = NULL;
	free(task->in);
	free(task->out);
	free(task->ignored);
	free(task);
}

/* --- lines ------------------------------------------------------------------------------------- */

static void put_prefix(int pid)
{
	if (options.to_file && options.follow)
		put("%-5d ", pid);
	else if (!options.to_file && alive > 1)
		put("[pid %5d] ", pid);
}

static struct view view_of(const struct task *task, const struct strace_record *out)
{
	return (struct view){ task->in->args, out ? out->ret : 0, out != NULL, task->in, out };
}

static void put_syscall(int nr)
{
	const char *name = syscall_name(nr);

	put(name ? "%s" : "syscall_%s", name ? name : "");
	if (!name)
		put("%#x", (unsigned int)nr);
}

static int arity_of(const struct call *call, const struct view *view)
{
	int n = 0;

	if (call->arity)
		return call->arity(view);
	while (n < 6 && call->args[n].show)
		n++;
	return n;
}

/* What is not in memory yet is known when the kernel has used it: at the return. */
static int is_known(const struct view *view, const struct arg *arg, int i)
{
	size_t len;

	if (view->done || !arg)
		return 1;
	return !arg->later && (!arg->kind || arg->again || !view->args[i] || memory(view, i, 0, &len));
}

/* Print arguments from the first that is not yet there on, as far as they are known. */
static void put_args(struct task *task, const struct view *view)
{
	const char *name = syscall_name(task->in->nr);
	const struct call *call = name ? call_named(name) : NULL;
	int n = call ? arity_of(call, view) : 6;

	task->whole = 0;
	while (task->shown < n) {
		const struct arg *arg = call ? &call->args[task->shown] : NULL;

		if (!is_known(view, arg, task->shown))
			return;
		if (arg)
			arg->show(view, arg, task->shown);
		else
			put(view->args[task->shown] ? "%#lx" : "0", view->args[task->shown]);
		if (++task->shown < n)
			put(", ");
	}
	task->whole = 1;
}

static void begin_line(struct task *task)
{
	struct view view = view_of(task, NULL);

	if (task->shown >= 0)
		return;
	put_prefix(task->pid);
	put_syscall(task->in->nr);
	put("(");
	task->shown = 0;
	put_args(task, &view);
}

/* Another task than @task, or none, has something to say. */
static void leave_line(const struct task *task)
{
	if (!open_line || open_line == task)
		return;
	begin_line(open_line);
	put(" <unfinished ...>\n");
	open_line = NULL;
}

/* The call's line is the one that grows. */
static void resume_line(struct task *task)
{
	leave_line(task);
	if (open_line != task && task->shown >= 0) {
		put_prefix(task->pid);
		put("<... ");
		put_syscall(task->in->nr);
		put(" resumed>");
	}
	open_line = task;
}

static void put_equals(void)
{
	put(") ");
	while (column() < COLUMN)
		put(" ");
	put("= ");
}

/* --- events ------------------------------------------------------------------------------------ */

static void put_signal(const struct strace_record *record)
{
	const struct strace_piece *piece = (const void *)(record + 1);

	leave_line(NULL);
	put_prefix(record->pid);
	put("--- %s ", signal_name(record->nr));
	if (record->size > sizeof(*record) + sizeof(*piece))
		put_siginfo(piece + 1);
	put(" ---\n");
}

static void entered(struct task *task, const struct strace_record *record)
{
	leave_line(NULL);
	free(task->in);
	task->in = copy_of(record);
	task->shown = -1;
	open_line = task->in ? task : NULL;
}

static void finish(struct task *task, const struct strace_record *out)
{
	const char *name = syscall_name(task->in->nr);
	struct view view = view_of(task, out);

	resume_line(task);
	begin_line(task);
	put_args(task, &view);
	put_equals();
	put_value(&view, name ? call_named(name) : NULL);
	put("\n");
	open_line = NULL;
	free(task->in);
	task->in = NULL;
}

static void count(const struct task *task, const struct strace_record *out)
{
	int nr = task->in->nr;

	if (nr < 0 || nr >= 512)
		return;
	counts[nr].calls++;
	counts[nr].errors += is_error(out->ret);
	counts[nr].time += (ulong)(out->time - task->in->time);
}

static void left(struct task *task, const struct strace_record *record)
{
	if (!task->in)
		return;
	count(task, record);
	finish(task, record);
	if (task->ignored)
		put_signal(task->ignored);
	free(task->ignored);
	task->ignored = NULL;
}

/* What a call returned that may be started again: it is printed when it is known that the task lives. */
static void settle(struct task *task)
{
	struct strace_record *out = task->out;

	task->out = NULL;
	if (out)
		left(task, out);
	free(out);
}

static void forked(struct task *task, const struct strace_record *record)
{
	if (task->in && !options.counts) {
		resume_line(task);
		begin_line(task);
	}
	flush();
	if (!options.counts)
		fprintf(stderr, "strace: Process %ld attached\n", record->ret);
	alive++;
	task_of((int)record->ret);
}

static void ended(struct task *task, const struct strace_record *record)
{
	int sig = record->ret & 0x7f;

	if (task->ignored && !task->in)
		put_signal(task->ignored);
	if (task->in) {
		resume_line(task);
		begin_line(task);
		if (!task->whole)
			put(" <unfinished ...>");
		put_equals();
		put("?\n");
		open_line = NULL;
	}
	leave_line(NULL);
	put_prefix(record->pid);
	if (sig)
		put("+++ killed by %s%s +++\n", signal_name(sig), record->ret & 0x80 ? " (core dumped)" : "");
	else
		put("+++ exited with %d +++\n", (int)(record->ret >> 8) & 0xff);
	alive--;
	drop(task);
}

static void renamed(struct task *task, const struct strace_record *record)
{
	leave_line(task);
	task->pid = (int)record->ret;
	alive += task->pid == record->pid;
}

void event(const struct strace_record *record)
{
	struct task *task;

	if (record->type == STRACE_LOST) {
		fprintf(stderr, "strace: %ld records were lost\n", record->ret);
		return;
	}
	task = task_of(record->pid);
	/* SIGKILL ends a call without a result. */
	if (record->type == STRACE_EXIT ? task->ignored != NULL : record->type != STRACE_IGNORED)
		settle(task);
	switch (record->type) {
	case STRACE_ENTER:
		if (!options.wanted || (record->nr >= 0 && record->nr < 512 && options.wanted[record->nr]))
			entered(task, record);
		break;
	case STRACE_LEAVE:
		if (record->ret <= -512 && record->ret >= -516)
			task->out = copy_of(record);
		else
			left(task, record);
		break;
	case STRACE_SIGNAL:
		put_signal(record);
		break;
	case STRACE_IGNORED:
		if (!task->in)
			put_signal(record);
		else if (!task->ignored)
			task->ignored = copy_of(record);
		break;
	case STRACE_FORK:
		forked(task, record);
		break;
	case STRACE_RENAMED:
		renamed(task, record);
		break;
	case STRACE_EXIT:
		ended(task, record);
		break;
	}
}

void events_idle(void)
{
	if (open_line && !open_line->out) {
		begin_line(open_line);
		flush();
	}
}

/* One number of a table: @value with 6 digits behind the point. */
static void put_seconds(ulong nanoseconds)
{
	put("%4lu.%06lu", nanoseconds / 1000000000, nanoseconds / 1000 % 1000000);
}

void summary(void)
{
	static const char line[] = "------ ----------- ----------- --------- --------- ----------------\n";
	ulong all = 0, errors_seen = 0, time = 0;

	for (int nr = 0; nr < 512; nr++) {
		all += counts[nr].calls;
		errors_seen += counts[nr].errors;
		time += counts[nr].time;
	}
	put("%% time     seconds  usecs/call     calls    errors syscall\n%s", line);
	for (int nr = 0; nr < 512; nr++) {
		if (!counts[nr].calls)
			continue;
		put("%3lu.%02lu ", counts[nr].time * 100 / (time + !time),
		    counts[nr].time * 10000 / (time + !time) % 100);
		put_seconds(counts[nr].time);
		put(" %11lu %9lu ", counts[nr].time / 1000 / counts[nr].calls, counts[nr].calls);
		put(counts[nr].errors ? "%9lu " : "          ", counts[nr].errors);
		put_syscall(nr);
		put("\n");
	}
	put("%s100.00 ", line);
	put_seconds(time);
	put(" %11lu %9lu ", all ? time / 1000 / all : 0, all);
	put(errors_seen ? "%9lu total\n" : "          total\n", errors_seen);
}
