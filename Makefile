# ringwalk: `make run` boots it, `make test` proves it, `make help` lists the rest.
#
# Variables: CROSS_COMPILE (default x86_64-linux-gnu-, or none where plain gcc targets x86-64),
# CC (gcc or clang), NO_INSTALL=1, MEM=8M, TIMEOUT=60, ICOUNT=1, QEMU_EXTRA="...", V=1 (show commands).
# WALK=1, for all, iso, run and exec: the small kernel, without the files that kernel/walk.mk lists.

# O=path: where the kernel is built. M=path (kbuild's word) or DIR=path: a folder of modules, except in
# `make lab`, where DIR is the folder to write.
given = $(if $(filter command line,$(origin $(1))),$($(1):%/=%))
BUILD := $(or $(call given,O),build)
# Where the kernel is linked and its images are made. Both kernels are linked from the same objects.
IMAGE := $(BUILD)$(if $(filter 1,$(call given,WALK)),/walk)
EXTMOD := $(if $(filter lab,$(MAKECMDGOALS)),,$(or $(call given,M),$(call given,DIR)))
.DEFAULT_GOAL := $(if $(EXTMOD),modules,all)

# A file of $(BUILD) as a goal: it is made under the lock, as `all` is, and the goals one after the
# other. Otherwise this make would write the same files as the make that it starts for `all`.
ifneq ($(if $(RINGWALK_LOCKED),,$(filter $(BUILD)/%,$(MAKECMDGOALS))),)
.PHONY: $(MAKECMDGOALS) one-by-one
$(MAKECMDGOALS): one-by-one
	@:
one-by-one:
	+@for goal in $(MAKECMDGOALS); do \
		case $$goal in $(BUILD)/*) lock='tools/locked $(BUILD)';; *) lock=;; esac; \
		$$lock $(MAKE) --no-print-directory $$goal || exit; done
else

.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

Q := $(if $(filter 1,$(V)),,@)
say = @$(if $(filter 1,$(V)),:,printf '  %-7s %s\n' $(1) $(2))
export MEM TIMEOUT ICOUNT DETERMINISTIC QEMU_EXTRA ACCEL APPEND NO_INSTALL QEMU

# --- tools ------------------------------------------------------------------------------------

ifeq ($(origin CROSS_COMPILE),undefined)
CROSS_COMPILE := $(shell tools/setup prefix)
endif
ifeq ($(origin CC),default)
CC := $(CROSS_COMPILE)gcc
endif
LD := $(CROSS_COMPILE)ld
AR := $(CROSS_COMPILE)ar
NM := $(CROSS_COMPILE)nm
OBJCOPY := $(CROSS_COMPILE)objcopy
OBJDUMP := $(CROSS_COMPILE)objdump
NASM := nasm
PYTHON := python3
IS_CLANG := $(findstring clang,$(shell $(CC) --version 2>/dev/null | head -n 1))
ifneq ($(IS_CLANG),)
override CC += --target=x86_64-linux-gnu
endif
WERROR := $(if $(CI),-Werror)

# --- the kernel -------------------------------------------------------------------------------

# Flags the compiler may not know are asked for one by one.
cc-option = $(shell $(CC) -Werror $(1) -c -x c /dev/null -o /dev/null 2>/dev/null && echo $(1))

KFLAGS := -std=gnu17 -O2 -g -ffreestanding -nostdinc -mcmodel=kernel -fno-pic -fno-pie \
	-mno-red-zone -mgeneral-regs-only -fcf-protection=none -fno-stack-protector \
	-fno-omit-frame-pointer -fno-optimize-sibling-calls -fno-asynchronous-unwind-tables \
	-fno-strict-aliasing -fno-delete-null-pointer-checks -fpatchable-function-entry=1 \
	-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla $(WERROR)
# What the source calls a function stays one: nothing is inlined, cloned or split on a guess.
KFLAGS += $(if $(IS_CLANG),-finline-hint-functions -mstack-alignment=8,\
	-fno-inline-small-functions -fno-inline-functions -fno-inline-functions-called-once \
	-mpreferred-stack-boundary=3)
KFLAGS += $(foreach f,-fno-stack-clash-protection -fno-ipa-sra -fno-ipa-cp \
	-fno-partial-inlining -fno-ipa-icf -fno-reorder-blocks-and-partition,$(call cc-option,$(f)))
KINCLUDE := -isystem $(shell $(CC) -print-file-name=include 2>/dev/null) -I. -Iinclude -I$(BUILD)/gen
KERNEL_CFLAGS = $(KFLAGS) $(KINCLUDE) -MMD -MP

# Another compiler, or other flags: everything is compiled anew.
$(shell [ ! -e $(BUILD)/flags ] || printf '%s\n' '$(CC) $(KFLAGS)' | cmp -s - $(BUILD)/flags || \
	rm $(BUILD)/flags)
$(BUILD)/flags:
	@mkdir -p $(@D)
	@printf '%s\n' '$(CC) $(KFLAGS)' >$@

KERNEL_C := $(filter-out kernel/entry/asm-offsets.c,$(sort $(wildcard \
	boot/*.c kernel/*.c kernel/*/*.c kernel/*/*/*.c net/*.c net/*/*.c)))
