/* printk(), pr_info() ... */
#include "kernel/lib/printk.h"
