/* jiffies, HZ */
#include "kernel/cpu/cpu.h"
