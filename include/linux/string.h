/* memory and strings */
#include "kernel/lib/string.h"
#include "kernel/mm/slab.h"
