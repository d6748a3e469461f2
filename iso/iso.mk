# The boot image: GRUB, the kernel and the initramfs; and the shell in it. Included by the Makefile.

# Debian's busybox; an empty file where it cannot be had.
$(BUILD)/busybox: tools/busybox
	$(call say,BUSYBOX,$@)
	$(Q)mkdir -p $(@D)
	$(Q)tools/busybox $@

# What a person boots: behind the initramfs, a second archive with the shell. The small kernel lacks
# what a shell needs.
$(IMAGE)/shell.cpio: $(IMAGE)/initramfs.cpio $(if $(filter $(BUILD),$(IMAGE)),$(BUILD)/busybox)
	$(call say,CPIO,$@)
	$(Q)rm -rf $(IMAGE)/shell
	$(Q)mkdir -p $(IMAGE)/shell/bin
	$(Q)for file in $(filter %/busybox,$^); do [ ! -s $$file ] || cp $$file $(IMAGE)/shell/bin/; done
	$(Q)find $(IMAGE)/shell -exec touch -h -d @1577836800 {} +
	$(Q)cp $< $@.tmp
	$(Q)cd $(IMAGE)/shell && find . | LC_ALL=C sort | \
		cpio --quiet -o -H newc --reproducible -R 0:0 >>../shell.cpio.tmp
	$(Q)mv $@.tmp $@

# The kernel without symbols and debug information: GRUB would load these sections too.
$(IMAGE)/kernel.stripped: $(IMAGE)/kernel.elf
	$(call say,STRIP,$@)
	$(Q)$(OBJCOPY) --strip-all $< $@

$(IMAGE)/ringwalk.iso: $(IMAGE)/kernel.stripped $(IMAGE)/shell.cpio iso/grub.cfg tools/mkiso
	$(call say,ISO,$@)
	$(Q)tools/mkiso $@ $(IMAGE)/kernel.stripped $(IMAGE)/shell.cpio
