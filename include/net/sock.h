/* struct sock, struct proto */
#include "net/core/sock.h"
#include "kernel/fs/fs.h"
