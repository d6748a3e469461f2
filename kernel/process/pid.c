/*
 * Process ids. Linux: kernel/pid.c
 *
 * A bitmap says which numbers are in use, and a hash leads from a number to its struct pid (on Linux
 * one IDR does both), so neither a new number nor a lookup depends on how many tasks there are.
 * pidmap_lock protects both; tasklist_lock protects which tasks a number names.
 */
#include "kernel/sched/pid.h"

#include "kernel/process/process.h"

#define PID_HASH_SIZE 4096 /* with all numbers in use, eight share a chain */

struct pid init_struct_pid = {
	.count = REFCOUNT_INIT(1),
	.tasks = {
		LIST_HEAD_INIT(init_struct_pid.tasks[PIDTYPE_PID]),
		LIST_HEAD_INIT(init_struct_pid.tasks[PIDTYPE_TGID]),
		LIST_HEAD_INIT(init_struct_pid.tasks[PIDTYPE_PGID]),
		LIST_HEAD_INIT(init_struct_pid.tasks[PIDTYPE_SID]),
	},
	.wait_pidfd = __WAIT_QUEUE_HEAD_INITIALIZER(init_struct_pid.wait_pidfd),
};
int pid_max = PID_MAX_LIMIT;
int nr_threads;

static DEFINE_SPINLOCK(pidmap_lock);
static unsigned long pid_map[BITS_TO_LONGS(PID_MAX_LIMIT)] = { BIT(0) };
static struct hlist_head pid_hash[PID_HASH_SIZE];
static struct kmem_cache *pid_cachep;

void pid_idr_init(void)
{
	pid_cachep = kmem_cache_create("pid", sizeof(struct pid), 0, SLAB_PANIC, NULL);
}

int last_pid;

static struct hlist_head *pid_hashfn(int nr)
{
	return &pid_hash[nr % PID_HASH_SIZE];
}

/*
 * The first free number after the last one handed out. After the first time around, the small
 * numbers are left to those who have them. Linux: idr_alloc_cyclic()
 */
static int next_free_nr(void)
{
	int next = last_pid + 1, lowest = next > RESERVED_PIDS ? RESERVED_PIDS : 1, nr;

	nr = find_next_zero_bit(pid_map, pid_max, next);
	if (nr >= pid_max)
		nr = find_next_zero_bit(pid_map, pid_max, lowest);
	if (nr >= pid_max)
		return -EAGAIN;
	last_pid = nr;
	return nr;
}

struct pid *alloc_pid(pid_t set_tid)
{
	struct pid *pid = kmem_cache_alloc(pid_cachep, GFP_KERNEL);
	unsigned long flags;
	int nr;

	if (!pid)
		return ERR_PTR(-ENOMEM);
	nr = set_tid ?: next_free_nr();
	if (set_tid && test_bit(set_tid, pid_map))
		nr = -EEXIST;
	if (nr < 0) {
		kmem_cache_free(pid_cachep, pid);
		return ERR_PTR(nr);
	}
	pid->nr = nr;
	refcount_set(&pid->count, 1);
	for (int type = 0; type < PIDTYPE_MAX; type++)
		INIT_LIST_HEAD(&pid->tasks[type]);
	init_waitqueue_head(&pid->wait_pidfd);
	spin_lock_irqsave(&pidmap_lock, flags);
	__set_bit(pid->nr, pid_map);
	hlist_add_head(&pid->pid_chain, pid_hashfn(pid->nr));
	spin_unlock_irqrestore(&pidmap_lock, flags);
	return pid;
}

void put_pid(struct pid *pid)
{
	if (pid && refcount_dec_and_test(&pid->count))
		kmem_cache_free(pid_cachep, pid);
}

void free_pid(struct pid *pid)
{
	unsigned long flags;

	spin_lock_irqsave(&pidmap_lock, flags);
	hlist_del(&pid->pid_chain);
	__clear_bit(pid->nr, pid_map);
	spin_unlock_irqrestore(&pidmap_lock, flags);
	put_pid(pid);
}

struct pid *find_vpid(int nr)
{
	struct pid *pid, *found = NULL;
	unsigned long flags;

	if (nr <= 0)
		return NULL;
	spin_lock_irqsave(&pidmap_lock, flags);
	hlist_for_each_entry(pid, pid_hashfn(nr), pid_chain) {
		if (pid->nr == nr) {
			found = pid;
			break;
		}
	}
	spin_unlock_irqrestore(&pidmap_lock, flags);
	return found;
}

struct pid *find_ge_pid(int nr)
{
	return find_vpid(find_next_bit(pid_map, pid_max, max(nr, 1)));
}

struct pid *find_get_pid(int nr)
{
	return get_pid(find_vpid(nr));
}

struct task_struct *pid_task(struct pid *pid, enum pid_type type)
{
	if (!pid || list_empty(&pid->tasks[type]))
		return NULL;
	return list_first_entry(&pid->tasks[type], struct task_struct, pid_links[type]);
}

struct task_struct *find_task_by_vpid(pid_t nr)
{
	return pid_task(find_vpid(nr), PIDTYPE_PID);
}

struct pid *task_pid_type(const struct task_struct *task, enum pid_type type)
{
	return type == PIDTYPE_PID ? task->thread_pid : task->signal->pids[type];
}

struct pid *get_task_pid(const struct task_struct *task, enum pid_type type)
{
	return get_pid(task_pid_type(task, type));
}

void attach_pid(struct task_struct *task, enum pid_type type)
{
	list_add_tail(&task->pid_links[type], &task_pid_type(task, type)->tasks[type]);
	nr_threads += type == PIDTYPE_PID;
}

static void set_task_pid(struct task_struct *task, enum pid_type type, struct pid *pid)
{
	if (type == PIDTYPE_PID)
		task->thread_pid = pid;
	else
		task->signal->pids[type] = pid;
}

void change_pid(struct task_struct *task, enum pid_type type, struct pid *new)
{
	struct pid *pid = task_pid_type(task, type);

	list_del(&task->pid_links[type]);
	nr_threads -= type == PIDTYPE_PID;
	set_task_pid(task, type, new);
	if (new)
		attach_pid(task, type);
	for (int other = 0; other < PIDTYPE_MAX; other++) {
		if (!list_empty(&pid->tasks[other]))
			return;
	}
	if (pid != &init_struct_pid)
		free_pid(pid);
}

void detach_pid(struct task_struct *task, enum pid_type type)
{
	change_pid(task, type, NULL);
}
