/*
 * One struct user_struct for each user id in use, found by a hash. Linux: kernel/user.c
 *
 * It lives as long as credentials or queued signals refer to it. The last reference may be dropped
 * in an interrupt handler. uidhash_lock protects the hash.
 */
#include "kernel/sched/user.h"

#include "kernel/sched/sched.h"

#define UIDHASH_SZ 128

static DEFINE_SPINLOCK(uidhash_lock);
static struct list_head uidhash_table[UIDHASH_SZ];
static struct kmem_cache *uid_cachep;

struct user_namespace init_user_ns = { .owner = KUIDT_INIT(0), .group = KGIDT_INIT(0) };

struct user_struct root_user = {
	.__count = REFCOUNT_INIT(2), /* init_cred's, and one that is never dropped */
};

static struct list_head *uidhashentry(kuid_t uid)
{
	return &uidhash_table[__kuid_val(uid) % UIDHASH_SZ];
}

void uid_cache_init(void)
{
	for (int i = 0; i < UIDHASH_SZ; i++)
		INIT_LIST_HEAD(&uidhash_table[i]);
	uid_cachep = kmem_cache_create("uid_cache", sizeof(struct user_struct), 0, SLAB_PANIC,
				       NULL);
	list_add(&root_user.uidhash_node, uidhashentry(GLOBAL_ROOT_UID));
}

struct user_struct *find_user(kuid_t uid)
{
	struct user_struct *user, *found = NULL;
	unsigned long flags;

	spin_lock_irqsave(&uidhash_lock, flags);
	list_for_each_entry(user, uidhashentry(uid), uidhash_node) {
		if (uid_eq(user->uid, uid)) {
			found = get_uid(user);
			break;
		}
	}
	spin_unlock_irqrestore(&uidhash_lock, flags);
	return found;
}

struct user_struct *alloc_uid(kuid_t uid)
{
	struct user_struct *user = find_user(uid);
	unsigned long flags;

	if (user)
		return user;
	user = kmem_cache_alloc(uid_cachep, GFP_KERNEL);
	if (!user)
		return NULL;
	*user = (struct user_struct){ .__count = REFCOUNT_INIT(1), .uid = uid };
	spin_lock_irqsave(&uidhash_lock, flags);
	list_add(&user->uidhash_node, uidhashentry(uid));
	spin_unlock_irqrestore(&uidhash_lock, flags);
	return user;
}

void free_uid(struct user_struct *user)
{
	unsigned long flags;

	if (!user || !refcount_dec_and_test(&user->__count))
		return;
	spin_lock_irqsave(&uidhash_lock, flags);
	list_del(&user->uidhash_node);
	spin_unlock_irqrestore(&uidhash_lock, flags);
	kmem_cache_free(uid_cachep, user);
}

bool too_many_processes(const struct user_struct *user)
{
	return user != &root_user && user->processes > rlimit(RLIMIT_NPROC);
}
