/* NSEC_PER_SEC ... */
#include <linux/ktime.h>
