/*
 * iov_iter: walks the segments of a read or write, in ring 3's memory or the kernel's.
 *
 * The read_iter and write_iter operations call it. Linux: lib/iov_iter.c
 */
#include "kernel/fs/fs.h"

/*
 * @iov: @nr_segs segments, kept by reference until the operation is over. @count: bytes to move, at
 * most the sum of the segments. @user: they are addresses of ring 3, already seen by access_ok().
 */
void iov_iter_init(struct iov_iter *i, bool user, const struct iovec *iov, size_t nr_segs,
		   size_t count)
{
	*i = (struct iov_iter){ .user = user, .iov = iov, .nr_segs = nr_segs, .count = count };
}

enum iter_op { ITER_TO, ITER_FROM, ITER_ZERO };

/* Move @len bytes between @base of a segment and @addr. Returns how many were moved. */
static size_t move_segment(const struct iov_iter *i, enum iter_op op, char *base, char *addr,
			   size_t len)
{
	if (i->user) {
		switch (op) {
		case ITER_TO:
			return len - copy_to_user(base, addr, len);
		case ITER_FROM:
			return len - copy_from_user(addr, base, len);
		default:
			return len - clear_user(base, len);
		}
	}
	if (op == ITER_TO)
		memcpy(base, addr, len);
	else if (op == ITER_FROM)
		memcpy(addr, base, len);
	else
		memset(base, 0, len);
	return len;
}

/*
 * The loop behind all three: ends after @bytes, at the end of the segments, or at a fault.
 * @addr: kernel memory; NULL for ITER_ZERO.
 */
static size_t iterate(struct iov_iter *i, enum iter_op op, char *addr, size_t bytes)
{
	size_t done = 0;

	bytes = min(bytes, i->count);
	while (done < bytes) {
		size_t len = min(bytes - done, i->iov->iov_len - i->iov_offset);
		char *base = (char *)i->iov->iov_base + i->iov_offset;
		size_t moved = 0;

		if (len)
			moved = move_segment(i, op, base, addr ? addr + done : NULL, len);

		done += moved;
		i->iov_offset += moved;
		i->count -= moved;
		if (moved < len)
			break;
		if (i->iov_offset == i->iov->iov_len) {
			i->iov++;
			i->nr_segs--;
			i->iov_offset = 0;
		}
	}
	return done;
}

/* Linux: lib/iov_iter.c:copy_to_iter() */
size_t copy_to_iter(const void *addr, size_t bytes, struct iov_iter *i)
{
	return iterate(i, ITER_TO, (char *)addr, bytes);
}

/* Linux: lib/iov_iter.c:copy_from_iter() */
size_t copy_from_iter(void *addr, size_t bytes, struct iov_iter *i)
{
	return iterate(i, ITER_FROM, addr, bytes);
}

/* Linux: lib/iov_iter.c:iov_iter_zero() */
size_t iov_iter_zero(size_t bytes, struct iov_iter *i)
{
	return iterate(i, ITER_ZERO, NULL, bytes);
}
