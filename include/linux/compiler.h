/*
 * What we tell the compiler.
 */
#ifndef INCLUDE_LINUX_COMPILER_H
#define INCLUDE_LINUX_COMPILER_H

#include "kernel/lib/types.h"

#define __always_unused __attribute__((unused))
#define __must_check __attribute__((warn_unused_result))
#define __force
#define __rcu
#define __read_mostly
#define __visible __attribute__((externally_visible))
#define fallthrough __attribute__((fallthrough))

#endif
