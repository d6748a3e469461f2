/* printk(), pr_info() ... */
#include "kernel/printk/printk.h"
