/* __KERNEL_CS ... */
#include "kernel/cpu/segment.h"
