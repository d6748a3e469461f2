/* error numbers */
#include "kernel/lib/lib.h"
