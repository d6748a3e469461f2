/*
 * show.c - numbers, strings, buffers, and vectors of them.
 */
#include <fcntl.h>
#include <string.h>

#include "strace.h"

int is_error(long ret)
{
	return ret < 0 && ret >= -4095;
}

/* The piece of @record about argument @i; NULL: there is none. */
static const void *piece_of(const struct strace_record *record, int i, int index, size_t *len)
{
	const char *at = (const char *)(record + 1), *end = (const char *)record + record->size;

	while (at + sizeof(struct strace_piece) <= end) {
		const struct strace_piece *piece = (const void *)at;

		if (piece->arg == i && piece->index == index) {
			*len = piece->len;
			return piece + 1;
		}
		at += sizeof(*piece) + ((piece->len + 7u) & ~7u);
	}
	return NULL;
}

const void *memory(const struct view *view, int i, int index, size_t *len)
{
	const void *found = piece_of(view->in, i, index, len);

	return found || !view->out ? found : piece_of(view->out, i, index, len);
}

const void *memory_after(const struct view *view, int i, size_t *len)
{
	return view->out ? piece_of(view->out, i, 0, len) : NULL;
}

const void *memory_or_pointer(const struct view *view, int i, size_t size)
{
	size_t len;
	const void *found = view->args[i] ? memory(view, i, 0, &len) : NULL;

	if (found && len >= size)
		return found;
	put_pointer(view->args[i]);
	return NULL;
}

/* --- numbers ----------------------------------------------------------------------------------- */

void show_int(const struct view *view, const struct arg *arg, int i)
{
	(void)arg;
	put("%d", (int)view->args[i]);
}

void show_uint(const struct view *view, const struct arg *arg, int i)
{
	(void)arg;
	put("%u", (unsigned int)view->args[i]);
}

void show_long(const struct view *view, const struct arg *arg, int i)
{
	(void)arg;
	put("%ld", (long)view->args[i]);
}

void show_ulong(const struct view *view, const struct arg *arg, int i)
{
	(void)arg;
	put("%lu", view->args[i]);
}

void show_hex(const struct view *view, const struct arg *arg, int i)
{
	(void)arg;
	put(view->args[i] ? "%#lx" : "0", view->args[i]);
}

void show_octal(const struct view *view, const struct arg *arg, int i)
{
	(void)arg;
	put("%#03o", (unsigned int)view->args[i] & 0xffff);
}

void show_pointer(const struct view *view, const struct arg *arg, int i)
{
	(void)arg;
	put_pointer(view->args[i]);
}

/* A user or group; -1 is nobody. */
void show_id(const struct view *view, const struct arg *arg, int i)
{
	if ((unsigned int)view->args[i] == ~0u)
		put("-1");
	else
		show_uint(view, arg, i);
}

void show_dirfd(const struct view *view, const struct arg *arg, int i)
{
	if ((int)view->args[i] == AT_FDCWD)
		put("AT_FDCWD");
	else
		show_int(view, arg, i);
}

void show_int_at(const struct view *view, const struct arg *arg, int i)
{
	const int *value = memory_or_pointer(view, i, sizeof(*value));

	(void)arg;
	if (value)
		put("[%d]", *value);
}

void show_uint64_at(const struct view *view, const struct arg *arg, int i)
{
	const ulong *value = memory_or_pointer(view, i, sizeof(*value));

	(void)arg;
	if (value)
		put("[%lu]", *value);
}

/* An array of ids. */
void show_ints(const struct view *view, const struct arg *arg, int i)
{
	size_t len;
	const int *value = memory_or_pointer(view, i, 0);

	(void)arg;
	if (!value || !memory(view, i, 0, &len))
		return;
	put("[");
	for (size_t n = 0; n < len / sizeof(*value); n++)
		put(n ? ", %d" : "%d", value[n]);
	put("]");
}

