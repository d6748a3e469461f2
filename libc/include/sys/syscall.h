/* sys/syscall.h - numbers for syscall(), made from kernel/syscall_64.tbl */
#ifndef _SYS_SYSCALL_H
#define _SYS_SYSCALL_H

#include <generated/unistd.h>

#endif
