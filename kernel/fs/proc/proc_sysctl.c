/*
 * /proc/sys: numbers that tune the kernel, and whoever may read or write them.
 *
 * A value is formatted and parsed at each call. Who may do that is asked each time, not only at
 * open(): a file that root opened does not let its next owner write. Linux: fs/proc/proc_sysctl.c,
 * kernel/sysctl.c
 */
#include "kernel/fs/proc/internal.h"

#define SYSCTL_MAX_VALUES 4
#define PROC_SYS "/proc/sys/"

/* What the data of an entry points to; lives for good. */
struct sysctl_numbers {
	unsigned long *data; /* the values ... */
	int count;           /* ... this many, 1..SYSCTL_MAX_VALUES */
	unsigned long low, high;
};

/*
 * Root is the owner whatever his capabilities, and root's group the group; what the mode does not
 * give, no capability gives. 0 or -EACCES. Linux: fs/proc/proc_sysctl.c:sysctl_perm(), test_perm()
 */
static int sysctl_perm(const struct inode *inode, int mask)
{
	umode_t mode = inode->i_mode;

	if (uid_eq(current_euid(), GLOBAL_ROOT_UID))
		mode >>= 6;
	else if (gid_eq(current_egid(), GLOBAL_ROOT_GID) || in_group_p(GLOBAL_ROOT_GID))
		mode >>= 3;
	return mask & ~mode & (MAY_READ | MAY_WRITE | MAY_EXEC) ? -EACCES : 0;
}

static int proc_sys_permission(struct inode *inode, int mask)
{
	if ((mask & MAY_EXEC) && S_ISREG(inode->i_mode))
		return -EACCES;
	return sysctl_perm(inode, mask);
}

/* All values in one line; a second read is at the end. */
static ssize_t proc_sys_read(struct kiocb *iocb, struct iov_iter *to)
{
	const struct inode *inode = iocb->ki_filp->f_inode;
	const struct sysctl_numbers *table = PDE(inode)->data;
	char text[SYSCTL_MAX_VALUES * 21 + 1];
	size_t len = 0;
	int i;

	if (sysctl_perm(inode, MAY_READ))
		return -EPERM;
	if (iocb->ki_pos)
		return 0;
	for (i = 0; i < table->count; i++)
		len += scnprintf(text + len, sizeof(text) - len, i ? "\t%lu" : "%lu",
				 table->data[i]);
	len += scnprintf(text + len, sizeof(text) - len, "\n");
	return simple_read_from_iter(iocb, to, text, len);
}

/* The next number in *@text, which moves behind it. 0, -EINVAL, or -ENOENT when there is none. */
static int next_number(char **text, unsigned long *value)
{
	static const char space[] = " \t\n\v\f\r";
	char *start = *text, *end, saved;
	int error;

	while (*start && strchr(space, *start))
		start++;
	if (!*start)
		return -ENOENT;
	for (end = start; *end && !strchr(space, *end); end++)
		;
	saved = *end;
	*end = '\0';
	error = kstrtoul(start, 0, value);
	*end = saved;
	*text = end;
	return error ? -EINVAL : 0;
}

/* New values: all that are given are good, or none is taken. Linux: proc_doulongvec_minmax() */
static int sysctl_parse(const struct sysctl_numbers *table, char *text)
{
	unsigned long value[SYSCTL_MAX_VALUES];
	int n, error = 0;

	for (n = 0; n < table->count; n++) {
		error = next_number(&text, &value[n]);
		if (error)
			break;
		if (value[n] < table->low || value[n] > table->high)
			return -EINVAL;
	}
	if (error == -EINVAL || !n)
		return -EINVAL;
	memcpy(table->data, value, n * sizeof(value[0]));
	return 0;
}

static ssize_t proc_sys_write(struct kiocb *iocb, struct iov_iter *from)
{
	const struct inode *inode = iocb->ki_filp->f_inode;
	size_t count = from->count;
	char text[SYSCTL_MAX_VALUES * 32];
	int error;

	if (sysctl_perm(inode, MAY_WRITE))
		return -EPERM;
	if (iocb->ki_pos || !count) /* the value is what the first write said */
		return count;
	if (count >= sizeof(text))
		return -EINVAL;
	if (copy_from_iter(text, count, from) < count)
		return -EFAULT;
	text[count] = '\0';
	error = sysctl_parse(PDE(inode)->data, text);
	if (error)
		return error;
	iocb->ki_pos += count;
	return count;
}

static const struct file_operations proc_sys_file_operations = {
	.llseek = generic_file_llseek,
	.read_iter = proc_sys_read,
	.write_iter = proc_sys_write,
};
static const struct inode_operations proc_sys_inode_operations = {
	.permission = proc_sys_permission,
	.setattr = proc_setattr,
};

/* The directory @name below @parent, made where it is missing; or NULL. */
static struct proc_dir_entry *find_or_mkdir(const char *name, struct proc_dir_entry *parent)
{
	struct proc_dir_entry *de = pde_subdir_find(parent, name, strlen(name));

	return de ? de : proc_mkdir(name, parent);
}

/* The directory that is to hold the last component of @path, made where it is missing; or NULL. */
static struct proc_dir_entry *make_parents(const char *path)
{
	struct proc_dir_entry *dir = find_or_mkdir("sys", &proc_root);
	char *copy = kstrdup(path + strlen(PROC_SYS), GFP_KERNEL), *name = copy, *slash;

	if (!copy)
		return NULL;
	for (; dir && (slash = strchr(name, '/')); name = slash + 1) {
		*slash = '\0';
		dir = find_or_mkdir(name, dir);
	}
	kfree(copy);
	return dir;
}

int proc_sysctl(const char *path, unsigned long *data, int count, unsigned long low,
		unsigned long high)
{
	struct sysctl_numbers *table = kmalloc(sizeof(*table), GFP_KERNEL);
	struct proc_dir_entry *dir = make_parents(path);

	BUG_ON(count < 1 || count > SYSCTL_MAX_VALUES || strncmp(path, PROC_SYS, strlen(PROC_SYS)));
	if (!table || !dir)
		goto out;
	*table = (struct sysctl_numbers){ data, count, low, high };
	if (proc_register(dir, strrchr(path, '/') + 1, S_IFREG | 0644, &proc_sys_inode_operations,
			  &proc_sys_file_operations, table))
		return 0;
out:
	kfree(table);
	return -ENOMEM;
}

/* Open files, free ones (none are kept), the limit. Linux: fs/file_table.c:proc_nr_files() */
static int file_nr_show(struct seq_file *m, void *v __maybe_unused)
{
	seq_printf(m, "%lu\t%lu\t%lu\n", get_nr_files(), 0ul, sysctl_file_max);
	return 0;
}

void proc_fs_sysctls_init(void)
{
	if (proc_sysctl("/proc/sys/vm/max_map_count", &sysctl_max_map_count, 1, 0, INT32_MAX) ||
	    proc_sysctl("/proc/sys/fs/file-max", &sysctl_file_max, 1, 0, ~0ul >> 1) ||
	    !proc_create_single("file-nr", 0444, make_parents("/proc/sys/fs/file-nr"),
				file_nr_show))
		panic("proc: no memory for the sysctls");
}
