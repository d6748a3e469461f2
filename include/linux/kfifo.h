/*
 * kfifo: a queue of elements of one type and of a fixed number, a power of two. One who puts and one
 * who gets need no lock between them. The indices only grow; their difference is the length.
 * Linux: include/linux/kfifo.h, lib/kfifo.c. Its fifos of records are not here.
 */
#ifndef INCLUDE_LINUX_KFIFO_H
#define INCLUDE_LINUX_KFIFO_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>

struct __kfifo {
	unsigned int in, out; /* elements put and taken since the last reset */
	unsigned int mask;    /* the number of elements, less one */
	unsigned int esize;   /* bytes of an element */
	void *data;
};

/* @ptrtype: the type of a buffer of elements that kfifo_in() and kfifo_out() take. */
#define __STRUCT_KFIFO_HEAD(datatype, ptrtype)                                          \
	union {                                                                         \
		struct __kfifo kfifo;                                                   \
		datatype *type;                                                         \
		const datatype *const_type;                                             \
		ptrtype *ptr;                                                           \
		const ptrtype *ptr_const;                                               \
	}
/* With room for @size elements in it; or without, for kfifo_alloc() and kfifo_init(). */
#define STRUCT_KFIFO(type, size)                                                        \
	struct {                                                                        \
		__STRUCT_KFIFO_HEAD(type, type);                                        \
		type buf[(size) < 2 || ((size) & ((size) - 1)) ? -1 : (size)];          \
	}
#define STRUCT_KFIFO_PTR(type)                                                          \
	struct {                                                                        \
		__STRUCT_KFIFO_HEAD(type, type);                                        \
		type buf[0];                                                            \
	}
struct kfifo {
	__STRUCT_KFIFO_HEAD(unsigned char, void);
	unsigned char buf[0];
};

#define __is_kfifo_ptr(fifo) (sizeof(*(fifo)) == sizeof(struct __kfifo))
#define __KFIFO_INIT(fifo)                                                              \
	{                                                                               \
		.mask = __is_kfifo_ptr(&(fifo)) ?                                       \
				0 : sizeof((fifo).buf) / sizeof((fifo).buf[0]) - 1,     \
		.esize = sizeof((fifo).buf[0]),                                         \
		.data = __is_kfifo_ptr(&(fifo)) ? NULL : (fifo).buf,                    \
	}
#define DECLARE_KFIFO(fifo, type, size) STRUCT_KFIFO(type, size) fifo
#define DECLARE_KFIFO_PTR(fifo, type) STRUCT_KFIFO_PTR(type) fifo
#define DEFINE_KFIFO(fifo, type, size)                                                  \
	DECLARE_KFIFO(fifo, type, size) = { { .kfifo = __KFIFO_INIT(fifo) } }
#define INIT_KFIFO(fifo) ((void)((fifo).kfifo = (struct __kfifo)__KFIFO_INIT(fifo)))

#define kfifo_initialized(fifo) ((fifo)->kfifo.mask)
#define kfifo_esize(fifo) ((fifo)->kfifo.esize)
#define kfifo_size(fifo) ((fifo)->kfifo.mask + 1)
#define kfifo_len(fifo) ((fifo)->kfifo.in - (fifo)->kfifo.out)
#define kfifo_avail(fifo) (kfifo_size(fifo) - kfifo_len(fifo))
#define kfifo_is_empty(fifo) (kfifo_len(fifo) == 0)
#define kfifo_is_full(fifo) (kfifo_len(fifo) > (fifo)->kfifo.mask)
#define kfifo_reset(fifo) ((void)((fifo)->kfifo.in = (fifo)->kfifo.out = 0))
#define kfifo_reset_out(fifo) ((void)((fifo)->kfifo.out = (fifo)->kfifo.in))
#define kfifo_skip(fifo) ((void)(fifo)->kfifo.out++)

/* How many of @len elements at index @at lie before the end of the memory: the rest begins it. */
static inline unsigned int __kfifo_first(struct __kfifo *fifo, unsigned int at, unsigned int len)
{
	return min(len, fifo->mask + 1 - (at & fifo->mask));
}

