/* struct dentry, struct qstr */
#include "kernel/fs/fs.h"
