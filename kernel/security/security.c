/*
 * The Linux Security Module framework: the lists of hooks, the walk over them, the objects' blobs.
 * Stands on kernel/mm; knows of each object only where its blob hangs. Called by whoever is about
 * to do what a policy may forbid. Linux: security/security.c
 */
#include "kernel/fs/fs.h"
#include "kernel/mm/mm.h"
#include "kernel/sched/sched.h"
#include "kernel/security/lsm.h"
#include "kernel/security/security.h"

struct security_hook_heads security_hook_heads;

/* Bytes of each kind of blob, of all modules together. */
static struct lsm_blob_sizes blob_sizes;

/* Ask the modules in the order of their registration; the first that is not content decides. */
#define call_int_hook(func, ...)                                                        \
	({                                                                              \
		struct security_hook_list *hook_p;                                      \
		int hook_rc = 0;                                                        \
		list_for_each_entry(hook_p, &security_hook_heads.func, list) {          \
			hook_rc = hook_p->hook.func(__VA_ARGS__);                       \
			if (hook_rc)                                                    \
				break;                                                  \
		}                                                                       \
		hook_rc;                                                                \
	})

#define call_void_hook(func, ...)                                                       \
	do {                                                                            \
		struct security_hook_list *hook_p;                                      \
		list_for_each_entry(hook_p, &security_hook_heads.func, list)            \
			hook_p->hook.func(__VA_ARGS__);                                 \
	} while (0)

/*
 * The hooks every socket(2) meets are called by a short function that handles the usual case, in
 * which one module or none wants them: then no argument need be kept for the next module.
 */
#define no_hook(func) list_empty(&security_hook_heads.func)
#define first_hook(func) \
	list_first_entry(&security_hook_heads.func, struct security_hook_list, list)
#define only_one_hook(func) (first_hook(func)->list.next == &security_hook_heads.func)

/* Turn the size a module @need s into its offset behind the @total of those before it. */
static void lsm_set_blob_size(int *need, int *total)
{
	int offset = *total;

	*total += ALIGN(*need, 8);
	*need = offset;
}

void security_add_hooks(struct security_hook_list *hooks, int count, const char *lsm,
			struct lsm_blob_sizes *blobs)
{
	for (int i = 0; i < count; i++) {
		hooks[i].lsm = lsm;
		list_add_tail(&hooks[i].list, hooks[i].head);
	}
	if (blobs) {
		lsm_set_blob_size(&blobs->lbs_cred, &blob_sizes.lbs_cred);
		lsm_set_blob_size(&blobs->lbs_file, &blob_sizes.lbs_file);
		lsm_set_blob_size(&blobs->lbs_inode, &blob_sizes.lbs_inode);
		lsm_set_blob_size(&blobs->lbs_sock, &blob_sizes.lbs_sock);
	}
}

void security_delete_hooks(struct security_hook_list *hooks, int count)
{
	for (int i = 0; i < count; i++)
		list_del(&hooks[i].list);
}

/* A zeroed blob of @size bytes in *@blob; NULL when no module wants one. 0 or -ENOMEM. */
static inline int lsm_blob_alloc(void **blob, int size, gfp_t gfp)
{
	*blob = NULL;
	if (likely(!size))
		return 0;
	*blob = kzalloc(size, gfp);
	return *blob ? 0 : -ENOMEM;
}

static inline void lsm_blob_free(void **blob)
{
	if (likely(!*blob))
		return;
	kfree(*blob);
	*blob = NULL;
}

/* The credentials of the first task are older than the modules: their blob is made here. */
void security_init(void)
{
	struct list_head *heads = (struct list_head *)&security_hook_heads;

	for (unsigned int i = 0; i < sizeof(security_hook_heads) / sizeof(*heads); i++)
		INIT_LIST_HEAD(&heads[i]);

	capability_init();
	apparmor_init();

	if (lsm_blob_alloc(&init_cred.security, blob_sizes.lbs_cred, GFP_KERNEL))
		panic("security_init: no memory for the first credentials");
}

int security_capable(const struct cred *cred, int cap)
{
	return call_int_hook(capable, cred, cap);
}

int security_task_fix_setuid(struct cred *new, const struct cred *old)
{
	return call_int_hook(task_fix_setuid, new, old);
}

