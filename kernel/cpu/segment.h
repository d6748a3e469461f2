/*
 * Selectors and model-specific registers. Linux: arch/x86/include/asm/segment.h, msr-index.h
 *
 * The order is the CPU's, not ours: SYSCALL takes SS = CS + 8; SYSRET takes SS = base + 8 and
 * CS = base + 16, so user data lies before user code. Intel SDM vol. 3 §5.8.8.
 * Numbers only: nasm reads them too, through asm-offsets.
 */
#ifndef KERNEL_CPU_SEGMENT_H
#define KERNEL_CPU_SEGMENT_H

#define __KERNEL32_CS 0x08
#define __KERNEL_CS 0x10
#define __KERNEL_DS 0x18
#define __USER32_CS 0x23 /* a base for SYSRET; RPL 3, because AMD does not add it to SS */
#define __USER_DS 0x2b
#define __USER_CS 0x33
#define GDT_TSS_SELECTOR 0x40 /* 16 bytes: two slots */
#define GDT_ENTRIES 16

/* Interrupt stacks: used whatever RSP was, even between SYSCALL and the first good stack. */
#define IST_DF 1
#define IST_NMI 2
#define IST_DB 3
#define IST_MC 4
#define IST_COUNT 4
#define IST_SIZE 8192

#define MSR_EFER 0xc0000080
#define MSR_STAR 0xc0000081
#define MSR_LSTAR 0xc0000082
#define MSR_CSTAR 0xc0000083
#define MSR_SYSCALL_MASK 0xc0000084
#define MSR_FS_BASE 0xc0000100
#define MSR_GS_BASE 0xc0000101
#define MSR_KERNEL_GS_BASE 0xc0000102

#define EFER_SCE 0x001
#define EFER_LME 0x100
#define EFER_LMA 0x400
#define EFER_NX 0x800

/* Flags SYSCALL clears: CF PF AF ZF SF TF IF DF OF IOPL NT RF AC ID */
#define SYSCALL_FLAGS_MASK 0x257fd5

#define CR0_MP 0x2
#define CR0_EM 0x4
#define CR0_TS 0x8
#define CR0_NE 0x20
#define CR0_WP 0x10000
#define CR0_PG 0x80000000
#define CR4_PAE 0x20
#define CR4_PGE 0x80
#define CR4_OSFXSR 0x200
#define CR4_OSXMMEXCPT 0x400
#define CR4_UMIP 0x800
#define CR4_SMEP 0x100000
#define CR4_SMAP 0x200000

#endif
