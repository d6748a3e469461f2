/*
 * Devices of a class, and their nodes in /dev. See device.h for how to use them.
 * Linux: drivers/base/core.c, class.c, devtmpfs.c
 */
#include "kernel/drivers/device.h"

#include "kernel/lib/export.h"

static DEFINE_MUTEX(device_lock); /* the lists of devices */

struct class *__class_create(struct module *owner, const char *name)
{
	struct class *class = kzalloc(sizeof(*class), GFP_KERNEL);

	if (!class)
		return ERR_PTR(-ENOMEM);
	class->name = name;
	class->owner = owner;
	INIT_LIST_HEAD(&class->devices);
	return class;
}
EXPORT_SYMBOL(__class_create);

void class_destroy(struct class *class)
{
	if (IS_ERR_OR_NULL(class))
		return;
	WARN_ON(!list_empty(&class->devices));
	kfree(class);
}
EXPORT_SYMBOL(class_destroy);

/* The path of @dev's node, to be kfree()d, and its permissions. NULL: no memory. */
static char *device_get_devnode(struct device *dev, umode_t *mode)
{
	char *other = NULL, *path;

	*mode = 0;
	if (dev->class->devnode)
		other = dev->class->devnode(dev, mode);
	if (!*mode)
		*mode = 0600;
	path = kasprintf(GFP_KERNEL, "/dev/%s", other ? other : dev->name);
	kfree(other);
	return path;
}

/* 0 or -errno. Linux: drivers/base/devtmpfs.c:handle_create() */
static int devtmpfs_create_node(struct device *dev)
{
	umode_t mode;
	char *path = device_get_devnode(dev, &mode);
	int error = path ? init_mknod(path, S_IFCHR | mode, dev->devt) : -ENOMEM;

	if (!error)
		error = init_chmod(path, mode);
	kfree(path);
	return error;
}

static void devtmpfs_delete_node(struct device *dev)
{
	umode_t mode;
	char *path = device_get_devnode(dev, &mode);

	if (path)
		init_unlink(path);
	kfree(path);
}

static struct device *find_device(struct class *class, const char *name)
{
	struct device *dev;

	list_for_each_entry(dev, &class->devices, knode) {
		if (!strcmp(dev->name, name))
			return dev;
	}
	return NULL;
}

/* Linux: drivers/base/core.c:device_add() */
static int device_add(struct device *dev)
{
	int error = -EEXIST;

	mutex_lock(&device_lock);
	if (!find_device(dev->class, dev->name))
		error = dev->devt ? devtmpfs_create_node(dev) : 0;
	if (!error)
		list_add_tail(&dev->knode, &dev->class->devices);
	mutex_unlock(&device_lock);
	return error;
}

struct device *device_create(struct class *class, struct device *parent, dev_t devt, void *drvdata,
			     const char *fmt, ...)
{
	struct device *dev;
	va_list args;
	int error = -ENOMEM;

	if (IS_ERR_OR_NULL(class))
		return ERR_PTR(-ENODEV);
	dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	if (!dev)
		return ERR_PTR(-ENOMEM);
	dev->parent = parent;
	dev->class = class;
	dev->devt = devt;
	dev->driver_data = drvdata;
	va_start(args, fmt);
	dev->name = kvasprintf(GFP_KERNEL, fmt, args);
	va_end(args);
	if (dev->name)
		error = device_add(dev);
	if (error) {
		kfree(dev->name);
		kfree(dev);
		return ERR_PTR(error);
	}
	return dev;
}
EXPORT_SYMBOL(device_create);

void device_destroy(struct class *class, dev_t devt)
{
	struct device *dev;

	mutex_lock(&device_lock);
	list_for_each_entry(dev, &class->devices, knode) {
		if (dev->devt != devt)
			continue;
		list_del(&dev->knode);
		if (dev->devt)
			devtmpfs_delete_node(dev);
		kfree(dev->name);
		kfree(dev);
		break;
	}
	mutex_unlock(&device_lock);
}
EXPORT_SYMBOL(device_destroy);
