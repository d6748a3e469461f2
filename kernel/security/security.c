/*
 * The Linux Security Module framework. Linux: security/security.c
 *
 * A function security_X() is called before something that a policy may forbid. It asks each module
 * that has registered for the hook X. The modules see the objects; this file only knows where each
 * object keeps the memory for the modules' labels, its blob.
 */
#include "kernel/fs/fs.h"
#include "kernel/mm/mm.h"
#include "kernel/sched/sched.h"
#include "kernel/security/lsm.h"
#include "kernel/security/security.h"

struct security_hook_heads security_hook_heads;

/* Bytes of each kind of blob, of all modules together. */
static struct lsm_blob_sizes blob_sizes;

/* Ask the modules in the order of their registration. The first non-zero answer is the verdict. */
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
 * One module's part of a blob. On entry *@need is the size that the module wants. On return it is
 * the offset of its part, which follows the *@total bytes of the modules before it.
 */
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

/*
 * Store a zeroed blob of @size bytes in *@blob, or NULL when @size is 0. Returns 0 or -ENOMEM.
 * This and lsm_blob_free() are inline because socket() and close() pass them four times in all:
 * out of line they cost 48 instructions more.
 */
static inline int lsm_blob_alloc(void **blob, int size, gfp_t gfp)
{
	*blob = NULL;
	if (!size)
		return 0;
	*blob = kzalloc(size, gfp);
	return *blob ? 0 : -ENOMEM;
}

static inline void lsm_blob_free(void **blob)
{
	if (!*blob)
		return;
	kfree(*blob);
	*blob = NULL;
}

/* The first task has its credentials before there are modules, so their blob is allocated here. */
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

/* When the blob could not be allocated, the modules have never seen these credentials. */
void security_cred_free(struct cred *cred)
{
	if (!cred->security)
		return;
	call_void_hook(cred_free, cred);
	lsm_blob_free(&cred->security);
}

int security_inode_alloc(struct inode *inode)
{
	int rc = lsm_blob_alloc(&inode->i_security, blob_sizes.lbs_inode, GFP_KERNEL);

	if (rc)
		return rc;
	rc = call_int_hook(inode_alloc_security, inode);
	if (rc)
		security_inode_free(inode);
	return rc;
}

void security_inode_free(struct inode *inode)
{
	call_void_hook(inode_free_security, inode);
	lsm_blob_free(&inode->i_security);
}

int security_file_alloc(struct file *file)
{
	int rc = lsm_blob_alloc(&file->f_security, blob_sizes.lbs_file, GFP_KERNEL);

	if (rc)
		return rc;
	rc = call_int_hook(file_alloc_security, file);
	if (rc)
		security_file_free(file);
	return rc;
}

void security_file_free(struct file *file)
{
	call_void_hook(file_free_security, file);
	lsm_blob_free(&file->f_security);
}

int security_sk_blob_size(void)
{
	return blob_sizes.lbs_sock;
}

int security_sk_alloc(struct sock *sk, int family, gfp_t gfp)
{
	int rc = call_int_hook(sk_alloc_security, sk, family, gfp);

	if (rc)
		security_sk_free(sk);
	return rc;
}

void security_sk_free(struct sock *sk)
{
	call_void_hook(sk_free_security, sk);
}

int security_socket_create(int family, int type, int protocol, int kern)
{
	return call_int_hook(socket_create, family, type, protocol, kern);
}

int security_socket_post_create(struct socket *sock, int family, int type, int protocol, int kern)
{
	return call_int_hook(socket_post_create, sock, family, type, protocol, kern);
}
