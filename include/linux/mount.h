/* struct vfsmount */
#include "kernel/fs/fs.h"
