/* module_param() */
#include "kernel/module/moduleparam.h"
