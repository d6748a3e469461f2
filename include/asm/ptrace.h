/* struct pt_regs */
#include "kernel/cpu/ptregs.h"
