/*
 * A struct sock from its allocation to its end: sk_alloc(), sock_init_data(), sk_free().
 * Linux: net/core/sock.c
 *
 * Two counts keep a sock alive. sk_refcnt counts the pointers to it. sk_wmem_alloc counts the bytes
 * that are still being sent, plus one for the sock itself. When sk_refcnt becomes 0, sk_free()
 * drops that one; when sk_wmem_alloc is 0, too, the sock is freed.
 */
#include "kernel/security/security.h"
#include "net/core/sock.h"

#define SK_MEM_DEFAULT 212992 /* net.core.rmem_default, wmem_default; bytes */

void proto_register(struct proto *prot)
{
	unsigned int size = prot->obj_size + security_sk_blob_size();

	prot->slab = kmem_cache_create(prot->name, size, 0, SLAB_PANIC, NULL);
}

/*
 * A zeroed sock of @prot with its security blob, and a reference on the owner of @prot; or NULL.
 * This and sk_prot_free() are inline because every socket passes them, and each has one caller:
 * out of line they cost 27 instructions more.
 */
static inline struct sock *sk_prot_alloc(struct proto *prot, gfp_t priority, int family)
{
	struct sock *sk = kmem_cache_alloc(prot->slab, priority | __GFP_ZERO);

	if (!sk)
		return NULL;
	sk->sk_security = (char *)sk + prot->obj_size;

	if (security_sk_alloc(sk, family, priority))
		goto out_free;
	if (!try_module_get(prot->owner))
		goto out_free_sec;
	return sk;

out_free_sec:
	security_sk_free(sk);
out_free:
	kmem_cache_free(prot->slab, sk);
	return NULL;
}

static inline void sk_prot_free(struct proto *prot, struct sock *sk)
{
	struct module *owner = prot->owner;

	security_sk_free(sk);
	kmem_cache_free(prot->slab, sk);
	module_put(owner);
}

/* @kern: the kernel itself wants the sock, and then it holds no reference on its namespace. */
struct sock *sk_alloc(struct net *net, int family, gfp_t priority, struct proto *prot, int kern)
{
	struct sock *sk = sk_prot_alloc(prot, priority, family);

	if (!sk)
		return NULL;
	sk->sk_family = family;
	sk->sk_prot = prot;
	sk->sk_prot_creator = prot;
	sk->sk_net_refcnt = !kern;
	if (sk->sk_net_refcnt)
		refcount_inc(&net->count);
	sk->sk_net = net;
	refcount_set(&sk->sk_wmem_alloc, 1);
	return sk;
}

/* On Linux some socks wait here for an RCU grace period. */
void sk_destruct(struct sock *sk)
{
	if (sk->sk_destruct)
		sk->sk_destruct(sk);
	if (sk->sk_net_refcnt)
		BUG_ON(refcount_dec_and_test(&sk->sk_net->count));
	sk_prot_free(sk->sk_prot_creator, sk);
}

void sk_free(struct sock *sk)
{
	if (refcount_dec_and_test(&sk->sk_wmem_alloc))
		sk_destruct(sk);
}

void sk_common_release(struct sock *sk)
{
	if (sk->sk_prot->destroy)
		sk->sk_prot->destroy(sk);
	if (sk->sk_prot->unhash)
		sk->sk_prot->unhash(sk);
	sock_orphan(sk);
	sock_put(sk);
}

/* The reference count comes last: from then on other code may find and use the sock. */
void sock_init_data(struct socket *sock, struct sock *sk)
{
	sk->sk_rcvbuf = SK_MEM_DEFAULT;
	sk->sk_sndbuf = SK_MEM_DEFAULT;
	sk->sk_state = TCP_CLOSE;
	sk->sk_socket = sock;
	sock_set_flag(sk, SOCK_ZAPPED);

	if (sock) {
		sk->sk_type = sock->type;
		sk->sk_wq = &sock->wq;
		sock->sk = sk;
	}
	refcount_set(&sk->sk_refcnt, 1);
}
