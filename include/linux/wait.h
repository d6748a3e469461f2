/* wait queues */
#include "kernel/sched/wait.h"
