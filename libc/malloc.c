/*
 * malloc.c - malloc, calloc, realloc and free: one heap above the program's data, grown by brk(2).
 *
 * Every block starts with a 16-byte header. Free blocks are a list in ascending order of address;
 * a block that is freed is joined with the free neighbours it touches (K&R, The C Programming
 * Language, 8.7). Memory is never given back to the kernel before exit.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ALIGNMENT	16UL
#define GROW		65536UL		/* bytes asked from the kernel at least */

struct block {
	size_t size;		/* bytes, this header included; a multiple of ALIGNMENT */
	struct block *next;	/* the next free block, of higher address; unused while allocated */
};

static struct block *free_list;

static char *end_of(struct block *b)
{
	return (char *)b + b->size;
}

/* Put @b into the free list and join it with the neighbours it touches. */
static void insert_block(struct block *b)
{
	struct block *prev = NULL, *next = free_list;

	while (next && next < b) {
		prev = next;
		next = next->next;
	}
	b->next = next;
	if (next && end_of(b) == (char *)next) {
		b->size += next->size;
		b->next = next->next;
	}
	if (!prev) {
		free_list = b;
	} else if (end_of(prev) == (char *)b) {
		prev->size += b->size;
		prev->next = b->next;
	} else {
		prev->next = b;
	}
}

/* Cut @b down to @size bytes; the rest, when it can hold a block, becomes free. */
static void trim_block(struct block *b, size_t size)
{
	struct block *rest = (struct block *)((char *)b + size);

	if (b->size < size + sizeof(*rest) + ALIGNMENT)
		return;
	rest->size = b->size - size;
	b->size = size;
	insert_block(rest);
}

/* Take the first free block of at least @size bytes from the list; NULL when there is none. */
static struct block *take_block(size_t size)
{
	for (struct block **link = &free_list; *link; link = &(*link)->next) {
		struct block *b = *link;

		if (b->size < size)
			continue;
		*link = b->next;
		trim_block(b, size);
		return b;
	}
	return NULL;
}

/* Ask the kernel for a new free block of at least @size bytes; -1 with ENOMEM when it has none. */
static int grow_heap(size_t size)
{
	size_t bytes = (size + GROW - 1) & ~(GROW - 1);
	uintptr_t end = (uintptr_t)sbrk(0);
	uintptr_t start = (end + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	struct block *b = (struct block *)start;

	if (sbrk((intptr_t)(start - end + bytes)) == (void *)-1)
		return -1;
	b->size = bytes;
	insert_block(b);
	return 0;
}

/* malloc() - @size bytes, 0 is valid, aligned to 16 and not cleared; NULL with ENOMEM */
void *malloc(size_t size)
{
	struct block *b;

	if (size > PTRDIFF_MAX - 2 * GROW) {
		errno = ENOMEM;
		return NULL;
	}
	size = (size + sizeof(*b) + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	b = take_block(size);
	if (!b && !grow_heap(size))
		b = take_block(size);
	return b ? b + 1 : NULL;
}

void free(void *p)
{
	if (p)
		insert_block((struct block *)p - 1);
}

void *calloc(size_t n, size_t size)
{
	size_t bytes;
	void *p;

	if (__builtin_mul_overflow(n, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	p = malloc(bytes);
	return p ? memset(p, 0, bytes) : NULL;
}

/* realloc() - on failure @p stays as it is and NULL is returned. */
void *realloc(void *p, size_t size)
{
	size_t old;
	void *q;

	if (!p)
		return malloc(size);
	old = ((struct block *)p - 1)->size - sizeof(struct block);
	if (size <= old)
		return p;
	q = malloc(size);
	if (!q)
		return NULL;
	memcpy(q, p, old);
	free(p);
	return q;
}
