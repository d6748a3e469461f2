/* EXPORT_SYMBOL() */
#include "kernel/lib/export.h"
