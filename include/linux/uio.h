/* struct iov_iter */
#include "kernel/fs/uio.h"
