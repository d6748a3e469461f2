/*
 * Private to kernel/security: the modules, in the order in which they are registered.
 * Linux: DEFINE_LSM()
 */
#ifndef KERNEL_SECURITY_LSM_H
#define KERNEL_SECURITY_LSM_H

void capability_init(void); /* commoncap.c */
void apparmor_init(void);   /* apparmor/lsm.c */

#endif
