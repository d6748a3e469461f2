/*
 * Sections that Linux throws away after use. Here a module keeps them.
 */
#ifndef INCLUDE_LINUX_INIT_H
#define INCLUDE_LINUX_INIT_H

#include "kernel/lib/init.h"

#define __init
#define __exit
#define __initdata
#define __initconst
#define __exitdata

#endif
