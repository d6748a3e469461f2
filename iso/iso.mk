# The boot image: GRUB, the kernel and the initramfs. Included by the Makefile.

# The kernel without symbols and debug information: GRUB would load these sections too.
$(IMAGE)/kernel.stripped: $(IMAGE)/kernel.elf
	$(call say,STRIP,$@)
	$(Q)$(OBJCOPY) --strip-all $< $@

$(IMAGE)/ringwalk.iso: $(IMAGE)/kernel.stripped $(IMAGE)/initramfs.cpio iso/grub.cfg tools/mkiso
	$(call say,ISO,$@)
	$(Q)tools/mkiso $@ $(IMAGE)/kernel.stripped $(IMAGE)/initramfs.cpio
