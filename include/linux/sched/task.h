/* struct task_struct, init_task */
#include "kernel/sched/sched.h"
