/* kmalloc(), kmem_cache */
#include "kernel/mm/slab.h"
