/* BUG_ON(), WARN_ON() */
#include "kernel/lib/bug.h"
