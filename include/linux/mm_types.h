/* struct mm_struct, vm_area_struct */
#include "kernel/mm/mm.h"
