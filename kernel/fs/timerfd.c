/*
 * Timers as files: reading one waits until it has expired, and tells how often it has. Linux: fs/timerfd.c
 *
 * A timer that repeats is not armed again when it expires, but when that is read: however short its
 * interval is, nobody is interrupted for expirations that nobody looks at. The expirations that would
 * have happened meanwhile are counted then.
 */
#include <uapi/timerfd.h>

#include "kernel/fs/anon_inodes.h"
#include "kernel/fs/poll.h"
#include "kernel/security/security.h"
#include "kernel/syscalls.h"
#include "kernel/time/hrtimer.h"
#include "kernel/time/itimerspec.h"
#include "kernel/time/timekeeping.h"

#define TFD_CREATE_FLAGS (TFD_CLOEXEC | TFD_NONBLOCK)
#define TFD_SETTIME_FLAGS (TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)

struct timerfd_ctx {
	struct hrtimer tmr;
	ktime_t tintv; /* interval; 0: it expires once */
	ktime_t moffs; /* real_offset when it was armed; KTIME_MAX: the date was set, and nobody knows yet */
	struct wait_queue_head wqh; /* its lock protects all of this */
	u64 ticks;     /* how often it has expired since the last read() */
	int clockid;
	bool expired;  /* and was not armed again */
	bool might_cancel; /* in cancel_list */
	struct list_head clist;
};

/* Those that are to be cancelled when the date is set. Only tasks touch the list. */
static LIST_HEAD(cancel_list);
static unsigned int nr_cancel;

static enum hrtimer_restart timerfd_tmrproc(struct hrtimer *timer)
{
	struct timerfd_ctx *ctx = container_of(timer, struct timerfd_ctx, tmr);
	unsigned long flags;

	spin_lock_irqsave(&ctx->wqh.lock, flags);
	ctx->expired = true;
	ctx->ticks++;
	spin_unlock_irqrestore(&ctx->wqh.lock, flags);
	wake_up_poll(&ctx->wqh, EPOLLIN);
	return HRTIMER_NORESTART;
}

/* There may be many, and each goes to the end of the list, so that others may run in between. */
void timerfd_clock_was_set(void)
{
	unsigned int left = nr_cancel;
	struct timerfd_ctx *ctx;

	while (left-- && !list_empty(&cancel_list)) {
		ctx = list_first_entry(&cancel_list, struct timerfd_ctx, clist);
		list_move_tail(&ctx->clist, &cancel_list);
		if (ctx->moffs != real_offset && ctx->moffs != KTIME_MAX) {
			ctx->moffs = KTIME_MAX;
			spin_lock_irq(&ctx->wqh.lock);
			ctx->ticks++;
			spin_unlock_irq(&ctx->wqh.lock);
			wake_up_poll(&ctx->wqh, EPOLLIN);
		}
		cond_resched();
	}
}

static void timerfd_remove_cancel(struct timerfd_ctx *ctx)
{
	if (!ctx->might_cancel)
		return;
	ctx->might_cancel = false;
	list_del(&ctx->clist);
	nr_cancel--;
}

/* Was the date set? That is told once. */
static bool timerfd_canceled(struct timerfd_ctx *ctx)
{
	if (!ctx->might_cancel || ctx->moffs != KTIME_MAX)
		return false;
	ctx->moffs = real_offset;
	return true;
}

static bool of_the_date(const struct timerfd_ctx *ctx)
{
	return ctx->clockid == CLOCK_REALTIME || ctx->clockid == CLOCK_REALTIME_ALARM;
}

static void timerfd_setup_cancel(struct timerfd_ctx *ctx, int flags)
{
	if (!of_the_date(ctx) || (flags & TFD_SETTIME_FLAGS) != TFD_SETTIME_FLAGS) {
		timerfd_remove_cancel(ctx);
		return;
	}
	if (ctx->might_cancel)
		return;
	ctx->might_cancel = true;
	list_add(&ctx->clist, &cancel_list);
	nr_cancel++;
}

static ktime_t timerfd_get_remaining(const struct timerfd_ctx *ctx)
{
	return max(hrtimer_get_remaining(&ctx->tmr), (ktime_t)0);
}

