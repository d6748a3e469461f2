/* __ratelimit() */
#include "kernel/printk/printk.h"
