# modules.mk - build one folder of Linux-style modules, and those below it. Called by extmod.mk,
# and by the Makefile for tests/evidence.
#
#	make -f tools/modules.mk src=FOLDER obj=OUT top=FOLDER CC=... SYMVERS=FILE TARGET
#
# TARGET is __modules, __objects, __modules_install, __clean, or a file of OUT. The variable
# KBUILD_CFLAGS comes from the environment. FOLDER/Kbuild, or else FOLDER/Makefile, says as on Linux:
#
#	obj-m += x.o folder/		modules, and folders below with a Kbuild of their own
#	x-y := a.o b.o			the objects of module x (also x-objs); default: x.o
#	ccflags-y, subdir-ccflags-y, EXTRA_CFLAGS, CFLAGS_a.o, ccflags-remove-y, CFLAGS_REMOVE_a.o
#
# Its own rules are not used. Each x.ko is what Linux's kbuild makes: the objects, and x.mod.o with
# what modpost found out, linked by ld -r. Every file that is made is named as a target in an
# explicit or static pattern rule, so that make takes none for an intermediate one.
# Linux: scripts/Makefile.build, Makefile.modpost, Makefile.modfinal, Makefile.modinst

.SUFFIXES:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
.PHONY: __modules __objects __modules_install __clean __folders FORCE
__modules:

say = @$(if $(filter 1 2,$(V)),:,printf '  %-7s %s\n' $(1) $(2))
Q := $(if $(filter 1 2,$(V)),,@)

# --- what the folder's own makefile may use, and what it says ---------------------------------

VERSION := 6
PATCHLEVEL := 1
SUBLEVEL := 0
KERNELVERSION := 6.1.0
KERNELRELEASE := 6.1.0-ringwalk
ARCH := x86
SRCARCH := x86
KBUILD_EXTMOD := $(top)
srctree := $(CURDIR)
objtree := $(CURDIR)
CONFIG_X86 := y
CONFIG_X86_64 := y
CONFIG_64BIT := y
CONFIG_KPROBES := y
CONFIG_KRETPROBES := y
CONFIG_KALLSYMS := y
CONFIG_MODULES := y
CONFIG_NET := y
CONFIG_INET := y
try-cc = $(shell $(CC) -Werror $(1) -c -x c /dev/null -o /dev/null 2>/dev/null && echo y)
cc-option = $(if $(call try-cc,$(1)),$(1),$(2))
cc-option-yn = $(or $(call try-cc,$(1)),n)
cc-disable-warning = $(if $(call try-cc,-W$(strip $(1))),-Wno-$(strip $(1)))

kbuild-file := $(firstword $(wildcard $(src)/Kbuild $(src)/Makefile))
$(if $(kbuild-file),,$(error $(src): no Makefile and no Kbuild in it, so nothing says what to build))
obj-m :=
obj-y :=
include $(kbuild-file)

modules := $(patsubst %.o,%,$(sort $(filter %.o,$(obj-m))))
folders := $(patsubst %/,%,$(sort $(filter %/,$(obj-m) $(obj-y))))
$(if $(modules)$(folders),,$(error $(kbuild-file): no obj-m += NAME.o in it, so there is no module \
	to build))
$(foreach f,$(folders),$(if $(wildcard $(src)/$(f)/.),,$(error $(src)/$(f) is not there, and \
	$(kbuild-file) names it)))

# The objects of module $(1): those of x-y, x-objs and x-m, or else x.o itself.
parts = $(or $(strip $($(1)-y) $($(1)-objs) $($(1)-m)),$(1).o)
name-of = $(subst -,_,$(basename $(notdir $(1))))
all-parts := $(sort $(foreach m,$(modules),$(call parts,$(m))))
source-of = $(firstword $(wildcard $(addprefix $(src)/$(1:.o=),.c .S .o_shipped)))

