/* struct rethook_node */
#include "kernel/kprobes/kprobes.h"
