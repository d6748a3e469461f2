# libc.mk - libc for ring 3. Included by the top Makefile; needs CC, AR, NASM, PYTHON and BUILD.
#
# Makes $(BUILD)/libc/libc.a and $(BUILD)/libc/crt0.o, and the flags every ring-3 program is
# compiled with: USER_CFLAGS.

LIBC_OUT := $(BUILD)/libc
PYTHON ?= python3

# Ring-3 code gets no flag the distribution's compiler adds by default, and no header that is not
# ours, except the compiler's own (stddef.h, stdint.h, stdarg.h, limits.h).
USER_CFLAGS = -std=gnu17 -O2 -g -ffreestanding -fno-pic -fno-pie -fno-omit-frame-pointer \
	-fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables \
	-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
	-nostdinc -isystem $(shell $(CC) -print-file-name=include) \
	-Ilibc/include -Iinclude -I$(LIBC_OUT)/include -MMD -MP $(WERROR)

LIBC_C_OBJS := $(patsubst libc/%.c,$(LIBC_OUT)/%.o,$(sort $(wildcard libc/*.c)))
LIBC_OBJS := $(LIBC_C_OBJS) $(LIBC_OUT)/syscall.o $(LIBC_OUT)/stubs.o
LIBC_GENERATED := $(LIBC_OUT)/include/generated/unistd.h

$(LIBC_OUT)/libc.a: $(LIBC_OBJS)
	$(Q)rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) rcs $@ $^

$(LIBC_C_OBJS): $(LIBC_OUT)/%.o: libc/%.c libc/libc.mk | $(LIBC_GENERATED)
	$(Q)mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(USER_CFLAGS) -c -o $@ $<

$(LIBC_OUT)/crt0.o: libc/crt0.asm
	$(Q)mkdir -p $(@D)
	$(call say,NASM,$<)
	$(Q)$(NASM) -f elf64 -g -F dwarf -o $@ $<

$(LIBC_OUT)/syscall.o: libc/syscall.asm $(LIBC_OUT)/syscall_nr.inc
	$(call say,NASM,$<)
	$(Q)$(NASM) -f elf64 -g -F dwarf -I$(LIBC_OUT)/ -o $@ $<

$(LIBC_OUT)/stubs.o: $(LIBC_OUT)/stubs.asm
	$(call say,NASM,$<)
	$(Q)$(NASM) -f elf64 -g -F dwarf -o $@ $<

# made from the table: <make target>: <what tools/syscalltbl.py is asked for>
$(LIBC_OUT)/stubs.asm: SYSCALLTBL = stubs
$(LIBC_OUT)/syscall_nr.inc: SYSCALLTBL = asm
$(LIBC_GENERATED): SYSCALLTBL = unistd

$(LIBC_OUT)/stubs.asm $(LIBC_OUT)/syscall_nr.inc $(LIBC_GENERATED): \
		tools/syscalltbl.py kernel/syscall_64.tbl
	$(Q)mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)$(PYTHON) tools/syscalltbl.py $(SYSCALLTBL) kernel/syscall_64.tbl >$@.tmp
	$(Q)mv $@.tmp $@

-include $(LIBC_C_OBJS:.o=.d)
