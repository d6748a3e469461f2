/* struct completion */
#include "kernel/sched/wait.h"
