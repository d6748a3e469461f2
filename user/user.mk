# user.mk - the ring-3 programs of the initramfs. Included by the top Makefile after libc/libc.mk.
#
# Makes $(BUILD)/user/NAME from user/NAME.c for every NAME in USER_NAMES, and qed: static ET_EXEC at 0x400000.

USER_OUT := $(BUILD)/user
USER_NAMES := init socket_test insmod rmmod lsmod dmesg changed
USER_PROGS := $(addprefix $(USER_OUT)/,$(USER_NAMES))
USER_OBJS := $(addsuffix .o,$(USER_PROGS))

USER_LDFLAGS := -static -nostdlib -Wl,-T,user/user.ld -Wl,-z,noexecstack \
	-Wl,--build-id=none

$(USER_OBJS): $(USER_OUT)/%.o: user/%.c user/user.mk libc/libc.mk | $(LIBC_GENERATED)
	$(Q)mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(USER_CFLAGS) -c -o $@ $<

$(USER_PROGS): $(USER_OUT)/%: $(USER_OUT)/%.o $(LIBC_OUT)/crt0.o $(LIBC_OUT)/libc.a user/user.ld
	$(call say,LD,$@)
	$(Q)$(CC) $(USER_LDFLAGS) -o $@ $(LIBC_OUT)/crt0.o $< $(LIBC_OUT)/libc.a

# qed is larger: user/qed/*.c
QED_OBJS := $(patsubst user/%.c,$(USER_OUT)/parts/%.o,$(sort $(wildcard user/qed/*.c)))

$(QED_OBJS): $(USER_OUT)/parts/%.o: user/%.c user/user.mk libc/libc.mk | $(LIBC_GENERATED)
	$(Q)mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(USER_CFLAGS) -c -o $@ $<

$(USER_OUT)/qed: $(QED_OBJS) $(LIBC_OUT)/crt0.o $(LIBC_OUT)/libc.a user/user.ld
	$(call say,LD,$@)
	$(Q)$(CC) $(USER_LDFLAGS) -o $@ $(LIBC_OUT)/crt0.o $(QED_OBJS) $(LIBC_OUT)/libc.a

USER_PROGS += $(USER_OUT)/qed
USER_OBJS += $(QED_OBJS)

# strace too: user/strace/*.c. Its kernel module is user/strace/module.
STRACE_OBJS := $(patsubst user/%.c,$(USER_OUT)/parts/%.o,$(sort $(wildcard user/strace/*.c)))

$(STRACE_OBJS): $(USER_OUT)/parts/%.o: user/%.c user/user.mk libc/libc.mk $(BUILD)/gen/generated/names.h \
		| $(LIBC_GENERATED)
	$(Q)mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(USER_CFLAGS) -I$(BUILD)/gen -c -o $@ $<

$(USER_OUT)/strace: $(STRACE_OBJS) $(LIBC_OUT)/crt0.o $(LIBC_OUT)/libc.a user/user.ld
	$(call say,LD,$@)
	$(Q)$(CC) $(USER_LDFLAGS) -o $@ $(LIBC_OUT)/crt0.o $(STRACE_OBJS) $(LIBC_OUT)/libc.a

USER_PROGS += $(USER_OUT)/strace
USER_OBJS += $(STRACE_OBJS)

# What the line tables say of the functions that socket() calls, for qed: /lib/qed/locations.
LOCATIONS := $(IMAGE)/locations
$(LOCATIONS): $(IMAGE)/kernel.elf $(USER_OUT)/socket_test tools/locations.py
	$(call say,LOC,$@)
	$(Q)$(PYTHON) tools/locations.py "$(CROSS_COMPILE)" $(IMAGE)/kernel.elf \
		$(USER_OUT)/socket_test >$@

-include $(USER_OBJS:.o=.d)
