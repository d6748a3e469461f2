/*
 * Polling: what each kind of file answers, and that a change wakes the one who polls. Characters are
 * "typed" by the serial ports themselves, in loopback: what is sent is received.
 */
#include "kernel/fs/poll.h"

#include <uapi/unistd.h>

#include "kernel/drivers/internal.h"
#include "kernel/time/timer.h"
#include "net/core/sock.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

#define UART_MCR 4 /* modem control register */
#define MCR_LOOP 0x10
#define CTRL_D 4
#define SECOND 1000000000ll

/* Poll @file for @events, for a second at most. Returns those that hold. */
static __poll_t poll_file(struct file *file, __poll_t events)
{
	ktime_t end = ktime_get_ns() + SECOND;
	struct poll_wqueues table;
	bool timed_out = false;
	__poll_t mask;

	poll_initwait(&table);
	table.pt._key = events | EPOLLERR | EPOLLHUP;
	while (!(mask = vfs_poll(file, &table.pt) & table.pt._key) && !timed_out) {
		table.pt._qproc = NULL;
		timed_out = !poll_schedule_timeout(&table, TASK_INTERRUPTIBLE, &end);
	}
	KTAP_EXPECT_EQ(table.error, 0);
	poll_freewait(&table);
	return mask;
}

/* Something that happens a few ticks from now. */
static void happen(struct timer_list *timer, void (*what)(struct timer_list *))
{
	timer_setup(timer, what, 0);
	mod_timer(timer, jiffies + 3);
}

static void loop_back(u16 port, u8 byte)
{
	u8 mcr = inb(port + UART_MCR);
	unsigned long flags;

	local_irq_save(flags); /* the handler must not fetch it before we have seen it arrive */
	outb(mcr | MCR_LOOP, port + UART_MCR);
	outb(byte, port);
	while (!uart_rx_ready(port))
		;
	outb(mcr, port + UART_MCR);
	local_irq_restore(flags);
}

static void type_end_of_file(struct timer_list *timer __maybe_unused)
{
	loop_back(COM1, CTRL_D); /* which is not echoed */
}

static ssize_t read_some(struct file *file, char *buf, size_t size)
{
	loff_t pos = 0;

	return kernel_read(file, buf, size, &pos);
}

KTAP_SUITE(a_poll_on_the_terminal_wakes)
{
	struct file *file = filp_open("/dev/console", O_RDWR | O_NONBLOCK, 0);
	struct timer_list timer;
	char c;

	KTAP_EXPECT_EQ(vfs_poll(file, NULL), EPOLLOUT | EPOLLWRNORM);
	happen(&timer, type_end_of_file);
	KTAP_EXPECT_EQ(poll_file(file, EPOLLIN), EPOLLIN);
	KTAP_EXPECT_EQ(read_some(file, &c, 1), 0);
	KTAP_EXPECT_EQ(vfs_poll(file, NULL), EPOLLOUT | EPOLLWRNORM);
	fput(file);
}

static void send_a_frame(struct timer_list *timer __maybe_unused)
{
	loop_back(COM2, 1);
	loop_back(COM2, 'x');
}

KTAP_SUITE(a_poll_on_a_host_channel_wakes)
{
	struct file *file = filp_open("/dev/hostin", O_RDONLY | O_NONBLOCK, 0);
	struct timer_list timer;
	char c = 0;

	KTAP_EXPECT(!IS_ERR(file)); /* ktap.t gives the machine a second serial port */
	if (IS_ERR(file))
		return;
	KTAP_EXPECT_EQ(vfs_poll(file, NULL), 0);
	happen(&timer, send_a_frame);
	KTAP_EXPECT_EQ(poll_file(file, EPOLLIN), EPOLLIN);
	KTAP_EXPECT_EQ(read_some(file, &c, 1), 1);
	KTAP_EXPECT_EQ(c, 'x');
	KTAP_EXPECT_EQ(vfs_poll(file, NULL), 0);
	fput(file);
}

static void say_something(struct timer_list *timer __maybe_unused)
{
	pr_info("poll: something\n");
}

KTAP_SUITE(a_poll_on_the_log_wakes)
{
	struct file *file = filp_open("/dev/kmsg", O_RDONLY | O_NONBLOCK, 0);
	struct timer_list timer;

	KTAP_EXPECT(vfs_poll(file, NULL) & EPOLLIN);
	file->f_op->llseek(file, 0, SEEK_END);
	KTAP_EXPECT_EQ(vfs_poll(file, NULL), 0);
	happen(&timer, say_something);
	KTAP_EXPECT_EQ(poll_file(file, EPOLLIN), EPOLLIN);
	fput(file);
}

