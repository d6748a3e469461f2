/* pages, areas, mm_struct */
#include "kernel/mm/mm.h"
