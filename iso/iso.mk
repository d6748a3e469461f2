# The boot image: GRUB, the kernel and the initramfs. Included by the Makefile.

# The kernel without symbols and debug information: GRUB would load these sections too.
$(BUILD)/kernel.stripped: $(BUILD)/kernel.elf
	$(call say,STRIP,$@)
	$(Q)$(OBJCOPY) --strip-all $< $@

$(BUILD)/ringwalk.iso: $(BUILD)/kernel.stripped $(BUILD)/initramfs.cpio iso/grub.cfg tools/mkiso
	$(call say,ISO,$@)
	$(Q)tools/mkiso $@ $(BUILD)/kernel.stripped $(BUILD)/initramfs.cpio
