/*
 * Subreapers: processes that become the parents of their descendants' orphans, in place of PID 1.
 * Linux: kernel/exit.c:find_new_reaper()
 */
#include "kernel/process/process.h"
#include "kernel/process/task.h"

static bool any_subreaper; /* was there ever one? Most systems have none, and nobody searches. */

void set_child_subreaper(bool on)
{
	current->signal->is_child_subreaper = on;
	any_subreaper |= on;
}

/* No lock: only tasks change who is whose parent, and none runs before this one sleeps. */
struct task_struct *find_child_subreaper(const struct task_struct *father)
{
	struct task_struct *reaper, *thread;

	if (!any_subreaper)
		return NULL;
	for (reaper = father->real_parent; reaper->tgid > 1; reaper = reaper->real_parent) {
		thread = reaper->signal->is_child_subreaper ? find_alive_thread(reaper) : NULL;
		if (thread)
			return thread;
	}
	return NULL;
}
