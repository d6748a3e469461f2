/*
 * Public interface of kernel/security: the Linux Security Module framework.
 * Linux: include/linux/lsm_hooks.h, lsm_hook_defs.h, security/security.c
 *
 * Every layer may include this header, because it only names the objects and never uses their
 * fields. The .c files may include the headers of all layers: a module knows the objects it labels.
 *
 * The functions registered for one hook are called in the order in which their modules registered.
 * The first non-zero answer is the verdict. A module can only forbid; it cannot allow what another
 * check forbids. Each object that modules may label has one blob of memory, whose size is the sum
 * of what all modules asked for. It is allocated before the hook is called and freed after it.
 */
#ifndef KERNEL_SECURITY_SECURITY_H
#define KERNEL_SECURITY_SECURITY_H

#include "kernel/lib/lib.h"

struct cred;
struct file;
struct inode;
struct sock;
struct socket;

/* One member for each hook, with Linux's name. A module fills in the hooks that it has. */
union security_list_options {
	int (*capable)(const struct cred *cred, int cap);
	int (*task_fix_setuid)(struct cred *new, const struct cred *old);
	int (*bprm_creds_for_exec)(struct cred *new, struct file *file);
	int (*cred_prepare)(struct cred *new, const struct cred *old);
	void (*cred_free)(struct cred *cred);
	int (*inode_alloc_security)(struct inode *inode);
	void (*inode_free_security)(struct inode *inode);
	int (*file_alloc_security)(struct file *file);
	void (*file_free_security)(struct file *file);
	int (*sk_alloc_security)(struct sock *sk, int family, gfp_t gfp);
	void (*sk_free_security)(struct sock *sk);
	int (*socket_create)(int family, int type, int protocol, int kern);
	int (*socket_post_create)(struct socket *sock, int family, int type, int protocol,
				  int kern);
};

struct security_hook_list {
	struct list_head list;
	struct list_head *head; /* one of security_hook_heads */
	union security_list_options hook;
	const char *lsm;
};

struct security_hook_heads {
	struct list_head capable, task_fix_setuid, bprm_creds_for_exec, cred_prepare, cred_free;
	struct list_head inode_alloc_security, inode_free_security;
	struct list_head file_alloc_security, file_free_security;
	struct list_head sk_alloc_security, sk_free_security;
	struct list_head socket_create, socket_post_create;
};
extern struct security_hook_heads security_hook_heads;

#define LSM_HOOK_INIT(name, fn) { .head = &security_hook_heads.name, .hook.name = (fn) }

/*
 * Before security_add_hooks(): how many bytes a module wants in each kind of blob. After it: the
 * offset of the module's part in the blob.
 */
struct lsm_blob_sizes {
	int lbs_cred, lbs_file, lbs_inode, lbs_sock;
};

/* Register @count hooks of the module @lsm, at boot. @blobs may be NULL. */
void security_add_hooks(struct security_hook_list *hooks, int count, const char *lsm,
			struct lsm_blob_sizes *blobs);

/* Unregister them. Only for tests; on Linux a module stays registered. */
void security_delete_hooks(struct security_hook_list *hooks, int count);

void security_init(void); /* empty hook lists, then the modules capability and apparmor */

/* 0 when @cred has @cap, else -EPERM. */
int security_capable(const struct cred *cred, int cap);
int security_task_fix_setuid(struct cred *new, const struct cred *old);
/* Credentials for the program in @file, about to run. 0 or a module's errno. */
int security_bprm_creds_for_exec(struct cred *new, struct file *file);
/* Allocate new->security and let modules copy their label. -ENOMEM or a module's errno. */
int security_prepare_creds(struct cred *new, const struct cred *old, gfp_t gfp);
void security_cred_free(struct cred *cred);

/* Each *_alloc() allocates the blob, then calls the hook; on failure it frees the blob again. */
int security_inode_alloc(struct inode *inode);
void security_inode_free(struct inode *inode);
int security_file_alloc(struct file *file);
void security_file_free(struct file *file);

/*
 * The blob of a sock lies behind the sock in the same slab object and is zeroed together with it.
 * This saves one allocation for each socket. proto_register() asks for the size of this blob.
 */
int security_sk_blob_size(void);
int security_sk_alloc(struct sock *sk, int family, gfp_t gfp);
void security_sk_free(struct sock *sk);

/* @kern: 1 when the kernel itself wants the socket. 0, or the errno of the module that refuses. */
int security_socket_create(int family, int type, int protocol, int kern);
int security_socket_post_create(struct socket *sock, int family, int type, int protocol, int kern);

/*
 * Load the apparmor profiles in the NUL-terminated @text; they replace the ones that were there.
 * @name: of the file, for messages. Returns the number of profiles, or -EINVAL after a message that
 * names the line; then nothing has changed.
 */
int aa_load_policy(const char *name, const char *text);

#endif