static void timerfd_init_timer(struct timerfd_ctx *ctx, enum hrtimer_mode mode)
{
	hrtimer_init(&ctx->tmr, of_the_date(ctx) ? CLOCK_REALTIME : CLOCK_MONOTONIC, mode);
	ctx->tmr.function = timerfd_tmrproc;
}

/* 0, or -ECANCELED: the date was set since the timer was armed last; it is armed all the same. */
static int timerfd_setup(struct timerfd_ctx *ctx, int flags, const struct itimerspec *new)
{
	enum hrtimer_mode mode = flags & TFD_TIMER_ABSTIME ? HRTIMER_MODE_ABS : HRTIMER_MODE_REL;
	ktime_t expires = timespec_to_ktime(new->it_value);

	ctx->expired = false;
	ctx->ticks = 0;
	ctx->tintv = timespec_to_ktime(new->it_interval);
	timerfd_init_timer(ctx, mode);
	if (!expires)
		return 0;
	hrtimer_start(&ctx->tmr, expires, mode);
	return timerfd_canceled(ctx) ? -ECANCELED : 0;
}

static int timerfd_release(struct inode *inode __maybe_unused, struct file *file)
{
	struct timerfd_ctx *ctx = file->private_data;

	timerfd_remove_cancel(ctx);
	hrtimer_cancel(&ctx->tmr);
	kfree(ctx);
	return 0;
}

static __poll_t timerfd_poll(struct file *file, poll_table *wait)
{
	struct timerfd_ctx *ctx = file->private_data;

	poll_wait(file, &ctx->wqh, wait);
	return READ_ONCE(ctx->ticks) ? EPOLLIN : 0;
}

/* The timer has expired and repeats: arm it again. Returns how often it would have expired since. */
static u64 timerfd_rearm(struct timerfd_ctx *ctx)
{
	u64 missed = hrtimer_forward_now(&ctx->tmr, ctx->tintv) - 1;

	hrtimer_restart(&ctx->tmr);
	return missed;
}

/* The number of expirations, which are read now. With the lock. */
static u64 timerfd_take_ticks(struct timerfd_ctx *ctx)
{
	u64 ticks = ctx->ticks;

	if (ticks && ctx->expired && ctx->tintv)
		ticks += timerfd_rearm(ctx);
	if (ticks)
		ctx->expired = false;
	ctx->ticks = 0;
	return ticks;
}

static ssize_t timerfd_read(struct file *file, char __user *buf, size_t count,
			    loff_t *pos __maybe_unused)
{
	struct timerfd_ctx *ctx = file->private_data;
	u64 ticks = 0;
	int res = 0;

	if (count < sizeof(ticks))
		return -EINVAL;
	if (!(file->f_flags & O_NONBLOCK))
		res = wait_event_interruptible(ctx->wqh, READ_ONCE(ctx->ticks));
	else if (!READ_ONCE(ctx->ticks))
		res = -EAGAIN;
	spin_lock_irq(&ctx->wqh.lock);
	if (timerfd_canceled(ctx)) {
		ctx->ticks = 0;
		ctx->expired = false;
		res = -ECANCELED;
	}
	ticks = timerfd_take_ticks(ctx);
	spin_unlock_irq(&ctx->wqh.lock);
	if (!ticks)
		return res;
	return put_user(ticks, (u64 __user *)buf) ? -EFAULT : (ssize_t)sizeof(ticks);
}

static long timerfd_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct timerfd_ctx *ctx = file->private_data;
	u64 ticks;

	if (cmd != TFD_IOC_SET_TICKS)
		return -ENOTTY;
	if (copy_from_user(&ticks, (const u64 __user *)arg, sizeof(ticks)))
		return -EFAULT;
	if (!ticks)
		return -EINVAL;
	if (timerfd_canceled(ctx))
		return -ECANCELED;
	spin_lock_irq(&ctx->wqh.lock);
	ctx->ticks = ticks;
	spin_unlock_irq(&ctx->wqh.lock);
	wake_up_poll(&ctx->wqh, EPOLLIN);
	return 0;
}

