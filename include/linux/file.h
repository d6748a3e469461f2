/* fget(), fput() */
#include "kernel/fs/fs.h"
