# extmod.mk - kbuild's interface for a folder of modules outside the kernel's tree. Included by the
# Makefile when M= or DIR= names such a folder. Linux: Documentation/kbuild/modules.rst
#
#	make -C RINGWALK M=FOLDER [TARGET]
#
# modules.mk does the work, folder by folder. Variables: see help below.

define EXTMOD_HELP
make -C RINGWALK M=FOLDER [TARGET]: kernel modules in a folder of their own

  modules            build FOLDER/*.ko, as Kbuild or Makefile there says (what is built by default)
  modules_install    copy them to $$(INSTALL_MOD_PATH)/lib/modules/6.1.0-ringwalk/extra
  clean              remove what was built in FOLDER; nothing of ringwalk itself
  help               this text
  x.ko x.o x.i x.s x.lst    one file: module, object, preprocessed, assembly, listing

  MO=path            build there instead of in FOLDER         O=path   where ringwalk is built
  V=1                show the commands                        CC=clang another compiler
  W=1 W=2 W=3 W=e    more warnings; warnings are errors       EXTRA_CFLAGS, KCFLAGS  more flags
  C=1 C=2            check with sparse what is compiled; check everything      CHECK, CF
  INSTALL_MOD_DIR=extra    INSTALL_MOD_STRIP=1    KBUILD_MODPOST_WARN=1
endef
export EXTMOD_HELP

# --- what was asked for -----------------------------------------------------------------------

MO := $(or $(call given,MO),$(EXTMOD))
complain = $(error make: $(1))
in-words = $(if $(word 2,$(1)),a space )$(foreach c,: % ' " $$,$(if $(findstring $(c),$(1)),'$(c)'))
check-path = $(if $(strip $(call in-words,$(1))),$(call complain,'$(1)' has $(strip $(call \
	in-words,$(1))) in it: make cannot build in such a folder))
check-value = $(if $(filter-out $(2),$(call given,$(1))),$(call complain,$(1)=$($(1)): expected \
	$(or $(3),$(2))))

$(call check-path,$(EXTMOD))$(call check-path,$(MO))
$(if $(wildcard $(EXTMOD)/.),,$(call complain,there is no folder $(EXTMOD)))
$(if $(filter $(realpath $(EXTMOD)),$(CURDIR)),$(call complain,$(EXTMOD) is ringwalk itself and no \
	folder of modules))
$(call check-value,V,0 1 2)$(call check-value,C,0 1 2)$(call check-value,ARCH,x86_64 x86)
$(if $(subst 1,,$(subst 2,,$(subst 3,,$(subst c,,$(subst e,,$(call given,W)))))),$(call \
	complain,W=$(W): expected one or more of 1 2 3 e))
CHECK ?= sparse
$(if $(filter 1 2,$(call given,C)),$(if $(shell command -v $(firstword $(CHECK))),,$(call \
	complain,C=$(C) runs $(firstword $(CHECK)): it is not installed)))

files := $(filter %.ko %.o %.i %.s %.lst,$(MAKECMDGOALS))
unknown := $(filter-out modules modules_install clean help ./ $(files),$(MAKECMDGOALS))
$(if $(unknown),$(call complain,no target '$(unknown)' for a folder of modules; make help \
	M=$(EXTMOD) lists them))

# --- what is done -----------------------------------------------------------------------------

IN_FOLDER = +$(Q)$(MODULES_MAKE) top='$(EXTMOD)' src='$(EXTMOD)' obj='$(MO)' CHECK='$(CHECK)'

.PHONY: modules_install ./ $(files)
modules: symvers
	$(IN_FOLDER) __modules

./ $(files): symvers
	$(IN_FOLDER) $(if $(filter ./,$@),__objects,'$(MO)/$@')

modules_install clean:
	$(IN_FOLDER) __$@

help:
	@printf '%s\n' "$$EXTMOD_HELP"
