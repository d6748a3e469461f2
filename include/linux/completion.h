/* struct completion */
#include "kernel/sched/sched.h"
