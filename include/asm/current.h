/* current */
#include "kernel/cpu/percpu.h"
