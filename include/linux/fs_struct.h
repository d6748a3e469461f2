/* struct fs_struct */
#include "kernel/fs/fs.h"
