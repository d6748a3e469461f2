/* __set_bit(), test_bit(), BIT() */
#include "kernel/lib/bitmap.h"
