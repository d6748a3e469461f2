/* SYSCALL_DEFINEn() */
#include "kernel/syscalls.h"