$(foreach m,$(modules),$(if $(filter-out $(m).o,$(call parts,$(m))),$(if $(filter $(m).o,$(call \
	parts,$(m))),$(error $(kbuild-file): $(m).o cannot be a part of module $(m) itself))))
ifeq ($(filter __clean,$(MAKECMDGOALS)),)
$(foreach part,$(all-parts),$(if $(call source-of,$(part)),,$(error $(src)/$(part:.o=.c) is \
	not there, and $(kbuild-file) needs it)))
endif

# --- flags ------------------------------------------------------------------------------------

WARN_1 := -Wextra -Wunused -Wno-unused-parameter -Wmissing-declarations -Wmissing-prototypes \
	-Wmissing-format-attribute -Wold-style-definition -Wmissing-include-dirs \
	-Wno-missing-field-initializers -Wno-sign-compare -Wno-type-limits
WARN_2 := -Wdisabled-optimization -Wshadow -Wmissing-field-initializers -Wtype-limits \
	-Wunused-macros
WARN_3 := -Wbad-function-cast -Wcast-align -Wcast-qual -Wconversion -Wpacked -Wpadded \
	-Wpointer-arith -Wredundant-decls -Wsign-compare -Wswitch-default
warnings = $(foreach level,1 2 3,$(if $(findstring $(level),$(W)),$(WARN_$(level)))) \
	$(if $(findstring e,$(W)),-Werror)

inherited := $(KBUILD_SUBDIR_CCFLAGS) $(subdir-ccflags-y)
folder-flags := $(KBUILD_CFLAGS) $(warnings) -include include/linux/kconfig.h -DMODULE \
	$(CFLAGS_MODULE) $(KCFLAGS) $(inherited) $(ccflags-y) $(EXTRA_CFLAGS)
stem = $(basename $(patsubst $(obj)/%,%,$@))
flags = $(filter-out $(ccflags-remove-y) $(CFLAGS_REMOVE_$(stem).o),$(folder-flags)) \
	$(CFLAGS_$(stem).o) -DKBUILD_MODNAME='"$(modname)"' \
	-DKBUILD_BASENAME='"$(call name-of,$@)"' -MMD -MP -MF $(@D)/.$(@F).d

# Another compiler, or other flags: everything is compiled anew.
ifneq ($(filter __modules __objects $(obj)/%,$(MAKECMDGOALS)),)
$(shell mkdir -p $(obj))
ifneq ($(file <$(obj)/.modules.cmd),$(CC) $(strip $(folder-flags)))
$(file >$(obj)/.modules.cmd,$(CC) $(strip $(folder-flags)))
endif
endif

# --- targets ----------------------------------------------------------------------------------

objects := $(addprefix $(obj)/,$(all-parts))
kos := $(modules:%=$(obj)/%.ko)
FROM_C := $(foreach part,$(all-parts),$(if $(filter %.c,$(call source-of,$(part))),$(obj)/$(part)))
FROM_S := $(foreach part,$(all-parts),$(if $(filter %.S,$(call source-of,$(part))),$(obj)/$(part)))
BLOBS := $(filter-out $(FROM_C) $(FROM_S),$(objects))
TEXTS := $(filter $(FROM_C:.o=.i) $(FROM_C:.o=.s),$(MAKECMDGOALS))
LISTINGS := $(filter $(objects:.o=.lst),$(MAKECMDGOALS))

__modules __objects __modules_install __clean: __folders
__modules: $(kos)
	@:
__objects: $(objects)
	@:
__folders:
	$(if $(folders),+$(Q)export KBUILD_SUBDIR_CCFLAGS='$(inherited)'; for f in $(folders); do \
		$(MAKE) --no-print-directory -f tools/modules.mk src=$(src)/$$f obj=$(obj)/$$f \
		$(MAKECMDGOALS) || exit; done)

# What each object must know of its module, and each module of its objects.
$(foreach m,$(modules),$(foreach part,$(call parts,$(m)) $(m).mod.o,$(foreach kind,.o .i .s,$(eval \
	$(obj)/$(part:.o=$(kind)): modname := $(call name-of,$(m))))))
