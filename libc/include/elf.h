/* elf.h - ELF structures and the auxiliary vector */
#ifndef _ELF_H
#define _ELF_H

#include <uapi/elf.h>

#endif