static inline void *__kfifo_at(struct __kfifo *fifo, unsigned int at)
{
	return (char *)fifo->data + (size_t)(at & fifo->mask) * fifo->esize;
}

static inline unsigned int __kfifo_in(struct __kfifo *fifo, const void *buf, unsigned int len)
{
	unsigned int first;

	len = min(len, fifo->mask + 1 - (fifo->in - fifo->out));
	first = __kfifo_first(fifo, fifo->in, len);
	memcpy(__kfifo_at(fifo, fifo->in), buf, (size_t)first * fifo->esize);
	memcpy(fifo->data, (const char *)buf + (size_t)first * fifo->esize,
	       (size_t)(len - first) * fifo->esize);
	smp_wmb(); /* the elements first, then the index that shows them */
	fifo->in += len;
	return len;
}

static inline unsigned int __kfifo_out_peek(struct __kfifo *fifo, void *buf, unsigned int len)
{
	unsigned int first;

	len = min(len, fifo->in - fifo->out);
	first = __kfifo_first(fifo, fifo->out, len);
	memcpy(buf, __kfifo_at(fifo, fifo->out), (size_t)first * fifo->esize);
	memcpy((char *)buf + (size_t)first * fifo->esize, fifo->data,
	       (size_t)(len - first) * fifo->esize);
	smp_wmb(); /* copied, before the index lets them be overwritten */
	return len;
}

static inline unsigned int __kfifo_out(struct __kfifo *fifo, void *buf, unsigned int len)
{
	len = __kfifo_out_peek(fifo, buf, len);
	fifo->out += len;
	return len;
}

/* Memory for @size elements; __kfifo_init(): @buffer, of @size bytes. 0, -EINVAL, -ENOMEM. */
static inline int __kfifo_alloc(struct __kfifo *fifo, unsigned int size, size_t esize, gfp_t gfp)
{
	*fifo = (struct __kfifo){ .esize = esize };
	size = roundup_pow_of_two(size); /* 0 when it is more than 2^31 */
	if (size < 2)
		return -EINVAL;
	fifo->data = kmalloc_array(esize, size, gfp);
	if (!fifo->data)
		return -ENOMEM;
	fifo->mask = size - 1;
	return 0;
}

static inline int __kfifo_init(struct __kfifo *fifo, void *buffer, unsigned int size, size_t esize)
{
	*fifo = (struct __kfifo){ .esize = esize, .data = buffer };
	size /= esize;
	if (size < 2)
		return -EINVAL;
	fifo->mask = rounddown_pow_of_two(size) - 1;
	return 0;
}

static inline void __kfifo_free(struct __kfifo *fifo)
{
	kfree(fifo->data);
	*fifo = (struct __kfifo){ .esize = fifo->esize };
}

/* @len bytes from or to ring 3, whole elements; *@copied: bytes. 0, or -EFAULT for some of them. */
static inline int __kfifo_from_user(struct __kfifo *fifo, const void __user *from,
				    unsigned long len, unsigned int *copied)
{
	unsigned int room = fifo->mask + 1 - (fifo->in - fifo->out);
	unsigned int n = min(len / fifo->esize, (unsigned long)room);
	unsigned int first = __kfifo_first(fifo, fifo->in, n);
	unsigned long a = (unsigned long)first * fifo->esize, b = (unsigned long)n * fifo->esize - a;
	unsigned long left = copy_from_user(__kfifo_at(fifo, fifo->in), from, a);

	left = left ? left + b : copy_from_user(fifo->data, (const char __user *)from + a, b);
	n -= DIV_ROUND_UP(left, fifo->esize);
	smp_wmb(); /* as in __kfifo_in() */
	fifo->in += n;
	*copied = n * fifo->esize;
	return left ? -EFAULT : 0;
}

