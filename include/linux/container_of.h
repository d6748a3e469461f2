/* container_of() */
#include "kernel/lib/types.h"
