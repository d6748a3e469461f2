/* refcount_t */
#include "kernel/lib/atomic.h"
