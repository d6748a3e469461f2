/* preempt_disable(), in_interrupt() */
#include "kernel/lib/preempt.h"
