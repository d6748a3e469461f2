/* MSR_* */
#include "kernel/cpu/segment.h"