static const struct file_operations timerfd_fops = {
	.release = timerfd_release,
	.poll = timerfd_poll,
	.read = timerfd_read,
	.llseek = noop_llseek,
	.unlocked_ioctl = timerfd_ioctl,
};

/* The timer behind @fd: 0 and a file that fdput() is due for; -EBADF, -EINVAL: it is none. */
static int timerfd_fget(int fd, struct fd *p)
{
	struct fd f = fdget(fd);

	if (!f.file)
		return -EBADF;
	if (f.file->f_op != &timerfd_fops) {
		fdput(f);
		return -EINVAL;
	}
	*p = f;
	return 0;
}

static bool isalarm(int clockid)
{
	return clockid == CLOCK_REALTIME_ALARM || clockid == CLOCK_BOOTTIME_ALARM;
}

SYSCALL_DEFINE2(timerfd_create, int, clockid, int, flags)
{
	struct timerfd_ctx *ctx;
	int fd;

	if (flags & ~TFD_CREATE_FLAGS ||
	    (clockid != CLOCK_MONOTONIC && clockid != CLOCK_REALTIME && clockid != CLOCK_BOOTTIME &&
	     !isalarm(clockid)))
		return -EINVAL;
	if (isalarm(clockid) && !capable(CAP_WAKE_ALARM))
		return -EPERM;
	ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);
	if (!ctx)
		return -ENOMEM;
	init_waitqueue_head(&ctx->wqh);
	ctx->clockid = clockid;
	ctx->moffs = real_offset;
	timerfd_init_timer(ctx, HRTIMER_MODE_ABS);
	fd = anon_inode_getfd("[timerfd]", &timerfd_fops, ctx, O_RDWR | flags);
	if (fd < 0)
		kfree(ctx);
	return fd;
}

static int do_timerfd_settime(int fd, int flags, const struct itimerspec *new,
			      struct itimerspec *old)
{
	struct timerfd_ctx *ctx;
	struct fd f;
	int ret;

	if (flags & ~TFD_SETTIME_FLAGS || !itimerspec_valid(new))
		return -EINVAL;
	ret = timerfd_fget(fd, &f);
	if (ret)
		return ret;
	ctx = f.file->private_data;
	if (isalarm(ctx->clockid) && !capable(CAP_WAKE_ALARM)) {
		fdput(f);
		return -EPERM;
	}
	timerfd_setup_cancel(ctx, flags);
	spin_lock_irq(&ctx->wqh.lock);
	hrtimer_cancel(&ctx->tmr);
	if (ctx->expired && ctx->tintv) /* what is left until the next one */
		hrtimer_forward_now(&ctx->tmr, ctx->tintv);
	old->it_value = ktime_to_timespec(timerfd_get_remaining(ctx));
	old->it_interval = ktime_to_timespec(ctx->tintv);
	ret = timerfd_setup(ctx, flags, new);
	spin_unlock_irq(&ctx->wqh.lock);
	fdput(f);
	return ret;
}

SYSCALL_DEFINE4(timerfd_settime, int, ufd, int, flags, const struct itimerspec __user *, utmr,
		struct itimerspec __user *, otmr)
{
	struct itimerspec new, old;
	int ret;

	if (get_itimerspec(&new, utmr))
		return -EFAULT;
	ret = do_timerfd_settime(ufd, flags, &new, &old);
	if (ret)
		return ret;
	return otmr ? put_itimerspec(&old, otmr) : 0;
}

SYSCALL_DEFINE2(timerfd_gettime, int, ufd, struct itimerspec __user *, otmr)
{
	struct timerfd_ctx *ctx;
	struct itimerspec now;
	struct fd f;
	int ret = timerfd_fget(ufd, &f);

	if (ret)
		return ret;
	ctx = f.file->private_data;
	spin_lock_irq(&ctx->wqh.lock);
	if (ctx->expired && ctx->tintv) {
		ctx->expired = false;
		ctx->ticks += timerfd_rearm(ctx);
	}
	now.it_value = ktime_to_timespec(timerfd_get_remaining(ctx));
	now.it_interval = ktime_to_timespec(ctx->tintv);
	spin_unlock_irq(&ctx->wqh.lock);
	fdput(f);
	return put_itimerspec(&now, otmr);
}