static inline int __kfifo_to_user(struct __kfifo *fifo, void __user *to, unsigned long len,
				  unsigned int *copied)
{
	unsigned int used = fifo->in - fifo->out;
	unsigned int n = min(len / fifo->esize, (unsigned long)used);
	unsigned int first = __kfifo_first(fifo, fifo->out, n);
	unsigned long a = (unsigned long)first * fifo->esize, b = (unsigned long)n * fifo->esize - a;
	unsigned long left = copy_to_user(to, __kfifo_at(fifo, fifo->out), a);

	left = left ? left + b : copy_to_user((char __user *)to + a, fifo->data, b);
	n -= DIV_ROUND_UP(left, fifo->esize);
	smp_wmb(); /* as in __kfifo_out_peek() */
	fifo->out += n;
	*copied = n * fifo->esize;
	return left ? -EFAULT : 0;
}

#define kfifo_alloc(fifo, size, gfp)                                                    \
	(__is_kfifo_ptr(fifo) ?                                                         \
		__kfifo_alloc(&(fifo)->kfifo, size, sizeof(*(fifo)->type), gfp) : -EINVAL)
#define kfifo_init(fifo, buffer, size)                                                  \
	(__is_kfifo_ptr(fifo) ?                                                         \
		__kfifo_init(&(fifo)->kfifo, buffer, size, sizeof(*(fifo)->type)) : -EINVAL)
#define kfifo_free(fifo)                                                                \
	do {                                                                            \
		if (__is_kfifo_ptr(fifo))                                               \
			__kfifo_free(&(fifo)->kfifo);                                   \
	} while (0)

/* One element: 1, or 0 when the fifo is full or empty. kfifo_peek() leaves it there. */
#define kfifo_put(fifo, val)                                                            \
	({                                                                              \
		typeof(*(fifo)->const_type) kfifo_val = (val);                          \
		__kfifo_in(&(fifo)->kfifo, &kfifo_val, 1);                              \
	})
#define kfifo_get(fifo, val)                                                            \
	({                                                                              \
		typeof((fifo)->type) kfifo_val = (val);                                 \
		__kfifo_out(&(fifo)->kfifo, kfifo_val, 1);                              \
	})
#define kfifo_peek(fifo, val)                                                           \
	({                                                                              \
		typeof((fifo)->type) kfifo_val = (val);                                 \
		__kfifo_out_peek(&(fifo)->kfifo, kfifo_val, 1);                         \
	})
/* @n elements. Returns how many there was room for, or there were. */
#define kfifo_in(fifo, buf, n)                                                          \
	({                                                                              \
		typeof((fifo)->ptr_const) kfifo_buf = (buf);                            \
		__kfifo_in(&(fifo)->kfifo, kfifo_buf, n);                               \
	})
#define kfifo_out(fifo, buf, n)                                                         \
	({                                                                              \
		typeof((fifo)->ptr) kfifo_buf = (buf);                                  \
		__kfifo_out(&(fifo)->kfifo, kfifo_buf, n);                              \
	})
#define kfifo_out_peek(fifo, buf, n)                                                    \
	({                                                                              \
		typeof((fifo)->ptr) kfifo_buf = (buf);                                  \
		__kfifo_out_peek(&(fifo)->kfifo, kfifo_buf, n);                         \
	})
#define __kfifo_locked(lock, call)                                                      \
	({                                                                              \
		unsigned long kfifo_flags;                                              \
		unsigned int kfifo_n;                                                   \
		spin_lock_irqsave(lock, kfifo_flags);                                   \
		kfifo_n = call;                                                         \
		spin_unlock_irqrestore(lock, kfifo_flags);                              \
		kfifo_n;                                                                \
	})
#define kfifo_in_spinlocked(fifo, buf, n, lock) __kfifo_locked(lock, kfifo_in(fifo, buf, n))
#define kfifo_out_spinlocked(fifo, buf, n, lock) __kfifo_locked(lock, kfifo_out(fifo, buf, n))
#define kfifo_from_user(fifo, from, len, copied)                                        \
	__kfifo_from_user(&(fifo)->kfifo, from, len, copied)
#define kfifo_to_user(fifo, to, len, copied) __kfifo_to_user(&(fifo)->kfifo, to, len, copied)

#endif
