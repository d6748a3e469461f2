/* local_clock() */
#include "kernel/lib/printk.h"
