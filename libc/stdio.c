/*
 * stdio.c - streams over descriptors 0..2: buffers, puts and friends, perror.
 *
 * stdout is line-buffered on a terminal and fully buffered otherwise, stderr is unbuffered; exit()
 * flushes. write(2) is below; libc/printf.c formats into these streams.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_SIZE	1024

enum mode { UNKNOWN, UNBUFFERED, LINE_BUFFERED, FULLY_BUFFERED };

struct __FILE {
	int fd;
	enum mode mode;		/* UNKNOWN until the first character */
	int error;
	size_t len;		/* bytes waiting in buf */
	char buf[BUFFER_SIZE];
};

static FILE streams[3] = {
	{ .fd = STDIN_FILENO },
	{ .fd = STDOUT_FILENO },
	{ .fd = STDERR_FILENO, .mode = UNBUFFERED },
};

FILE *const stdin = &streams[0];
FILE *const stdout = &streams[1];
FILE *const stderr = &streams[2];

/* Write all of @len bytes; EOF and the stream's error flag when the kernel takes no more. */
static int write_all(FILE *f, const char *s, size_t len)
{
	while (len > 0) {
		ssize_t n = write(f->fd, s, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			f->error = 1;
			return EOF;
		}
		s += n;
		len -= (size_t)n;
	}
	return 0;
}

/* fflush() - write out what waits in @f, in every stream when @f is NULL. EOF when that fails. */
int fflush(FILE *f)
{
	size_t len;

	if (!f)
		return fflush(stdout) | fflush(stderr);
	len = f->len;
	f->len = 0;
	return write_all(f, f->buf, len);
}

static void choose_mode(FILE *f)
{
	int saved = errno;

	f->mode = isatty(f->fd) ? LINE_BUFFERED : FULLY_BUFFERED;
	errno = saved;
}

static int put_buffered(FILE *f, const char *s, size_t len)
{
	while (len > 0) {
		size_t n = BUFFER_SIZE - f->len;

		if (n > len)
			n = len;
		memcpy(f->buf + f->len, s, n);
		f->len += n;
		s += n;
		len -= n;
		if (f->len == BUFFER_SIZE && fflush(f))
			return EOF;
	}
	return 0;
}

/* fwrite() - returns how many of the @n members of @size bytes were taken: all, or 0 on error */
size_t fwrite(const void *restrict p, size_t size, size_t n, FILE *restrict f)
{
	size_t len = size * n;
	int err;

	if (f->mode == UNKNOWN)
		choose_mode(f);
	if (f->mode == UNBUFFERED)
		err = write_all(f, p, len);
	else
		err = put_buffered(f, p, len);
	if (!err && f->mode == LINE_BUFFERED && memchr(p, '\n', len))
		err = fflush(f);
	return err ? 0 : n;
}

int fputs(const char *restrict s, FILE *restrict f)
{
	size_t len = strlen(s);

	return fwrite(s, 1, len, f) == len ? 0 : EOF;
}

int fputc(int c, FILE *f)
{
	unsigned char byte = (unsigned char)c;

	return fwrite(&byte, 1, 1, f) == 1 ? byte : EOF;
}

int putchar(int c)
{
	return fputc(c, stdout);
}

int puts(const char *s)
{
	return fputs(s, stdout) || fputc('\n', stdout) == EOF ? EOF : 0;
}

int ferror(FILE *f)
{
	return f->error;
}

int fileno(FILE *f)
{
	return f->fd;
}

void perror(const char *what)
{
	const char *reason = strerror(errno);

	if (what && *what)
		fprintf(stderr, "%s: %s\n", what, reason);
	else
		fprintf(stderr, "%s\n", reason);
}