int security_bprm_creds_for_exec(struct cred *new, struct file *file)
{
	return call_int_hook(bprm_creds_for_exec, new, file);
}

int security_prepare_creds(struct cred *new, const struct cred *old, gfp_t gfp)
{
	int rc = lsm_blob_alloc(&new->security, blob_sizes.lbs_cred, gfp);

	if (rc)
		return rc;
	rc = call_int_hook(cred_prepare, new, old);
	if (rc)
		security_cred_free(new);
	return rc;
}

/* Credentials whose blob could not be allocated come here too, and mean nothing to the modules. */
void security_cred_free(struct cred *cred)
{
	if (!cred->security)
		return;
	call_void_hook(cred_free, cred);
	lsm_blob_free(&cred->security);
}

static int lsm_inode_alloc(struct inode *inode)
{
	int rc = lsm_blob_alloc(&inode->i_security, blob_sizes.lbs_inode, GFP_KERNEL);

	if (rc)
		return rc;
	rc = call_int_hook(inode_alloc_security, inode);
	if (rc)
		security_inode_free(inode);
	return rc;
}

int security_inode_alloc(struct inode *inode)
{
	inode->i_security = NULL;
	if (likely(!blob_sizes.lbs_inode && no_hook(inode_alloc_security)))
		return 0;
	return lsm_inode_alloc(inode);
}

static void lsm_inode_free(struct inode *inode)
{
	call_void_hook(inode_free_security, inode);
	lsm_blob_free(&inode->i_security);
}

void security_inode_free(struct inode *inode)
{
	if (unlikely(blob_sizes.lbs_inode || !no_hook(inode_free_security)))
		lsm_inode_free(inode);
}

static int lsm_file_alloc(struct file *file)
{
	int rc = lsm_blob_alloc(&file->f_security, blob_sizes.lbs_file, GFP_KERNEL);

	if (rc)
		return rc;
	rc = call_int_hook(file_alloc_security, file);
	if (rc)
		security_file_free(file);
	return rc;
}

int security_file_alloc(struct file *file)
{
	file->f_security = NULL;
	if (likely(!blob_sizes.lbs_file && no_hook(file_alloc_security)))
		return 0;
	return lsm_file_alloc(file);
}

static void lsm_file_free(struct file *file)
{
	call_void_hook(file_free_security, file);
	lsm_blob_free(&file->f_security);
}

void security_file_free(struct file *file)
{
	if (unlikely(blob_sizes.lbs_file || !no_hook(file_free_security)))
		lsm_file_free(file);
}

int security_sk_blob_size(void)
{
	return blob_sizes.lbs_sock;
}

static int sk_alloc_each(struct sock *sk, int family, gfp_t gfp)
{
	int rc = call_int_hook(sk_alloc_security, sk, family, gfp);

	if (rc)
		security_sk_free(sk);
	return rc;
}

int security_sk_alloc(struct sock *sk, int family, gfp_t gfp)
{
	if (likely(no_hook(sk_alloc_security)))
		return 0;
	return sk_alloc_each(sk, family, gfp);
}

static void sk_free_each(struct sock *sk)
{
	call_void_hook(sk_free_security, sk);
}

void security_sk_free(struct sock *sk)
{
	if (likely(only_one_hook(sk_free_security)))
		first_hook(sk_free_security)->hook.sk_free_security(sk);
	else
		sk_free_each(sk);
}

static int socket_create_each(int family, int type, int protocol, int kern)
{
	return call_int_hook(socket_create, family, type, protocol, kern);
}

int security_socket_create(int family, int type, int protocol, int kern)
{
	if (likely(only_one_hook(socket_create)))
		return first_hook(socket_create)->hook.socket_create(family, type, protocol, kern);
	return socket_create_each(family, type, protocol, kern);
}

static int post_create_each(struct socket *sock, int family, int type, int protocol, int kern)
{
	return call_int_hook(socket_post_create, sock, family, type, protocol, kern);
}

int security_socket_post_create(struct socket *sock, int family, int type, int protocol, int kern)
{
	if (likely(only_one_hook(socket_post_create)))
		return first_hook(socket_post_create)->hook.socket_post_create(sock, family, type,
									       protocol, kern);
	return post_create_each(sock, family, type, protocol, kern);
}
