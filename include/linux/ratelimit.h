/* __ratelimit() */
#include "kernel/lib/printk.h"
