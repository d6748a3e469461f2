/*
 * Terminals when memory is short, and a tty whose reader has gone: nothing is left behind.
 */
#include "kernel/drivers/tty/tty.h"

#include "kernel/mm/slab.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

#define MAX_FAILURES 40

static struct file *open_path(const char *path)
{
	return filp_open(path, O_RDWR | O_NOCTTY, 0);
}

/* A master whose slave may be opened. @path: of the slave. */
static struct file *open_master(char path[32])
{
	struct file *master = open_path("/dev/ptmx");

	KTAP_EXPECT(!IS_ERR(master));
	__clear_bit(TTY_PTY_LOCK, &file_tty(master)->flags);
	scnprintf(path, 32, "/dev/pts/%d", file_tty(master)->index);
	return master;
}

/* Open @path with the @n-th allocation failing, for each @n, until none fails. How many can. */
static unsigned int fail_each(const char *path, const struct leaks *before)
{
	struct file *file;
	unsigned int n;

	for (n = 0; n < MAX_FAILURES; n++) {
		failslab_arm(NULL, n, 1);
		file = open_path(path);
		failslab.times = 0;
		if (!IS_ERR(file)) {
			fput(file);
			break;
		}
		KTAP_EXPECT(PTR_ERR(file) == -ENOMEM || PTR_ERR(file) == -ENFILE);
		KTAP_EXPECT(leaks_none(before));
	}
	return n;
}

KTAP_SUITE(a_pty_without_memory_leaves_nothing)
{
	struct leaks before;
	unsigned int n;

	fput(open_path("/dev/ptmx")); /* what is cached is cached now */
	leaks_begin(&before);
	n = fail_each("/dev/ptmx", &before);
	/* file, list entry, two ttys of three parts, inode, dentry and its name are among them */
	KTAP_EXPECT(n >= 9 && n < MAX_FAILURES);
	KTAP_EXPECT(leaks_none(&before));
}

KTAP_SUITE(a_slave_without_memory_leaves_nothing)
{
	struct leaks before, with_master;
	struct file *master;
	char path[32];
	unsigned int n;

	leaks_begin(&before);
	master = open_master(path);
	fput(open_path(path));
	leaks_begin(&with_master);
	n = fail_each(path, &with_master);
	KTAP_EXPECT(n >= 2 && n < MAX_FAILURES);
	KTAP_EXPECT_EQ(file_tty(master)->link->count, 1);
	fput(master);
	KTAP_EXPECT(leaks_none(&before));
}

KTAP_SUITE(a_peer_without_memory_leaves_nothing)
{
	struct leaks before;
	struct file *master;
	char path[32];
	unsigned int n;
	long fd;

	master = open_master(path);
	leaks_begin(&before);
	for (n = 0; n < MAX_FAILURES; n++) {
		failslab_arm(NULL, n, 1);
		fd = ptm_open_peer(master, file_tty(master), O_RDWR | O_NOCTTY);
		failslab.times = 0;
		if (fd >= 0)
			break;
		KTAP_EXPECT(fd == -ENOMEM || fd == -ENFILE);
		KTAP_EXPECT(leaks_none(&before));
	}
	KTAP_EXPECT(n >= 2 && fd >= 0);
	close_fd(fd);
	KTAP_EXPECT(leaks_none(&before));
	fput(master);
}

KTAP_SUITE(a_write_without_memory_writes_nothing)
{
	struct file *master, *slave;
	char path[32], c;
	loff_t pos = 0;

	master = open_master(path);
	slave = open_path(path);
	failslab_arm(NULL, 0, 1);
	KTAP_EXPECT_EQ(kernel_write(slave, "x", 1, &pos), -ENOMEM);
	failslab.times = 0;
	master->f_flags |= O_NONBLOCK;
	KTAP_EXPECT_EQ(kernel_read(master, &c, 1, &pos), -EAGAIN);
	KTAP_EXPECT_EQ(kernel_write(slave, "x", 1, &pos), 1);
	KTAP_EXPECT_EQ(kernel_read(master, &c, 1, &pos), 1);
	fput(slave);
	fput(master);
}

/* The sides may be closed in any order, with what was written still on its way. */
KTAP_SUITE(both_sides_of_a_pty_are_closed)
{
	struct file *master, *slave, *second;
	static char many[3000];
	struct leaks before;
	char path[32];
	loff_t pos = 0;

	leaks_begin(&before);
	for (int order = 0; order < 4; order++) {
		master = open_master(path);
		slave = open_path(path);
		second = order & 2 ? open_path(path) : NULL;
		master->f_flags |= O_NONBLOCK;
		slave->f_flags |= O_NONBLOCK;
		while (kernel_write(slave, many, sizeof(many), &pos) > 0)
			;
		for (int i = 0; i < 5; i++) /* a line is never too long, so this could go on */
			kernel_write(master, many, sizeof(many), &pos);
		fput(order & 1 ? master : slave);
		fput(order & 1 ? slave : master);
		if (second)
			fput(second);
		KTAP_EXPECT_EQ(PTR_ERR(open_path(path)), -ENOENT);
		KTAP_EXPECT(leaks_none(&before));
	}
}

/* Any character in any mode: positions stay within the buffers. */
KTAP_SUITE(characters_at_random_in_modes_at_random)
{
	struct file *master, *slave;
	struct tty_struct *tty;
	u32 state = 12345;
	char path[32];
	u8 c;

	master = open_master(path);
	slave = open_path(path);
	tty = file_tty(slave);
	for (int i = 0; i < 200000; i++) {
		state = state * 1664525 + 1013904223;
		if (!(state >> 8 & 0xfff)) {
			struct termios2 old = tty->termios;

			tty->termios.c_lflag = state >> 12 & 0xffff & ~TOSTOP;
			tty->termios.c_iflag = state >> 16 & 0x7fff;
			tty->termios.c_oflag = state >> 20 & 0x1fff;
			tty->termios.c_cc[state >> 24 & 0xf] = state >> 16;
			n_tty_set_termios(tty, &old);
			tty_buffer_flush(tty->link);
			n_tty_flush_buffer(tty->link);
		}
		c = state >> 24;
		tty_insert_flip_string(tty, &c, 1);
		if (!(state >> 8 & 0xff))
			n_tty_flush_buffer(tty);
		if (tty->ldata.read_head - tty->ldata.read_tail > N_TTY_BUF_SIZE ||
		    tty->ldata.canon_head - tty->ldata.read_tail >
			    tty->ldata.read_head - tty->ldata.read_tail ||
		    tty_buffer_space_avail(tty) > TTY_FLIP_SIZE ||
		    tty->ldata.echo_head - tty->ldata.echo_tail > TTY_ECHO_SIZE) {
			KTAP_EXPECT(false);
			break;
		}
	}
	fput(slave);
	fput(master);
}
