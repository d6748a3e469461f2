/*
 * Static keys: conditions that are asked often and change rarely. Linux rewrites the code at each
 * place that asks; here the key's count is read.
 */
#ifndef INCLUDE_LINUX_JUMP_LABEL_H
#define INCLUDE_LINUX_JUMP_LABEL_H

#include "kernel/lib/atomic.h"
#include "kernel/lib/bug.h"

struct static_key {
	atomic_t enabled; /* how often it was switched on; on when above 0 */
};

/* Two types for one key: which one says what the key is at first. */
struct static_key_true {
	struct static_key key;
};

struct static_key_false {
	struct static_key key;
};

#define STATIC_KEY_INIT_TRUE { .enabled = ATOMIC_INIT(1) }
#define STATIC_KEY_INIT_FALSE { .enabled = ATOMIC_INIT(0) }
#define STATIC_KEY_TRUE_INIT (struct static_key_true){ .key = STATIC_KEY_INIT_TRUE }
#define STATIC_KEY_FALSE_INIT (struct static_key_false){ .key = STATIC_KEY_INIT_FALSE }

#define DEFINE_STATIC_KEY_TRUE(name)                                                    \
	struct static_key_true name = { .key = STATIC_KEY_INIT_TRUE }
#define DEFINE_STATIC_KEY_FALSE(name)                                                   \
	struct static_key_false name = { .key = STATIC_KEY_INIT_FALSE }
#define DECLARE_STATIC_KEY_TRUE(name) extern struct static_key_true name
#define DECLARE_STATIC_KEY_FALSE(name) extern struct static_key_false name

static inline int static_key_count(struct static_key *key)
{
	return atomic_read(&key->enabled);
}

static inline bool static_key_true(struct static_key *key)
{
	return static_key_count(key) > 0;
}

static inline bool static_key_false(struct static_key *key)
{
	return static_key_count(key) > 0;
}

static inline void static_key_slow_inc(struct static_key *key)
{
	atomic_inc(&key->enabled);
}

static inline void static_key_slow_dec(struct static_key *key)
{
	WARN_ON(atomic_dec_return(&key->enabled) < 0);
}

/* Not for a key that static_key_slow_inc() counts. */
static inline void static_key_enable(struct static_key *key)
{
	WARN_ON((unsigned int)static_key_count(key) > 1);
	atomic_cmpxchg(&key->enabled, 0, 1);
}

static inline void static_key_disable(struct static_key *key)
{
	WARN_ON((unsigned int)static_key_count(key) > 1);
	atomic_cmpxchg(&key->enabled, 1, 0);
}

/* All take a pointer to a struct static_key_true or static_key_false. */
#define static_branch_likely(x) likely(static_key_true(&(x)->key))
#define static_branch_unlikely(x) unlikely(static_key_false(&(x)->key))
#define static_branch_enable(x) static_key_enable(&(x)->key)
#define static_branch_disable(x) static_key_disable(&(x)->key)
#define static_branch_inc(x) static_key_slow_inc(&(x)->key)
#define static_branch_dec(x) static_key_slow_dec(&(x)->key)
/* Of either, or of a struct static_key. */
#define static_key_enabled(x) (static_key_count((struct static_key *)(x)) > 0)

#endif
