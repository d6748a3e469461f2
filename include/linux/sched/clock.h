/* local_clock() */
#include "kernel/printk/printk.h"
