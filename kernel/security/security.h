/*
 * kernel/security: the Linux Security Module framework. Hook lists, and the modules on them.
 * Linux: include/linux/lsm_hooks.h, lsm_hook_defs.h, security/security.c
 *
 * This header stands on the ground floor (it names objects, never looks inside), so that everybody
 * may call a hook. The .c files stand at the top: a module knows the objects it labels.
 *
 * Hooks of one kind are called in the order their modules registered; the first non-zero answer is
 * the verdict. Modules can only forbid. Each object that a module may label carries one blob, as
 * large as all modules together asked for, allocated before the hook and freed after it.
 */
#ifndef KERNEL_SECURITY_SECURITY_H
#define KERNEL_SECURITY_SECURITY_H

#include "kernel/lib/lib.h"

struct cred;
struct file;
struct inode;
struct sock;
struct socket;

/* The hooks: one member for each, named as on Linux. A module fills in those it has. */
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

/* In: bytes a module wants in each kind of blob. Out: its offset. Linux: struct lsm_blob_sizes */
struct lsm_blob_sizes {
	int lbs_cred, lbs_file, lbs_inode, lbs_sock;
};

/* Append @count hooks of module @lsm; @blobs may be NULL. At boot. */
void security_add_hooks(struct security_hook_list *hooks, int count, const char *lsm,
			struct lsm_blob_sizes *blobs);

/* Take them off again: for tests only, Linux's modules stay. */
void security_delete_hooks(struct security_hook_list *hooks, int count);

void security_init(void);            /* empty hook lists, then capability and apparmor */

/* 0 when @cred has @cap, else -EPERM. */
int security_capable(const struct cred *cred, int cap);
int security_task_fix_setuid(struct cred *new, const struct cred *old);
/* Credentials for the program in @file, about to run. 0 or a module's errno. */
int security_bprm_creds_for_exec(struct cred *new, struct file *file);
/* Allocate new->security and let modules copy their label. -ENOMEM or a module's errno. */
int security_prepare_creds(struct cred *new, const struct cred *old, gfp_t gfp);
void security_cred_free(struct cred *cred);

/* Each allocates the blob, then asks; on failure the blob is gone again. */
int security_inode_alloc(struct inode *inode);
void security_inode_free(struct inode *inode);
int security_file_alloc(struct file *file);
void security_file_free(struct file *file);

/*
 * A sock's blob lies behind the sock in the same slab object and is zeroed with it, which saves
 * each socket an allocation: who makes the cache of socks asks for the size.
 */
int security_sk_blob_size(void);
int security_sk_alloc(struct sock *sk, int family, gfp_t gfp);
void security_sk_free(struct sock *sk);

/* @kern: the kernel itself wants the socket. 0 or the first module's refusal. */
int security_socket_create(int family, int type, int protocol, int kern);
int security_socket_post_create(struct socket *sock, int family, int type, int protocol, int kern);

/*
 * apparmor: load the profiles in the NUL-terminated @text (of @name, for messages), replacing what
 * was there. Returns the number of profiles, or -EINVAL with a message that names the line; then
 * nothing changes.
 */
int aa_load_policy(const char *name, const char *text);

#endif
