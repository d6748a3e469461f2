/*
 * Terminals: what the files of this folder share. Linux: include/linux/tty.h, tty_driver.h
 *
 * A tty belongs to a driver: the serial port, or one of the two sides of a pseudo-terminal (pty). The
 * line discipline (n_tty.c) is between the driver and the programs: it edits lines, echoes what is
 * typed and makes signals of ^C and its kin.
 *
 * What is typed at the serial port arrives in a softirq, and a write to one side of a pty is received
 * by the other at once. So the state of a tty is only touched with bottom halves off; nobody sleeps
 * meanwhile, and with one CPU nobody else runs.
 */
#ifndef KERNEL_DRIVERS_TTY_TTY_H
#define KERNEL_DRIVERS_TTY_TTY_H

#include <uapi/termios.h>

#include "kernel/fs/fasync.h"
#include "kernel/fs/fs.h"
#include "kernel/fs/poll.h"
#include "kernel/sched/sched.h"

#define TTY_MAJOR 4
#define TTYAUX_MAJOR 5 /* minor 0: /dev/tty, 1: /dev/console, 2: /dev/ptmx */
#define UNIX98_PTY_SLAVE_MAJOR 136

#define N_TTY_BUF_SIZE 4096ul /* a power of two */
#define TTY_FLIP_SIZE 4096u   /* input of a pty that the line discipline has no room for */
#define TTY_ECHO_SIZE 256u    /* a power of two */
#define TTY_OUT_MARGIN 8u     /* one character becomes so many bytes at most */

enum tty_driver_type {
	TTY_DRIVER_TYPE_SERIAL,
	TTY_DRIVER_TYPE_PTM, /* the master of a pty, which its maker has */
	TTY_DRIVER_TYPE_PTS, /* its slave, the terminal */
};

/* tty->flags */
enum {
	TTY_IO_ERROR,     /* reads and writes are -EIO */
	TTY_OTHER_CLOSED, /* the other side of the pty is */
	TTY_EXCLUSIVE,    /* only CAP_SYS_ADMIN may open it once more */
	TTY_HUPPED,       /* hung up, and not opened since */
	TTY_HUPPING,
	TTY_PTY_LOCK, /* of a master: the slave may not be opened */
	TTY_THROTTLED, /* the port holds input back until somebody reads */
};

struct tty_struct;

/* What a driver does. All but open, close and ioctl may be called with bottom halves off. */
struct tty_operations {
	int (*open)(struct tty_struct *tty, struct file *file);   /* 0 or -errno */
	void (*close)(struct tty_struct *tty, struct file *file); /* tty->count is not yet lower */
	void (*write)(struct tty_struct *tty, const u8 *buf, unsigned int n); /* @n <= write_room() */
	unsigned int (*write_room)(struct tty_struct *tty); /* 0, or at least TTY_OUT_MARGIN */
	void (*flush_buffer)(struct tty_struct *tty); /* NULL: nothing waits to be sent */
	void (*throttle)(struct tty_struct *tty);   /* there is no room for input */
	void (*unthrottle)(struct tty_struct *tty); /* there is again */
	void (*set_termios)(struct tty_struct *tty, const struct termios2 *old);
	void (*start)(struct tty_struct *tty); /* NULL, as the next: the driver need not know */
	void (*stop)(struct tty_struct *tty);
	int (*ioctl)(struct tty_struct *tty, unsigned int cmd, unsigned long arg); /* or NULL */
};

struct tty_driver {
	const char *name;
	enum tty_driver_type type;
	dev_t dev; /* of the first one */
	const struct tty_operations *ops;
	struct termios2 init_termios;
};

/*
 * The line discipline's part. read_tail .. canon_head: whole lines to be read, of each of which a bit in
 * read_flags marks the end; canon_head .. read_head: the line being typed, or without ICANON, all there
 * is to be read. They count on for ever. Linux: drivers/tty/n_tty.c
 */
