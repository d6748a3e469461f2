/* NULL, offsetof() */
#include "kernel/lib/types.h"
