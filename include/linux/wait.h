/* wait queues */
#include "kernel/sched/sched.h"
