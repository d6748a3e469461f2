/*
 * sendfile() and copy_file_range(): from a file to another, page by page. Linux: fs/read_write.c
 */
#include "kernel/fs/splice/splice.h"
#include "kernel/syscalls.h"

/* What is read but not written is read again: *@ppos moves by what was written. */
ssize_t do_splice_direct(struct file *in, loff_t *ppos, struct file *out, loff_t *opos, size_t len)
{
	ssize_t total = 0, got = 0, ret = 0;

	if (out->f_flags & O_APPEND || !(in->f_mode & FMODE_LSEEK) || !can_splice(WRITE, out))
		return -EINVAL;
	while (len) {
		struct pipe_buffer buf;
		loff_t pos = *ppos;

		ret = got = splice_page_in(in, &pos, len, &buf);
		if (got <= 0)
			break;
		ret = splice_page_out(&buf, got, out, opos);
		put_page(buf.page);
		if (ret <= 0)
			break;
		*ppos = pos - (got - ret);
		total += ret;
		len -= ret;
		cond_resched();
		if (ret < got || signal_pending(current))
			break;
	}
	return total ? total : ret;
}

/* Both are open for this. @pos, in @in, moves on; the position of @out is its own. */
static ssize_t sendfile_files(struct file *in, loff_t *pos, struct file *out, size_t count)
{
	struct pipe_inode_info *opipe = get_pipe_info(out);
	loff_t out_pos = out->f_pos, max;
	ssize_t ret = rw_verify_area(opipe ? NULL : &out_pos, count);

	if (ret)
		return ret;
	max = min(in->f_inode->i_sb->s_maxbytes, out->f_inode->i_sb->s_maxbytes);
	if ((u64)*pos + count > (u64)max) {
		if (*pos >= max)
			return -EOVERFLOW;
		count = max - *pos;
	}
	if (opipe)
		return splice_file_to_pipe(in, opipe, pos, count,
					   out->f_flags & O_NONBLOCK ? SPLICE_F_NONBLOCK : 0);
	ret = do_splice_direct(in, pos, out, &out_pos, count);
	if (ret > 0)
		out->f_pos = out_pos;
	return ret;
}

/* @ppos: where in the file to read from, and moves on; NULL: at its own position. */
static ssize_t do_sendfile(int out_fd, int in_fd, loff_t *ppos, size_t count)
{
	struct fd in = fdget(in_fd), out;
	ssize_t ret = -EBADF;
	loff_t pos;

	if (!in.file)
		return -EBADF;
	if (!(in.file->f_mode & FMODE_READ))
		goto out_in;
	ret = -ESPIPE;
	if (ppos && !(in.file->f_mode & FMODE_PREAD))
		goto out_in;
	pos = ppos ? *ppos : in.file->f_pos;
	ret = rw_verify_area(&pos, count);
	if (ret)
		goto out_in;
	ret = -EBADF;
	out = fdget(out_fd);
	if (!out.file)
		goto out_in;
	if (out.file->f_mode & FMODE_WRITE)
		ret = sendfile_files(in.file, &pos, out.file, min(count, (size_t)MAX_RW_COUNT));
	if (ret > 0 && ppos)
		*ppos = pos;
	else if (ret > 0)
		in.file->f_pos = pos;
	fdput(out);
out_in:
	fdput(in);
	return ret;
}

SYSCALL_DEFINE4(sendfile64, int, out_fd, int, in_fd, loff_t __user *, offset, size_t, count)
{
	loff_t pos;
	ssize_t ret;

	if (!offset)
		return do_sendfile(out_fd, in_fd, NULL, count);
	if (copy_from_user(&pos, offset, sizeof(pos)))
		return -EFAULT;
	ret = do_sendfile(out_fd, in_fd, &pos, count);
	return put_user(pos, offset) ? -EFAULT : ret;
}

/* --- copy_file_range() ---------------------------------------------------------------------- */

