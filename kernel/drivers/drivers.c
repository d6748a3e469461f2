/*
 * Brings the drivers up. Called by start_kernel().
 */
#include "kernel/drivers/internal.h"

void make_node(const char *path, umode_t mode, dev_t dev, const struct file_operations *fop)
{
	int error = ramfs_mknod(path, mode, dev, fop);

	if (error)
		panic("drivers: cannot make %s, error %d", path, error);
}

void drivers_init(void)
{
	mem_init();
	kmsg_init();
	tty_init();
	hostchan_init();
}
