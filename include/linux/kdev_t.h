/* MKDEV(), MAJOR(), MINOR() */
#include "kernel/fs/fs.h"
