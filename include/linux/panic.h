/* panic() */
#include "kernel/lib/bug.h"
