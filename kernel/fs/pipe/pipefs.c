/*
 * pipe() and pipe2(), and the file system that the pipes are in, which is mounted nowhere in the tree.
 * Linux: fs/pipe.c
 */
#include "kernel/fs/pipe/pipe.h"
#include "kernel/lib/init.h"
#include "kernel/syscalls.h"

static struct vfsmount *pipe_mnt;

static const struct super_operations pipefs_ops;

static struct dentry *pipefs_mount(struct file_system_type *type, int flags __maybe_unused,
				   const char *dev_name __maybe_unused, void *data __maybe_unused)
{
	return mount_pseudo(type, "pipe:", &pipefs_ops, PIPEFS_MAGIC);
}

static struct file_system_type pipe_fs_type = {
	.name = "pipefs",
	.fs_supers = LIST_HEAD_INIT(pipe_fs_type.fs_supers),
	.mount = pipefs_mount,
	.kill_sb = kill_anon_super,
};

bool is_pipefs_inode(const struct inode *inode)
{
	return inode->i_sb->s_type == &pipe_fs_type;
}

/* With a pipe that counts two files; or NULL. */
static struct inode *get_pipe_inode(void)
{
	struct inode *inode = new_inode_pseudo(pipe_mnt->mnt_sb);
	struct pipe_inode_info *pipe;

	if (!inode)
		return NULL;
	inode->i_ino = get_next_ino();
	pipe = alloc_pipe_info();
	if (!pipe) {
		iput(inode);
		return NULL;
	}
	pipe->files = 2;
	pipe->readers = pipe->writers = 1;
	inode->i_pipe = pipe;
	inode->i_fop = &pipefifo_fops;
	inode->i_mode = S_IFIFO | S_IRUSR | S_IWUSR;
	inode->i_uid = current_fsuid();
	inode->i_gid = current_fsgid();
	inode->i_atime = inode->i_mtime = inode->i_ctime = ktime_get_real_ns();
	return inode;
}

/* Another open file on the path of @base. Linux: fs/file_table.c:alloc_file_clone() */
static struct file *alloc_file_clone(const struct file *base, int flags,
				     const struct file_operations *fop)
{
	struct file *file = alloc_empty_file(flags, current_cred());

	if (IS_ERR(file))
		return file;
	path_get(&base->f_path);
	file->f_path = base->f_path;
	file->f_inode = base->f_inode;
	file->f_op = fop;
	file->f_mode |= FMODE_OPENED;
	return file;
}

static void open_end(struct file *file, struct pipe_inode_info *pipe)
{
	file->private_data = pipe;
	stream_open(file->f_inode, file);
}

/*
 * @res: the end to read from, the end to write to. 0, -ENFILE, -ENOMEM. A file that is released after the
 * other could not be made takes its share of the pipe along; the share of the other is put here.
 */
static int create_pipe_files(struct file **res, int flags)
{
	struct inode *inode = get_pipe_inode();
	struct pipe_inode_info *pipe;
	struct file *f;

	if (!inode)
		return -ENFILE;
	pipe = inode->i_pipe;
	f = alloc_file_pseudo(inode, pipe_mnt, "", O_WRONLY | (flags & (O_NONBLOCK | O_DIRECT)),
			      &pipefifo_fops);
	if (IS_ERR(f)) {
		pipe->files = 1;
		put_pipe_info(inode, pipe);
		iput(inode);
		return PTR_ERR(f);
	}
	open_end(f, pipe);
	res[0] = alloc_file_clone(f, O_RDONLY | (flags & O_NONBLOCK), &pipefifo_fops);
	if (IS_ERR(res[0])) {
		put_pipe_info(inode, pipe);
		fput(f);
		return PTR_ERR(res[0]);
	}
	open_end(res[0], pipe);
	res[1] = f;
	return 0;
}

/* Two files, and two numbers for them that are reserved, not filled. 0 or -errno. */
static int __do_pipe_flags(int *fd, struct file **files, int flags)
{
	int error;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK | O_DIRECT))
		return -EINVAL;
	error = create_pipe_files(files, flags);
	if (error)
		return error;
	error = fd[0] = get_unused_fd_flags(flags);
	if (error < 0)
		goto out_files;
	error = fd[1] = get_unused_fd_flags(flags);
	if (error < 0)
		goto out_fd;
	return 0;

out_fd:
	put_unused_fd(fd[0]);
out_files:
	fput(files[0]);
	fput(files[1]);
	return error;
}

/* The files become visible when ring 3 has their numbers, and nothing can fail any more. */
static int do_pipe2(int __user *fildes, int flags)
{
	struct file *files[2];
	int fd[2];
	int error = __do_pipe_flags(fd, files, flags);

	if (error)
		return error;
	if (copy_to_user(fildes, fd, sizeof(fd))) {
		fput(files[0]);
		fput(files[1]);
		put_unused_fd(fd[0]);
		put_unused_fd(fd[1]);
		return -EFAULT;
	}
	fd_install(fd[0], files[0]);
	fd_install(fd[1], files[1]);
	return 0;
}

SYSCALL_DEFINE2(pipe2, int __user *, fildes, int, flags)
{
	return do_pipe2(fildes, flags);
}

SYSCALL_DEFINE1(pipe, int __user *, fildes)
{
	return do_pipe2(fildes, 0);
}

static int init_pipe_fs(void)
{
	int error = register_filesystem(&pipe_fs_type);

	if (error)
		return error;
	pipe_mnt = kern_mount(&pipe_fs_type);
	return IS_ERR(pipe_mnt) ? PTR_ERR(pipe_mnt) : 0;
}
late_initcall(init_pipe_fs);