struct n_tty_data {
	u8 *read_buf; /* N_TTY_BUF_SIZE bytes */
	unsigned long read_flags[BITS_TO_LONGS(N_TTY_BUF_SIZE)];
	unsigned long char_map[BITS_TO_LONGS(256)]; /* characters that mean something */
	size_t read_head, canon_head, read_tail, line_start;
	bool raw;     /* no character means anything */
	bool icanon, lnext, erasing, push;
	unsigned int column, canon_column; /* of the cursor, modulo nothing; where the line began */
	u8 echo_buf[TTY_ECHO_SIZE];        /* what could not be echoed yet */
	unsigned int echo_head, echo_tail;
	struct mutex atomic_read_lock; /* one reader at a time */
};

struct tty_struct {
	const struct tty_driver *driver;
	const struct tty_operations *ops;
	int index;
	unsigned long flags; /* bit n: TTY_* */
	int count;           /* open files; of a slave: and its master */
	struct tty_struct *link; /* the other side of a pty */
	void *driver_data;       /* of a master: its devpts; of a slave: its dentry there */
	struct list_head tty_files; /* struct tty_file_private.list */
	struct termios2 termios;
	struct winsize winsize;
	struct {
		struct pid *pgrp, *session; /* in the foreground; whose controlling terminal it is */
		u8 pktstatus; /* TIOCPKT_*: of a slave, for its master */
		bool packet;  /* of a master: in packet mode */
	} ctrl;
	struct {
		bool stopped, tco_stopped; /* output is; by TCOOFF */
	} flow;
	struct wait_queue_head read_wait, write_wait;
	struct mutex atomic_write_lock; /* one writer at a time */
	struct fasync_struct *fasync; /* files whose owners get SIGIO */
	bool write_wakeup; /* there was no room for all: they want to know when there is */
	struct n_tty_data ldata;
	u8 *flip; /* of a pty: input in waiting, TTY_FLIP_SIZE bytes */
	unsigned int flip_head, flip_tail;
};

/* What file->private_data of an open terminal is. */
struct tty_file_private {
	struct tty_struct *tty;
	struct file *file;
	struct list_head list; /* in tty->tty_files */
};

static inline struct tty_struct *file_tty(const struct file *file)
{
	return ((struct tty_file_private *)file->private_data)->tty;
}

static inline bool tty_is_pty(const struct tty_struct *tty)
{
	return tty->link;
}

static inline bool tty_is_master(const struct tty_struct *tty)
{
	return tty->driver->type == TTY_DRIVER_TYPE_PTM;
}

/* The terminal of the pair: of a master its slave. Linux: tty_pair_get_tty() */
static inline struct tty_struct *tty_pair_get_tty(struct tty_struct *tty)
{
	return tty_is_master(tty) ? tty->link : tty;
}

static inline bool tty_flag(const struct tty_struct *tty, unsigned int flag)
{
	return test_bit(flag, &tty->flags);
}

#define I_FLAG(tty, f) ((tty)->termios.c_iflag & (f))
#define O_FLAG(tty, f) ((tty)->termios.c_oflag & (f))
#define L_FLAG(tty, f) ((tty)->termios.c_lflag & (f))
#define TTY_CC(tty, index) ((tty)->termios.c_cc[index])

/* tty_io.c */
extern const struct file_operations tty_fops, console_fops;
extern const struct termios2 tty_std_termios;
/* A tty of @driver that nobody has open; or NULL. free_tty() takes NULL as well. */
struct tty_struct *alloc_tty(const struct tty_driver *driver, int index);
void free_tty(struct tty_struct *tty);
int tty_alloc_file(struct file *file);                          /* 0 or -ENOMEM */
void tty_add_file(struct tty_struct *tty, struct file *file);   /* after tty_alloc_file() */
void tty_free_file(struct file *file);                          /* before tty_add_file() */
int tty_release(struct inode *inode, struct file *file);
int tty_fasync(int fd, struct file *file, int on);
int tty_open(struct inode *inode, struct file *file);
dev_t tty_devnum(const struct tty_struct *tty);

/* tty_hangup.c. Nobody can use @tty any more who has it open now; its session loses it. */
void tty_vhangup(struct tty_struct *tty);
void tty_vhangup_session(struct tty_struct *tty); /* the same, when the session's leader ends */
bool tty_hung_up_p(const struct file *file);

/* tty_ioctl.c */
long tty_ioctl(struct file *file, unsigned int cmd, unsigned long arg);
/* termios.c: TCGETS and its kin; -ENOIOCTLCMD for others. */
int tty_mode_ioctl(struct tty_struct *tty, unsigned int cmd, unsigned long arg);

