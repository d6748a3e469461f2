/* BIT() */
#include "kernel/lib/types.h"