static struct sock *failing;

static void fail_sock(struct timer_list *timer)
{
	wake_up_interruptible_poll(&failing->sk_wq->wait, EPOLLOUT); /* nobody waits for that */
	if (timer->flags++ < 2) {
		mod_timer(timer, jiffies + 1);
		return;
	}
	failing->sk_err = ECONNREFUSED;
	wake_up_interruptible_poll(&failing->sk_wq->wait, EPOLLERR);
}

KTAP_SUITE(a_poll_on_a_socket_wakes)
{
	struct socket *tcp, *udp;
	struct timer_list timer;
	struct leaks before;
	struct file *file;

	leaks_begin(&before);
	KTAP_EXPECT_EQ(sock_create_kern(&init_net, AF_INET, SOCK_STREAM, 0, &tcp), 0);
	file = sock_alloc_file(tcp, 0, NULL);
	KTAP_EXPECT_EQ(vfs_poll(file, NULL), EPOLLOUT | EPOLLWRNORM | EPOLLHUP); /* facts: 0x14 */
	tcp->sk->sk_shutdown = RCV_SHUTDOWN;
	KTAP_EXPECT_EQ(poll_file(file, EPOLLIN | EPOLLRDHUP), EPOLLIN | EPOLLRDHUP | EPOLLHUP);
	fput(file);

	KTAP_EXPECT_EQ(sock_create_kern(&init_net, AF_INET, SOCK_DGRAM, 0, &udp), 0);
	file = sock_alloc_file(udp, 0, NULL);
	KTAP_EXPECT_EQ(vfs_poll(file, NULL), EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND);
	failing = udp->sk;
	happen(&timer, fail_sock);
	KTAP_EXPECT_EQ(poll_file(file, EPOLLIN), EPOLLERR);
	KTAP_EXPECT_EQ(timer.flags, 3); /* not woken before */
	refcount_set(&udp->sk->sk_wmem_alloc, udp->sk->sk_sndbuf / 2);
	KTAP_EXPECT_EQ(vfs_poll(file, NULL), EPOLLERR); /* no room to send */
	refcount_set(&udp->sk->sk_wmem_alloc, 1);
	KTAP_EXPECT(!waitqueue_active(&udp->wq.wait));
	fput(file);
	KTAP_EXPECT(leaks_none(&before));
}

/* More queues than fit on the stack; and a file without f_op->poll never makes anybody wait. */
KTAP_SUITE(one_poll_waits_for_many_files)
{
	static struct socket *socks[100];
	struct poll_wqueues table;
	ktime_t end = ktime_get_ns() + 1000000;
	struct leaks before;
	struct file *file;
	unsigned int i;

	leaks_begin(&before);
	poll_initwait(&table);
	table.pt._key = EPOLLIN;
	for (i = 0; i < ARRAY_SIZE(socks); i++) {
		KTAP_EXPECT_EQ(sock_create_kern(&init_net, AF_INET, SOCK_DGRAM, 0, &socks[i]), 0);
		file = sock_alloc_file(socks[i], 0, NULL);
		vfs_poll(file, &table.pt);
		KTAP_EXPECT(waitqueue_active(&socks[i]->wq.wait));
		fput(file); /* the table holds a reference */
	}
	KTAP_EXPECT_EQ(poll_schedule_timeout(&table, TASK_INTERRUPTIBLE, &end), 0);
	wake_up_interruptible_poll(&socks[50]->wq.wait, EPOLLOUT); /* nobody waits for that */
	KTAP_EXPECT(!table.triggered);
	wake_up_interruptible_poll(&socks[99]->wq.wait, EPOLLIN);
	KTAP_EXPECT(table.triggered);
	KTAP_EXPECT_EQ(poll_schedule_timeout(&table, TASK_INTERRUPTIBLE, NULL), -EINTR);
	poll_freewait(&table);
	KTAP_EXPECT(leaks_none(&before));

	file = filp_open("/init", O_RDONLY, 0);
	KTAP_EXPECT(!file_can_poll(file));
	KTAP_EXPECT_EQ(poll_file(file, EPOLLIN | EPOLLOUT), EPOLLIN | EPOLLOUT);
	fput(file);
}
