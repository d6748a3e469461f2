/* local_irq_save() */
#include "kernel/lib/irqflags.h"
