# The boot image: GRUB, the kernel and the initramfs. Included by the Makefile.

$(BUILD)/ringwalk.iso: $(BUILD)/kernel.elf $(BUILD)/initramfs.cpio iso/grub.cfg tools/mkiso
	$(call say,ISO,$@)
	$(Q)tools/mkiso $@ $(BUILD)/kernel.elf $(BUILD)/initramfs.cpio
