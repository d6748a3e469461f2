/* GFP_* */
#include "kernel/mm/slab.h"