/* tty_jobctrl.c */
int tty_check_change(struct tty_struct *tty); /* may current change @tty, or write with TOSTOP? */
int tty_check_read(struct tty_struct *tty);   /* may it read? Both: 0, -EIO, -ERESTARTSYS */
void tty_open_proc_set_tty(struct file *file, struct tty_struct *tty);
void session_clear_tty(struct pid *session); /* NULL is allowed */
/* Whose @tty is, and who is in the foreground; NULL: nobody. Takes references. */
void tty_set_ctrl(struct tty_struct *tty, struct pid *session, struct pid *pgrp);
void tty_signal_session_leader(struct tty_struct *tty, bool exit_session);
long tty_jobctrl_ioctl(struct tty_struct *tty, struct tty_struct *real_tty, struct file *file,
		       unsigned int cmd, unsigned long arg);
void tty_kill_pgrp(struct tty_struct *tty, int sig); /* those in the foreground */

/* n_tty.c: from the line discipline to programs */
ssize_t n_tty_read(struct tty_struct *tty, struct file *file, u8 *kbuf, size_t nr, bool *more);
ssize_t n_tty_write(struct tty_struct *tty, struct file *file, const u8 *buf, size_t nr);
__poll_t n_tty_poll(struct tty_struct *tty, struct file *file, poll_table *wait);
int n_tty_ioctl(struct tty_struct *tty, unsigned int cmd, unsigned long arg);
bool input_available_p(struct tty_struct *tty, bool poll);

/* n_tty.c: there is something to read. */
void n_tty_readable(struct tty_struct *tty);

/* n_tty_input.c: from the driver to the line discipline. How many of @n bytes were taken. */
unsigned int n_tty_receive_buf(struct tty_struct *tty, const u8 *buf, unsigned int n);
void n_tty_set_termios(struct tty_struct *tty, const struct termios2 *old); /* NULL: a new tty */
void n_tty_flush_buffer(struct tty_struct *tty); /* what was typed is gone */
void reset_buffer_flags(struct n_tty_data *ldata);

/* n_tty_output.c: columns, echo, flow. All with bottom halves off. */
/* Write up to @nr bytes as OPOST says. How many of them; 0: there is no room. */
unsigned int process_output(struct tty_struct *tty, const u8 *buf, unsigned int nr);
void process_echoes(struct tty_struct *tty); /* what could not be echoed before */
void echo_raw(struct tty_struct *tty, u8 c); /* as if it were written */
void echo_char(struct tty_struct *tty, u8 c); /* with ECHOCTL: ^X */
void echo_erase_tab(struct tty_struct *tty, unsigned int num_chars, bool after_tab);
void echo_move_back_col(struct tty_struct *tty);
void start_tty(struct tty_struct *tty);
void stop_tty(struct tty_struct *tty);
void tty_wakeup(struct tty_struct *tty); /* there may be room to write again */

/* As everywhere in Linux's kernel, letters are those of Latin-1: 0xc0 and above, but for two. */
static inline bool is_latin1_letter(u8 c)
{
	return c >= 0xc0 && c != 0xd7 && c != 0xf7;
}

static inline bool is_continuation(const struct tty_struct *tty, u8 c)
{
	return I_FLAG(tty, IUTF8) && (c & 0xc0) == 0x80;
}

/* tty_buffer.c: input of a pty. @n bytes at most, how many were taken. */
unsigned int tty_insert_flip_string(struct tty_struct *tty, const u8 *buf, unsigned int n);
void flush_to_ldisc(struct tty_struct *tty); /* there may be room for what waits */
void tty_buffer_flush(struct tty_struct *tty);
unsigned int tty_buffer_space_avail(const struct tty_struct *tty);

/* serial.c: the one tty of the serial port; pty.c: the slave of inode, or ERR_PTR */
struct tty_struct *serial_tty(void);
struct tty_struct *pts_lookup(const struct inode *inode);
void pty_release(struct tty_struct *tty); /* both sides are closed */
int ptm_open_peer(struct file *master, struct tty_struct *tty, int flags);

#endif
