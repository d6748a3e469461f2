/* struct pt_regs */
#include "kernel/cpu/ptregs.h"
#include "kernel/sched/sched.h"
