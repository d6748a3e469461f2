/* ktime_get() ... */
#include <linux/ktime.h>
