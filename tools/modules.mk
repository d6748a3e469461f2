# modules.mk - build a folder of Linux-style modules for this kernel. Called by `make modules`.
#
#	make -f tools/modules.mk src=DIR obj=OUT CC=... LD=... NM=... CFLAGS_MODULE=... SYMVERS=FILE
#
# DIR/Kbuild or DIR/Makefile says, as on Linux: obj-m += x.o, x-y := a.o b.o (or x-objs), ccflags-y,
# CFLAGS_a.o. Its own rules are not used. Each x.ko is what Linux's kbuild makes: the objects, and
# x.mod.o with what modpost found out, linked by ld -r.

.SUFFIXES:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
__modules:

say = @$(if $(filter 1,$(V)),:,printf '  %-7s %s\n' $(1) $(2))
Q := $(if $(filter 1,$(V)),,@)

KERNELRELEASE := 6.1.0-ringwalk
CONFIG_X86_64 := y
CONFIG_KPROBES := y
CONFIG_MODULES := y
kbuild-file := $(firstword $(wildcard $(src)/Kbuild $(src)/Makefile))
$(if $(kbuild-file),,$(error $(src): no Makefile and no Kbuild in it, so nothing says what to build))
obj-m :=
obj-y :=
include $(kbuild-file)

modules := $(patsubst %.o,%,$(sort $(filter %.o,$(obj-m))))
$(if $(filter %/,$(obj-m)),$(error $(kbuild-file): $(filter %/,$(obj-m)): folders in obj-m are not \
	descended into; run make modules there))
$(if $(modules),,$(error $(kbuild-file): no obj-m += NAME.o in it, so there is no module to build))

# The objects of module $(1): those of x-y, x-objs and x-m, or else x.o itself.
parts = $(or $(strip $($(1)-y) $($(1)-objs) $($(1)-m)),$(1).o)
name-of = $(subst -,_,$(basename $(notdir $(1))))
all-parts := $(sort $(foreach m,$(modules),$(call parts,$(m))))

$(foreach m,$(modules),$(if $(filter-out $(m).o,$(call parts,$(m))),$(if $(filter $(m).o,$(call \
	parts,$(m))),$(error $(kbuild-file): $(m).o cannot be a part of module $(m) itself))))
$(foreach part,$(all-parts),$(if $(wildcard $(src)/$(part:.o=.c)),,$(error $(src)/$(part:.o=.c) is \
	not there, and $(kbuild-file) needs it)))

__modules: $(modules:%=$(obj)/%.ko)
	@:

# What each object must know of its module, and each module of its objects.
$(foreach m,$(modules),$(foreach part,$(call parts,$(m)),$(eval $(obj)/$(part): modname := $(call \
	name-of,$(m)))))
$(foreach m,$(modules),$(eval $(obj)/$(m).mod.o: modname := $(call name-of,$(m))))
$(foreach m,$(modules),$(eval $(obj)/$(m).mod.c $(obj)/$(m).ko: $(addprefix $(obj)/,$(call \
	parts,$(m)))))

flags = $(CFLAGS_MODULE) -include include/linux/kconfig.h -DMODULE -DKBUILD_MODNAME='"$(modname)"' \
	-DKBUILD_BASENAME='"$(call name-of,$@)"' -MMD -MP

$(obj)/%.mod.c: tools/modpost $(SYMVERS)
	$(call say,MODPOST,$@)
	$(Q)NM=$(NM) tools/modpost $(SYMVERS) $(obj)/$*.ko $@ $(filter %.o,$^)

$(obj)/%.mod.o: $(obj)/%.mod.c
	$(call say,CC,$@)
	$(Q)$(CC) $(flags) -c -o $@ $<

$(obj)/%.o: $(src)/%.c $(kbuild-file) Makefile tools/modules.mk
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(flags) $(ccflags-y) $(EXTRA_CFLAGS) $(CFLAGS_$(notdir $@)) -c -o $@ $<

$(obj)/%.ko: $(obj)/%.mod.o
	$(call say,LD,$@)
	$(Q)$(LD) -r -o $@ $(filter %.o,$^)

-include $(addprefix $(obj)/,$(all-parts:.o=.d)) $(modules:%=$(obj)/%.mod.d)
