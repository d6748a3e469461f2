/* struct path */
#include "kernel/fs/fs.h"
