/* send_sig(), signal_pending() */
#include "kernel/sched/signal.h"
