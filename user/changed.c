/*
 * changed.c - write the files that a run has made or changed to stdout, as a cpio archive: changed SINCE
 *
 * Those whose inode has changed after that of the file SINCE has: files, directories and symbolic links below
 * "/", but not in what the kernel makes there (/dev, /proc, /sys) and not in /exec. init runs it for tools/exec
 * --out. What cannot be brought over, a FIFO or a device, is named on stderr, and the status is 1.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int lstat(const char *path, struct stat *st);
ssize_t readlink(const char *path, char *buf, size_t size);
long getdents64(int fd, void *buf, size_t size);

/* What getdents64(2) stores for each name. */
struct dirent64 {
	unsigned long ino;
	long offset;
	unsigned short length; /* of this record, bytes */
	unsigned char type;
	char name[];
};

static const char *const left_out[] = { "/dev", "/proc", "/sys", "/exec" };
static struct stat since;
static char path[PATH_MAX] = "/"; /* of what is looked at */
static unsigned int ino;          /* of the entry in the archive: all differ, so that none is a link to another */
static int status;

static void complain(const char *why)
{
	fprintf(stderr, "changed: %s: %s\n", path, why);
	status = 1;
}

/* Write @len bytes. The channel to the host takes all. */
static void put(const void *data, size_t len)
{
	const char *p = data;

	while (len) {
		ssize_t n = write(STDOUT_FILENO, p, len);

		if (n <= 0)
			_exit(2);
		p += n;
		len -= (size_t)n;
	}
}

/* Zeros up to a multiple of 4 after @len bytes. */
static void pad(size_t len)
{
	put("\0\0\0", -len % 4);
}

/* The head of an entry in newc format, and its name. */
static void put_head(const char *name, const struct stat *st, size_t size)
{
	char head[111];
	size_t len = strlen(name) + 1;

	snprintf(head, sizeof(head), "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", ++ino, st->st_mode,
		 st->st_uid, st->st_gid, 1, (unsigned int)st->st_mtime, (unsigned int)size, 0, 0, 0, 0,
		 (unsigned int)len, 0);
	put(head, 110);
	put(name, len);
	pad(110 + len);
}

/* A file that becomes shorter while it is read is filled up with zeros. */
static void put_file(const struct stat *st)
{
	size_t left = (size_t)st->st_size;
	int fd = open(path, O_RDONLY);
	char buf[4096];

	if (fd < 0) {
		complain(strerror(errno));
		return;
	}
	put_head(path + 1, st, left);
	while (left) {
		size_t part = left < sizeof(buf) ? left : sizeof(buf);
		ssize_t n = read(fd, buf, part);

		if (n <= 0) {
			memset(buf, 0, part);
			n = (ssize_t)part;
		}
		put(buf, (size_t)n);
		left -= (size_t)n;
	}
	pad((size_t)st->st_size);
	close(fd);
}

static void put_link(const struct stat *st)
{
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target));

	if (n < 0) {
		complain(strerror(errno));
		return;
	}
	put_head(path + 1, st, (size_t)n);
	put(target, (size_t)n);
	pad((size_t)n);
}

static int is_newer(const struct stat *st)
{
	return st->st_ctime > since.st_ctime ||
	       (st->st_ctime == since.st_ctime && st->st_ctime_nsec > since.st_ctime_nsec);
}

static int is_left_out(void)
{
	for (size_t i = 0; i < sizeof(left_out) / sizeof(*left_out); i++)
		if (strcmp(path, left_out[i]) == 0)
			return 1;
	return 0;
}

static void look_into(size_t len);

/* What @path, of @len bytes, is. */
static void look_at(size_t len)
{
	struct stat st;

	if (is_left_out())
		return;
	if (lstat(path, &st) < 0) {
		complain(strerror(errno));
		return;
	}
	if (S_ISDIR(st.st_mode)) {
		if (path[1] && is_newer(&st))
			put_head(path + 1, &st, 0);
		look_into(len);
	} else if (!is_newer(&st)) {
		return;
	} else if (S_ISREG(st.st_mode)) {
		put_file(&st);
	} else if (S_ISLNK(st.st_mode)) {
		put_link(&st);
	} else {
		complain("not brought back: only files, directories and symbolic links are");
	}
}

/* Look at each name in directory @path, of @len bytes. */
static void look_into(size_t len)
{
	_Alignas(struct dirent64) char buf[1024];
	int fd = open(path, O_RDONLY | O_DIRECTORY);
	size_t end = len == 1 ? 1 : len + 1; /* where the name goes */
	long n;

	if (fd < 0) {
		complain(strerror(errno));
		return;
	}
	path[end - 1] = '/';
	while ((n = getdents64(fd, buf, sizeof(buf))) > 0) {
		for (char *p = buf; p < buf + n; p += ((struct dirent64 *)p)->length) {
			const char *name = ((struct dirent64 *)p)->name;

			if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
				continue;
			if (end + strlen(name) >= sizeof(path)) {
				complain("not brought back: the path is too long");
				continue;
			}
			strcpy(path + end, name);
			look_at(end + strlen(name));
			path[end] = '\0';
		}
	}
	path[len] = '\0';
	close(fd);
}

int main(int argc, char **argv)
{
	static const struct stat none;

	if (argc != 2 || lstat(argv[1], &since) < 0) {
		fprintf(stderr, "usage: changed FILE\n");
		return 2;
	}
	look_at(1);
	put_head("TRAILER!!!", &none, 0);
	return status;
}