KERNEL_ASM := $(sort $(wildcard boot/*.asm kernel/*/*.asm))
include kernel/walk.mk
WALK_SOURCES := $(filter-out $(BEYOND_WALK),$(KERNEL_C) $(KERNEL_ASM))
objects = $(patsubst %,$(BUILD)/%.o,$(patsubst %.c,%,$(1)))
KERNEL_OBJS := $(call objects,$(KERNEL_C) $(KERNEL_ASM))
LINKED_OBJS := $(if $(filter $(BUILD),$(IMAGE)),$(KERNEL_OBJS),$(call objects,$(WALK_SOURCES)))
KTAP_OBJS := $(patsubst %,$(BUILD)/%.o,$(basename $(sort $(wildcard tests/kernel/*.c)))) \
	$(patsubst %,$(BUILD)/%.o,$(sort $(wildcard tests/kernel/*.asm)))
GENERATED := $(addprefix $(BUILD)/gen/generated/,unistd.h syscalls.h names.h) \
	$(BUILD)/gen/asm-offsets.inc

# Two makes in one tree would write the same files. These goals, which the others make first, take a
# lock and are then made by a second make, all of them at once. Modules need no lock when the kernel's
# list of symbols is up to date.
LOCKED_GOALS := all iso shell-image ktap symvers
.PHONY: $(LOCKED_GOALS) locked
all: ## build the kernel and the initramfs
iso: ## make the GRUB boot image, build/ringwalk.iso
ifdef RINGWALK_LOCKED
all: $(IMAGE)/kernel.elf $(IMAGE)/initramfs.cpio
shell-image: $(IMAGE)/kernel.elf $(IMAGE)/shell.cpio
iso: $(IMAGE)/ringwalk.iso
ktap: $(BUILD)/ktap/kernel.elf
symvers: $(BUILD)/Module.symvers $(BUILD)/gen/headers
$(LOCKED_GOALS):
	@:
else
$(LOCKED_GOALS): locked
	@:
locked:
	+@$(if $(EXTMOD),RINGWALK_LOCKED=1 $(MAKE) --no-print-directory -q M= DIR= $(BUILD)/Module.symvers \
		$(BUILD)/gen/headers || )\
		tools/locked $(BUILD) $(MAKE) --no-print-directory $(if $(EXTMOD),M= DIR= symvers,$(or \
		$(filter $(LOCKED_GOALS),$(MAKECMDGOALS)),all))
endif

$(KERNEL_OBJS) $(KTAP_OBJS): Makefile $(BUILD)/flags | $(GENERATED)

$(BUILD)/%.o: %.c
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(KERNEL_CFLAGS) -c -o $@ $<

# nasm leaves the labels of its macros in the symbol table, where gdb would take them for functions.
$(BUILD)/%.asm.o: %.asm $(BUILD)/gen/asm-offsets.inc $(wildcard kernel/cpu/*.inc)
	$(call say,NASM,$<)
	@mkdir -p $(@D)
	$(Q)$(NASM) -f elf64 -g -F dwarf -I$(BUILD)/gen/ -Ikernel/cpu/ -o $@ $<
	$(Q)$(OBJCOPY) --wildcard --strip-symbol='..@*' $@

# Constants flow from C to assembly: compile to text, keep the marked lines.
$(BUILD)/gen/asm-offsets.inc: kernel/entry/asm-offsets.c Makefile $(BUILD)/flags
	$(call say,GEN,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(filter-out $(WERROR),$(KERNEL_CFLAGS)) -MF $(BUILD)/gen/asm-offsets.d -MT $@ \
		-S -o $(BUILD)/gen/asm-offsets.s $<
	$(Q)sed -n 's/.*"->\([^ ]*\) \$$*\(-*[0-9]*\)".*/%define \1 \2/p' \
		$(BUILD)/gen/asm-offsets.s >$@

$(BUILD)/gen/generated/unistd.h: SYSCALLTBL = unistd
$(BUILD)/gen/generated/syscalls.h: SYSCALLTBL = table
$(BUILD)/gen/generated/names.h: SYSCALLTBL = names
$(BUILD)/gen/generated/%.h: tools/syscalltbl.py kernel/syscall_64.tbl
	$(call say,GEN,$@)
	@mkdir -p $(@D)
	$(Q)$(PYTHON) tools/syscalltbl.py $(SYSCALLTBL) kernel/syscall_64.tbl >$@

$(BUILD)/linker.ld: linker.ld kernel/cpu/segment.h kernel/mm/memlayout.h
	@mkdir -p $(@D)
	$(Q)$(CC) -E -P -x c -I. -o $@ $<

# Linked twice: the second time with the symbol table made from the first.
LINK = $(LD) -nostdlib -static -z noexecstack -z max-page-size=4096 --no-warn-rwx-segments \
	--build-id=sha1 --fatal-warnings -T $(BUILD)/linker.ld
define link-kernel
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@.1 $(filter %.o,$^)
	$(Q)$(NM) -n -S $@.1 | $(PYTHON) tools/kallsyms.py >$@.kallsyms.s
	$(Q)$(CC) -c -o $@.kallsyms.o $@.kallsyms.s
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $@.kallsyms.o
	$(Q)rm -f $@.1 $@.kallsyms.s $@.kallsyms.o
endef

$(IMAGE)/kernel.elf: $(LINKED_OBJS) $(BUILD)/linker.ld tools/kallsyms.py kernel/walk.mk
	$(link-kernel)

# The same kernel with the tests of tests/kernel/ linked in.
$(BUILD)/ktap/kernel.elf: $(KERNEL_OBJS) $(KTAP_OBJS) $(BUILD)/linker.ld tools/kallsyms.py
	$(link-kernel)

-include $(KERNEL_OBJS:.o=.d) $(KTAP_OBJS:.o=.d) $(BUILD)/gen/asm-offsets.d

# --- modules ----------------------------------------------------------------------------------

# A module is compiled as the kernel is, with Linux's choice of warnings.
KBUILD_CFLAGS = $(filter-out -Wextra -Wshadow -Wmissing-prototypes,$(KFLAGS)) \
	-Werror=implicit-function-declaration -Werror=implicit-int -Werror=return-type \
	-Werror=strict-prototypes $(KINCLUDE)
# The flags go by the environment, as kbuild's do: a module's Makefile may then change them.
MODULES_MAKE = KBUILD_CFLAGS='$(KBUILD_CFLAGS)' $(MAKE) --no-print-directory -f tools/modules.mk \
	CC='$(CC)' LD='$(LD)' NM='$(NM)' OBJCOPY='$(OBJCOPY)' OBJDUMP='$(OBJDUMP)' \
	SYMVERS=$(BUILD)/Module.symvers V=$(V)

# What modules may use, a name a line.
$(BUILD)/Module.symvers: $(KERNEL_OBJS)
	$(call say,NM,$@)
	$(Q)$(NM) $^ | sed -n 's/.* __ksymtab_//p' | LC_ALL=C sort -u >$@

# The headers of include/headers.map, which modules include and the kernel does not.
$(BUILD)/gen/headers: tools/headers.py include/headers.map
	$(call say,GEN,$@)
	$(Q)$(PYTHON) tools/headers.py include/headers.map $(@D)
	$(Q)touch $@

# The evidence is built with the kernel. Its rules are in the other makefile, so that one is asked
# each time; a file it leaves alone makes nothing here older.
EVIDENCE := $(patsubst %.o,$(BUILD)/evidence/%.ko,\
	$(shell sed -n 's/^obj-m *+= *//p' tests/evidence/Makefile))
.PHONY: evidence
evidence: $(BUILD)/Module.symvers $(BUILD)/gen/headers
	+$(Q)$(MODULES_MAKE) src=tests/evidence obj=$(BUILD)/evidence __modules
$(EVIDENCE): evidence
	@:

# The module of user/strace.
STRACE_KO := $(BUILD)/strace/strace.ko
.PHONY: strace-module
strace-module: $(BUILD)/Module.symvers $(BUILD)/gen/headers $(GENERATED)
	+$(Q)$(MODULES_MAKE) src=user/strace/module obj=$(BUILD)/strace __modules
$(STRACE_KO): strace-module
	@:

# --- ring 3, and the image --------------------------------------------------------------------

include libc/libc.mk
include user/user.mk
include iso/iso.mk
include tools/gdb.mk
include tools/page.mk
-include tools/labs.mk

$(LIBC_C_OBJS) $(USER_OBJS): $(BUILD)/flags

INITRAMFS_FILES := $(sort $(shell cd iso/initramfs && find . -type f))

# --reproducible and equal dates: the same inputs give the same archive.
$(IMAGE)/initramfs.cpio: $(USER_PROGS) $(EVIDENCE) $(STRACE_KO) $(LOCATIONS) $(addprefix iso/initramfs/,$(INITRAMFS_FILES)) \
		Makefile
	$(call say,CPIO,$@)
	$(Q)rm -rf $(IMAGE)/initramfs
	$(Q)mkdir -p $(addprefix $(IMAGE)/initramfs/,bin lib/modules lib/qed root tmp)
	$(Q)chmod 1777 $(IMAGE)/initramfs/tmp
	$(Q)cp -R iso/initramfs/. $(IMAGE)/initramfs/
	$(Q)$(OBJCOPY) --strip-debug $(BUILD)/user/init $(IMAGE)/initramfs/init
	$(Q)for program in $(filter-out %/init,$(USER_PROGS)); do $(OBJCOPY) --strip-debug $$program \
		$(IMAGE)/initramfs/bin/$${program##*/} || exit; done
	$(Q)cp $(LOCATIONS) $(IMAGE)/initramfs/lib/qed/locations
	$(Q)for ko in $(EVIDENCE) $(STRACE_KO); do $(OBJCOPY) --strip-debug $$ko \
		$(IMAGE)/initramfs/lib/modules/$${ko##*/} || exit; done
	$(Q)find $(IMAGE)/initramfs -exec touch -h -d @1577836800 {} +
	$(Q)cd $(IMAGE)/initramfs && find . | LC_ALL=C sort | \
		cpio --quiet -o -H newc --reproducible -R 0:0 >../initramfs.cpio.tmp
	$(Q)mv $@.tmp $@

# --- what one does with it --------------------------------------------------------------------

.PHONY: run shell exec bench bench-linux size test grade modules fresh doctor help clean setup-run setup-test record evidence-on-linux

setup-run:
	$(Q)tools/setup run

setup-test:
	$(Q)tools/setup test

# The tools may have been installed a moment ago: a fresh make finds them.
run: setup-run ## build the ISO and boot it; this terminal is the console, Ctrl-A X leaves: WALK=1
	$(Q)$(MAKE) --no-print-directory $$(tools/setup run-image)
	$(Q)tools/qemu run --build=$(IMAGE)

shell: setup-run ## boot to busybox's shell, without the proof; this terminal is the console
	$(Q)[ -s $(BUILD)/busybox ] || rm -f $(BUILD)/busybox
	$(Q)$(MAKE) --no-print-directory shell-image
	$(Q)[ -s $(BUILD)/busybox ] || { echo "make shell: there is no busybox to run, see above" >&2; exit 1; }
	$(Q)tools/qemu shell --build=$(IMAGE)

exec: setup-run ## run one static Linux program: PROG=path ARGS="..."
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tools/exec --kernel=$(IMAGE)/kernel.elf --initramfs=$(IMAGE)/initramfs.cpio $(if $(V),-v) \
		$(if $(PROG),"$(PROG)") $(ARGS)

bench: setup-test ## count the instructions calls and boot cost, beside Linux's
	$(Q)$(MAKE) --no-print-directory all ktap
	$(Q)tools/bench

bench-linux: setup-test ## count the same on Debian's Linux, as tools/bench holds it (needs the network)
	$(Q)tools/bench --linux

# The lists of sources are words for tools/size, so that it need not know what make knows.
SIZE = tools/size $(1) "$(KERNEL_C) $(KERNEL_ASM)" "$(WALK_SOURCES)"
size: ## count the lines of code by folder, of the whole kernel and of that of WALK=1
	$(Q)$(call SIZE,$(if $(PLAIN),--plain))

test: setup-test ## run all tests, or those named T="name ..."
	$(Q)$(MAKE) --no-print-directory $$(tools/setup run-image) ktap
	$(Q)PYTHONDONTWRITEBYTECODE=1 tests/run $(T)

grade: setup-test ## judge this kernel by a lab's tests: T="name ..." names some, JSON=1 for machines
	$(if $(wildcard .lab),,$(Q)$(MAKE) --no-print-directory all)
	$(Q)tools/grade $(if $(LAB),--lab=$(LAB)) $(if $(filter 1,$(JSON)),--json) $(T)

fresh: ## type README's commands, and a student's, on a new Debian, as root: SUITE=bookworm or trixie (needs the network)
	$(Q)STEPS="$(STEPS)" tools/fresh "$(SUITE)"

doctor: ## say which tools there are, which are missing, and what that breaks
	$(Q)tools/setup doctor

record: setup-test ## record what Debian's Linux prints for tests/abi (needs the network)
	$(Q)tools/record-on-linux

evidence-on-linux: setup-test ## compare the event log with Debian's Linux (needs the network)
	$(Q)tools/evidence-on-linux

# For a folder of modules, "modules", "clean" and "help" mean that folder.
ifneq ($(EXTMOD),)
include tools/extmod.mk
else
modules: ## build a folder of Linux-style modules: DIR=path (make help DIR=path tells more)
	@echo "make modules: which folder? Expected DIR=path" >&2; exit 2

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile iso/iso.mk tools/gdb.mk tools/page.mk \
		$(wildcard tools/labs.mk) | \
		awk -F'|' '{ printf "%-24s %s\n", $$1, $$2 }'

clean: ## remove build/
	$(Q)rm -rf $(BUILD)
endif

endif # one-by-one