void show_pipe(const struct view *view, const struct arg *arg, int i)
{
	const int *fd = memory_or_pointer(view, i, 2 * sizeof(*fd));

	(void)arg;
	if (fd)
		put("[%d, %d]", fd[0], fd[1]);
}

/* --- strings ----------------------------------------------------------------------------------- */

/* A string that the memory @s holds the beginning of, or all. */
static void put_piece(const char *s, size_t len, int whole)
{
	size_t n = strnlen(s, len);

	if (whole && n < len)
		put_path(s, n);
	else
		put_string(s, n, n == len);
}

void show_string(const struct view *view, const struct arg *arg, int i)
{
	size_t len;
	const char *s = memory_or_pointer(view, i, 0);

	(void)arg;
	if (s && memory(view, i, 0, &len))
		put_piece(s, len, 0);
}

void show_path(const struct view *view, const struct arg *arg, int i)
{
	size_t len;
	const char *s = NULL;

	if (arg->later && is_error(view->ret))
		put_pointer(view->args[i]);
	else
		s = memory_or_pointer(view, i, 0);
	if (s && memory(view, i, 0, &len))
		put_piece(s, len, 1);
}

/* Bytes that another argument counts. */
void show_data(const struct view *view, const struct arg *arg, int i)
{
	size_t len;
	const char *s = memory_or_pointer(view, i, 0);

	if (s && memory(view, i, 0, &len))
		put_string(s, len, len < view->args[arg->count]);
}

/* Bytes that the call has moved. */
void show_returned(const struct view *view, const struct arg *arg, int i)
{
	size_t len;
	const char *s;

	(void)arg;
	if (is_error(view->ret)) {
		put_pointer(view->args[i]);
		return;
	}
	s = memory_or_pointer(view, i, 0);
	if (s && memory(view, i, 0, &len))
		put_string(s, len, len < (ulong)view->ret);
}

/* argv */
void show_strings(const struct view *view, const struct arg *arg, int i)
{
	size_t len, size;
	const ulong *vector = memory_or_pointer(view, i, 0);
	const char *s;
	size_t n = 0;

	(void)arg;
	if (!vector || !memory(view, i, 0, &len))
		return;
	put("[");
	for (; n < len / sizeof(*vector) && vector[n] && n < STRACE_VECTOR_MAX - 1; n++) {
		put(n ? ", " : "");
		s = memory(view, i, (int)n + 1, &size);
		if (s)
			put_piece(s, size, 0);
		else
			put_pointer(vector[n]);
	}
	if (n < len / sizeof(*vector) && vector[n])
		put(", ...");
	put("]");
}

/* The environment is only counted. */
void show_envp(const struct view *view, const struct arg *arg, int i)
{
	size_t len, n = 0;
	const ulong *vector = memory_or_pointer(view, i, 0);

	(void)arg;
	if (!vector || !memory(view, i, 0, &len))
		return;
	while (n < len / sizeof(*vector) && vector[n])
		n++;
	put("0x%lx /* %lu var%s */", view->args[i], n, n == 1 ? "" : "s");
}

void show_iovec(const struct view *view, const struct arg *arg, int i)
{
	const struct { ulong base, len; } *vector = memory_or_pointer(view, i, 0);
	size_t len, size;
	ulong left = arg->later && !is_error(view->ret) ? (ulong)view->ret : arg->later ? 0 : -1ul;

	if (!vector || !memory(view, i, 0, &len))
		return;
	put("[");
	for (size_t n = 0; n < len / sizeof(*vector); n++) {
		const char *s = memory(view, i, (int)n + 1, &size);
		ulong used = vector[n].len < left ? vector[n].len : left;

		left -= used;
		put(n ? ", {iov_base=" : "{iov_base=");
		if (s && !(arg->later && is_error(view->ret)))
			put_string(s, size, size < used);
		else
			put_pointer(vector[n].base);
		put(", iov_len=%lu}", vector[n].len);
	}
	put("]");
}
