/* capable() */
#include "kernel/sched/cred.h"