/* Linux: fs/read_write.c:generic_file_rw_checks() */
static int generic_file_rw_checks(const struct file *in, const struct file *out)
{
	umode_t in_mode = in->f_inode->i_mode, out_mode = out->f_inode->i_mode;

	if (S_ISDIR(in_mode) || S_ISDIR(out_mode))
		return -EISDIR;
	if (!S_ISREG(in_mode) || !S_ISREG(out_mode))
		return -EINVAL;
	if (!(in->f_mode & FMODE_READ) || !(out->f_mode & FMODE_WRITE) || out->f_flags & O_APPEND)
		return -EBADF;
	return 0;
}

/* Where the file may end. */
static int generic_write_check_limits(const struct file *file, loff_t pos, size_t *count)
{
	unsigned long limit = rlimit(RLIMIT_FSIZE);
	loff_t max_size = file->f_inode->i_sb->s_maxbytes;

	if (limit != RLIM_INFINITY) {
		if ((unsigned long)pos >= limit) {
			send_sig(SIGXFSZ, current, 0);
			return -EFBIG;
		}
		*count = min(*count, limit - pos);
	}
	if (pos >= max_size)
		return -EFBIG;
	*count = min(*count, (size_t)(max_size - pos));
	return 0;
}

/* Up to the end of @in, and not over what is still to be read. 0 or -errno; *@count may become less. */
static int generic_copy_file_checks(const struct file *in, loff_t pos_in, const struct file *out, loff_t pos_out,
				    size_t *count)
{
	loff_t size = in->f_inode->i_size;
	int error = generic_file_rw_checks(in, out);

	if (error)
		return error;
	if (in->f_inode->i_sb != out->f_inode->i_sb)
		return -EXDEV;
	if (pos_in + *count < (u64)pos_in || pos_out + *count < (u64)pos_out)
		return -EOVERFLOW;
	*count = pos_in >= size ? 0 : min(*count, (size_t)(size - pos_in));
	error = generic_write_check_limits(out, pos_out, count);
	if (error)
		return error;
	if (in->f_inode == out->f_inode && pos_out + (loff_t)*count > pos_in && pos_out < pos_in + (loff_t)*count)
		return -EINVAL;
	return 0;
}

static ssize_t vfs_copy_file_range(struct file *in, loff_t pos_in, struct file *out, loff_t pos_out, size_t len)
{
	ssize_t ret = generic_copy_file_checks(in, pos_in, out, pos_out, &len);

	if (!ret)
		ret = rw_verify_area(&pos_in, len);
	if (!ret)
		ret = rw_verify_area(&pos_out, len);
	if (ret || !len)
		return ret;
	return do_splice_direct(in, &pos_in, out, &pos_out, min(len, (size_t)MAX_RW_COUNT));
}

/* *@upos, or the position of @file when @upos is NULL, becomes @pos. 0 or -EFAULT. */
static int move_on(struct file *file, loff_t __user *upos, loff_t pos)
{
	if (upos)
		return copy_to_user(upos, &pos, sizeof(pos)) ? -EFAULT : 0;
	file->f_pos = pos;
	return 0;
}

static ssize_t copy_files(struct file *in, loff_t __user *off_in, struct file *out, loff_t __user *off_out,
			  size_t len, unsigned int flags)
{
	loff_t pos_in = in->f_pos, pos_out = out->f_pos;
	ssize_t ret;

	if (off_in && copy_from_user(&pos_in, off_in, sizeof(pos_in)))
		return -EFAULT;
	if (off_out && copy_from_user(&pos_out, off_out, sizeof(pos_out)))
		return -EFAULT;
	if (flags)
		return -EINVAL;
	ret = vfs_copy_file_range(in, pos_in, out, pos_out, len);
	if (ret <= 0)
		return ret;
	if (move_on(in, off_in, pos_in + ret) || move_on(out, off_out, pos_out + ret))
		return -EFAULT;
	return ret;
}

SYSCALL_DEFINE6(copy_file_range, int, fd_in, loff_t __user *, off_in, int, fd_out, loff_t __user *, off_out,
		size_t, len, unsigned int, flags)
{
	struct fd in = fdget(fd_in), out;
	ssize_t ret = -EBADF;

	if (!in.file)
		return -EBADF;
	out = fdget(fd_out);
	if (out.file) {
		ret = copy_files(in.file, off_in, out.file, off_out, len, flags);
		fdput(out);
	}
	fdput(in);
	return ret;
}
