/*
 * Model-specific registers.
 */
#ifndef INCLUDE_ASM_MSR_H
#define INCLUDE_ASM_MSR_H

#include "kernel/cpu/io.h"
#include "kernel/cpu/segment.h"

#define rdmsrl(msr, value) ((void)((value) = rdmsr(msr)))

#endif
