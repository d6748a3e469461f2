/* ktime_t; there are no timers of the kernel's own */
#include <linux/ktime.h>
