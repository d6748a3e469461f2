/* bitmaps */
#include "kernel/lib/bitmap.h"
