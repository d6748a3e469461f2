# The boot image: GRUB, the kernel and the initramfs. Included by the Makefile; build/ exists.

build/ringwalk.iso: build/kernel.elf build/initramfs.cpio iso/grub.cfg iso/iso.mk tools/mkiso
	$(Q)tools/mkiso $@ build/kernel.elf build/initramfs.cpio

.PHONY: iso
iso: build/ringwalk.iso