$(foreach m,$(modules),$(eval $(obj)/$(m).mod.c $(obj)/$(m).ko: $(addprefix $(obj)/,$(call \
	parts,$(m)))))

$(objects) $(TEXTS): $(obj)/.modules.cmd $(kbuild-file) tools/modules.mk $(if $(filter 2,$(C)),FORCE)

$(FROM_C): $(obj)/%.o: $(src)/%.c
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(flags) -c -o $@ $<
	$(if $(filter 1 2,$(C)),$(call say,CHECK,$<))
	$(if $(filter 1 2,$(C)),$(Q)$(CHECK) -D__linux__ -m64 $(filter-out -W%,$(flags)) $(CF) $<)

$(FROM_S): $(obj)/%.o: $(src)/%.S
	$(call say,AS,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(filter-out -std=%,$(flags)) -D__ASSEMBLY__ $(asflags-y) -c -o $@ $<

$(BLOBS): $(obj)/%: $(src)/%_shipped
	$(call say,SHIPPED,$@)
	@mkdir -p $(@D)
	$(Q)cp $< $@

$(filter %.i,$(TEXTS)): $(obj)/%.i: $(src)/%.c
	$(call say,CPP,$@)
	$(Q)$(CC) $(flags) -E -o $@ $<

$(filter %.s,$(TEXTS)): $(obj)/%.s: $(src)/%.c
	$(call say,CC,$@)
	$(Q)$(CC) $(flags) -S -o $@ $<

$(LISTINGS): %.lst: %.o
	$(call say,LST,$@)
	$(Q)$(OBJDUMP) -dlSr $< >$@

$(modules:%=$(obj)/%.mod.c): $(obj)/%.mod.c: tools/modpost $(SYMVERS)
	$(call say,MODPOST,$@)
	$(Q)NM=$(NM) tools/modpost $(SYMVERS) $(obj)/$*.ko $@ $(filter %.o,$^)

$(modules:%=$(obj)/%.mod.o): %.mod.o: %.mod.c
	$(call say,CC,$@)
	$(Q)$(CC) $(flags) -c -o $@ $<

$(kos): %.ko: %.mod.o
	$(call say,LD,$@)
	$(Q)$(LD) -r -o $@ $(filter %.o,$^)

# Where a module goes: its folder's place below the top one is kept.
MODLIB := $(INSTALL_MOD_PATH)/lib/modules/$(KERNELRELEASE)
target := $(MODLIB)/$(or $(INSTALL_MOD_DIR),extra)$(patsubst $(top)%,%,$(src))

__modules_install:
	@for ko in $(kos); do [ -f $$ko ] || { echo "$$ko is not built: make modules first" >&2; exit 2; }; done
	@mkdir -p '$(target)'
	@for ko in $(kos); do \
		printf '  %-7s %s\n' INSTALL "$(target)/$${ko##*/}"; \
		$(if $(filter 1,$(INSTALL_MOD_STRIP)),$(OBJCOPY) --strip-debug,cp) $$ko \
			"$(target)/$${ko##*/}" || exit; done

# Ringwalk itself may lie in the folder: its files are its own.
__clean:
	$(call say,CLEAN,$(obj))
	$(Q)[ ! -d $(obj) ] || find $(abspath $(obj)) -path '$(CURDIR)' -prune -o -type f '(' \
		-name '*.[aios]' -o -name '*.ko' -o -name '*.mod' -o -name '*.mod.c' -o -name '*.lst' \
		-o -name '.*.d' -o -name '.*.cmd' -o -name modules.order -o -name Module.symvers ')' \
		-exec rm -f {} +
	$(Q)$(if $(clean-files),rm -rf $(addprefix $(obj)/,$(clean-files)))

-include $(foreach file,$(objects) $(modules:%=$(obj)/%.mod.o),$(dir $(file)).$(notdir $(file)).d)
