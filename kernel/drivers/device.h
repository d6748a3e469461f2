/*
 * Classes of devices, and the nodes in /dev that a driver asks for. There is no sysfs: a device is
 * its number, its name and its node. Linux: include/linux/device.h, device/class.h
 */
#ifndef KERNEL_DRIVERS_DEVICE_H
#define KERNEL_DRIVERS_DEVICE_H

#include "kernel/fs/fs.h"

struct device;

struct class {
	const char *name; /* kept by reference */
	struct module *owner;
	/* May set *@mode of the node (0: 0600) and return another name for it, which we kfree(). */
	char *(*devnode)(struct device *dev, umode_t *mode);
	struct list_head devices; /* struct device.knode */
};

struct device {
	struct device *parent;
	struct class *class;
	dev_t devt;
	void *driver_data;
	char *name;
	struct list_head knode;
};

/* A class without devices; or ERR_PTR(-ENOMEM). */
struct class *__class_create(struct module *owner, const char *name);
#define class_create(owner, name) __class_create(owner, name)
void class_destroy(struct class *class); /* NULL and ERR_PTR are allowed; no device may be left */

/*
 * A device of @class whose name is printed as by printf(), and its node in /dev: a character device
 * of number @devt, 0: none. The caller may sleep. ERR_PTR: -EEXIST when the class or /dev has the
 * name, -ENOMEM, or what making a file says. device_destroy() takes both away again.
 */
struct device *device_create(struct class *class, struct device *parent, dev_t devt, void *drvdata,
			     const char *fmt, ...) __printf(5, 6);
void device_destroy(struct class *class, dev_t devt);

static inline void *dev_get_drvdata(const struct device *dev)
{
	return dev->driver_data;
}

static inline void dev_set_drvdata(struct device *dev, void *data)
{
	dev->driver_data = data;
}

static inline const char *dev_name(const struct device *dev)
{
	return dev->name;
}

#define dev_printk(level, dev, fmt, ...)                                        \
	printk(level "%s %s: " fmt, (dev)->class->name, dev_name(dev), ##__VA_ARGS__)
#define dev_err(dev, fmt, ...) dev_printk(KERN_ERR, dev, fmt, ##__VA_ARGS__)
#define dev_warn(dev, fmt, ...) dev_printk(KERN_WARNING, dev, fmt, ##__VA_ARGS__)
#define dev_notice(dev, fmt, ...) dev_printk(KERN_NOTICE, dev, fmt, ##__VA_ARGS__)
#define dev_info(dev, fmt, ...) dev_printk(KERN_INFO, dev, fmt, ##__VA_ARGS__)

#endif
