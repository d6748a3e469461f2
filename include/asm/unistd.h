/*
 * The numbers of the system calls.
 */
#ifndef INCLUDE_ASM_UNISTD_H
#define INCLUDE_ASM_UNISTD_H

#include "generated/unistd.h"

#define __NR_syscalls NR_syscalls

#endif
