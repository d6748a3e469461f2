/*
 * Kernel threads: how they are made and stopped. kthread() is what each of them runs first.
 * Linux: kernel/kthread.c
 *
 * Whoever wants a thread asks kthreadd for it, which has no memory, files or credentials of a
 * program that a new thread could inherit. All threads are its children, and it also frees them
 * when they have ended.
 */
#include "kernel/kthread.h"

#include "kernel/process/process.h"

struct kthread_create_info {
	int (*threadfn)(void *data);
	void *data;
	char comm[TASK_COMM_LEN];
	struct task_struct *result; /* the thread or ERR_PTR(), once it is done */
	struct completion done;
	struct list_head list;
};

/* What kthread_stop() needs of a thread. It exists as long as the thread's task_struct. */
struct kthread {
	bool should_stop;
	int result;               /* what the function returned */
	struct completion exited; /* the thread's vfork_done, which do_exit() completes */
};

static DEFINE_SPINLOCK(kthread_create_lock); /* protects the list */
static LIST_HEAD(kthread_create_list);
static struct task_struct *kthreadd_task;

static struct kthread *to_kthread(const struct task_struct *k)
{
	BUG_ON(!(k->flags & PF_KTHREAD));
	return k->worker_private;
}

/* What a new thread runs first. Until it is woken its maker may still change something about it. */
static int kthread(void *_create)
{
	struct kthread_create_info *create = _create;
	int (*threadfn)(void *data) = create->threadfn;
	void *data = create->data;
	struct kthread *self = kzalloc(sizeof(*self), GFP_KERNEL);
	int ret = -EINTR;

	if (!self) {
		create->result = ERR_PTR(-ENOMEM);
		complete(&create->done);
		do_exit(0);
	}
	init_completion(&self->exited);
	current->worker_private = self;
	current->vfork_done = &self->exited;
	strscpy(current->comm, create->comm, sizeof(current->comm));
	create->result = current;
	__set_current_state(TASK_UNINTERRUPTIBLE);
	complete(&create->done); /* from now on *create may be gone */
	schedule();
	if (!self->should_stop)
		ret = threadfn(data);
	kthread_exit(ret);
}

void kthread_exit(long result)
{
	to_kthread(current)->result = (int)result;
	do_exit(0);
}

void kthread_complete_and_exit(struct completion *done, long result)
{
	if (done)
		complete(done);
	kthread_exit(result);
}

struct task_struct *kthread_create(int (*threadfn)(void *data), void *data, const char *fmt, ...)
{
	struct kthread_create_info create = { .threadfn = threadfn, .data = data };
	va_list args;

	va_start(args, fmt);
	vsnprintf(create.comm, sizeof(create.comm), fmt, args);
	va_end(args);
	init_completion(&create.done);
	spin_lock(&kthread_create_lock);
	list_add_tail(&create.list, &kthread_create_list);
	spin_unlock(&kthread_create_lock);
	if (kthreadd_task) /* else it has not run yet, and looks at the list before it sleeps */
		wake_up_interruptible(&kthreadd_task->signal->wait_chldexit);
	wait_for_completion(&create.done);
	return create.result;
}

int kthread_stop(struct task_struct *k)
{
	struct kthread *kthread = to_kthread(k);
	int result;

	get_task_struct(k);
	WRITE_ONCE(kthread->should_stop, true);
	wake_up_process(k);
	wait_for_completion(&kthread->exited);
	result = kthread->result;
	put_task_struct(k);
	return result;
}

bool kthread_should_stop(void)
{
	return READ_ONCE(to_kthread(current)->should_stop);
}

static void create_kthread(struct kthread_create_info *create)
{
	pid_t err = kernel_thread(kthread, create);

	if (err >= 0)
		return; /* the thread itself completes the request */
	create->result = ERR_PTR(err);
	complete(&create->done);
}

static struct kthread_create_info *next_request(void)
{
	struct kthread_create_info *create = NULL;

	spin_lock(&kthread_create_lock);
	if (!list_empty(&kthread_create_list)) {
		create = list_first_entry(&kthread_create_list, struct kthread_create_info, list);
		list_del(&create->list);
	}
	spin_unlock(&kthread_create_lock);
	return create;
}

/* It sleeps where a parent waits for its children, because the end of one wakes it, too. */
int kthreadd(void *unused __maybe_unused)
{
	struct kthread_create_info *create;

	kthreadd_task = current;
	strscpy(current->comm, "kthreadd", sizeof(current->comm));
	ignore_signals(current);
	for (;;) {
		wait_event_interruptible(current->signal->wait_chldexit,
					 !list_empty(&kthread_create_list) || find_zombie());
		while ((create = next_request()))
			create_kthread(create);
		release_zombies();
	}
	return 0;
}
