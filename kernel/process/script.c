/*
 * Scripts: a file that begins with "#!" names the program that runs it. Linux: fs/binfmt_script.c
 *
 * "#!/bin/sh -e" in the file "x", executed as "x a b", runs /bin/sh with the arguments "/bin/sh", "-e",
 * "x", "a", "b": the first argument is lost, and all that follows the name is one argument.
 */
#include "kernel/process/binprm.h"
#include "kernel/process/process.h"

#define MAX_SCRIPTS 5 /* that run one another */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The first character from @p to @last that is a blank, or not (@blank), or NULL. A NUL ends a name. */
static char *find(char *p, const char *last, bool blank)
{
	for (; p <= last; p++) {
		if (is_blank(*p) == blank || (blank && !*p))
			return p;
	}
	return NULL;
}

/* The newline that ends the first line; NULL: a NUL comes first, or the line is longer than @buf. */
static char *end_of_line(char *buf)
{
	for (char *p = buf; p < buf + BINPRM_BUF_SIZE && *p; p++) {
		if (*p == '\n')
			return p;
	}
	return NULL;
}

/*
 * Cut the first line in bprm->buf into the name of the interpreter and its argument, which may be NULL.
 * -ENOEXEC: no script, no name, or a name that may be longer than the buffer.
 */
static int parse_line(struct linux_binprm *bprm, char **name, char **arg)
{
	char *buf = bprm->buf, *last = buf + BINPRM_BUF_SIZE - 1, *end, *sep;

	if (buf[0] != '#' || buf[1] != '!')
		return -ENOEXEC;
	end = end_of_line(buf);
	if (!end) {
		*name = find(buf + 2, last, false);
		if (!*name || !find(*name, last, true))
			return -ENOEXEC;
		end = last;
	}
	while (is_blank(end[-1]))
		end--;
	*name = find(buf + 2, end, false);
	if (!*name || *name == end)
		return -ENOEXEC;
	sep = find(*name, end, true);
	*arg = sep && *sep ? find(sep, end, false) : NULL;
	*end = '\0';
	if (*arg)
		*sep = '\0';
	return 0;
}

/*
 * @argv, @n kernel strings, take the place of the first argument. The strings lie one behind the other,
 * so the first ends where the next begins: an argument, a variable, or the file's name.
 */
static int replace_arg_zero(struct linux_binprm *bprm, const char *const *argv, int n)
{
	size_t size = bprm->vector_size + (n - 1) * sizeof(u64);
	u64 *old = bprm->vector, *vector = kmalloc(size, GFP_KERNEL);
	int err;

	if (!vector)
		return -ENOMEM;
	vector[0] = old[0] + n - 1;
	memcpy(vector + 1 + n, old + 2, bprm->vector_size - 2 * sizeof(u64));
	bprm->vector = vector;
	bprm->vector_size = size;
	bprm->p = old[2] ?: old[3] ?: bprm->execfn;
	kfree(old);
	while (n--) {
		err = copy_string_kernel(bprm, argv[n]);
		if (err)
			return err;
		vector[1 + n] = bprm->p;
	}
	return 0;
}

static struct file *open_exec(const char *path)
{
	struct filename *name;
	struct file *file;

	if (!*path)
		return ERR_PTR(-EACCES); /* the current directory, on Linux: no program */
	name = getname_kernel(path);
	if (IS_ERR(name))
		return ERR_CAST(name);
	file = do_open_execat(AT_FDCWD, name);
	putname(name);
	return file;
}

/*
 * If bprm->buf begins a script: change the arguments, and bprm->file to the interpreter. -ENOEXEC: it does
 * not. Otherwise -E2BIG, -ENOMEM, or why the interpreter cannot be opened.
 */
static int load_script(struct linux_binprm *bprm)
{
	const char *argv[3];
	char *name, *arg;
	struct file *file;
	int err, n = 0;

	err = parse_line(bprm, &name, &arg);
	if (err)
		return err;
	argv[n++] = name;
	if (arg)
		argv[n++] = arg;
	argv[n++] = bprm->interp ?: bprm->filename;
	err = replace_arg_zero(bprm, argv, n);
	if (err)
		return err;
	name = kstrdup(name, GFP_KERNEL);
	if (!name)
		return -ENOMEM;
	kfree(bprm->interp);
	bprm->interp = name;
	file = open_exec(name);
	if (IS_ERR(file))
		return PTR_ERR(file);
	allow_write_access(bprm->file);
	fput(bprm->file);
	bprm->file = file;
	return 0;
}

/* How the file begins. Linux: fs/exec.c:prepare_binprm() */
static int prepare_binprm(struct linux_binprm *bprm)
{
	loff_t pos = 0;
	ssize_t n;

	memset(bprm->buf, 0, sizeof(bprm->buf));
	n = kernel_read(bprm->file, bprm->buf, sizeof(bprm->buf), &pos);
	return n < 0 ? (int)n : 0;
}

/* Linux: fs/exec.c:exec_binprm() */
int find_interpreter(struct linux_binprm *bprm)
{
	int err = 0;

	for (int depth = 0; depth <= MAX_SCRIPTS; depth++) {
		err = prepare_binprm(bprm);
		if (!err)
			err = load_script(bprm);
		if (err)
			return err == -ENOEXEC ? 0 : err;
	}
	return -ELOOP;
}
