/* send_sig(), signal_pending() */
#include "kernel/sched/sched.h"
