/*
 * fw_cfg: files that QEMU gives its guest (-fw_cfg name=...), found below /sys/firmware/qemu_fw_cfg/by_name.
 *
 * Two ports: the first selects a file by its key, the second then yields its bytes one by one. Key 0 is the
 * signature "QEMU", key 0x19 the directory, whose numbers are big-endian.
 * Linux: drivers/firmware/qemu_fw_cfg.c; QEMU, docs/specs/fw_cfg
 */
#include "kernel/drivers/fw_cfg.h"

#include "kernel/cpu/io.h"
#include "kernel/fs/sysfs.h"
#include "kernel/lib/init.h"
#include "kernel/mm/slab.h"

#define FW_CFG_SELECTOR 0x510 /* 16 bits wide */
#define FW_CFG_DATA 0x511
#define FW_CFG_SIGNATURE 0x00
#define FW_CFG_FILE_DIR 0x19
#define FW_CFG_MAX_FILE_PATH 56

/* An entry of the directory, as QEMU lays it out. */
struct fw_cfg_file {
	u32 size;   /* bytes; big-endian */
	u16 select; /* the key; big-endian */
	u16 reserved;
	char name[FW_CFG_MAX_FILE_PATH]; /* ended by NUL */
};

/* Begin to read the file that @key selects. */
static void fw_cfg_select(u16 key)
{
	outw(key, FW_CFG_SELECTOR);
}

/* The next @len bytes of it. A machine without fw_cfg reads 0xff. */
static void fw_cfg_read(void *buf, size_t len)
{
	char *to = buf;

	while (len--)
		*to++ = inb(FW_CFG_DATA);
}

static ssize_t read_raw(const struct bin_attribute *attr, char *buf, loff_t off, size_t count)
{
	if (off >= (loff_t)attr->size)
		return 0;
	count = min(count, attr->size - (size_t)off);
	fw_cfg_select((unsigned long)attr->private);
	while (off--)
		inb(FW_CFG_DATA);
	fw_cfg_read(buf, count);
	return count;
}

/* The directory of /sys that @path, with its slashes, names below @dir. Or ERR_PTR. */
static struct dentry *make_dirs(struct dentry *dir, char *path)
{
	char *slash;

	for (; (slash = strchr(path, '/')) && !IS_ERR(dir); path = slash + 1) {
		*slash = '\0';
		dir = sysfs_create_dir(path, dir);
	}
	return IS_ERR(dir) ? dir : sysfs_create_dir(path, dir);
}

/* Make the file "raw" of one entry, in a directory that bears its name. 0 or -errno. */
static int make_file(struct dentry *by_name, struct fw_cfg_file *file)
{
	struct bin_attribute *raw = kzalloc(sizeof(*raw), GFP_KERNEL);
	struct dentry *dir;
	int error;

	if (!raw)
		return -ENOMEM;
	file->name[FW_CFG_MAX_FILE_PATH - 1] = '\0';
	*raw = (struct bin_attribute){
		.name = "raw",
		.mode = 0400,
		.size = __builtin_bswap32(file->size),
		.private = (void *)(unsigned long)__builtin_bswap16(file->select),
		.read = read_raw,
	};
	dir = make_dirs(by_name, file->name);
	error = IS_ERR(dir) ? PTR_ERR(dir) : sysfs_create_bin_file(dir, raw);

	if (error)
		kfree(raw);
	return error;
}

/* Begin to read the directory. How many entries it has; 0: it is another machine. */
static u32 open_directory(void)
{
	char signature[4];
	u32 count;

	fw_cfg_select(FW_CFG_SIGNATURE);
	fw_cfg_read(signature, sizeof(signature));
	if (memcmp(signature, "QEMU", sizeof(signature)))
		return 0;
	fw_cfg_select(FW_CFG_FILE_DIR);
	fw_cfg_read(&count, sizeof(count));
	return __builtin_bswap32(count);
}

int fw_cfg_read_file(const char *name, void *buf, size_t size)
{
	struct fw_cfg_file file;

	for (u32 count = open_directory(); count; count--) {
		fw_cfg_read(&file, sizeof(file));
		if (strncmp(file.name, name, FW_CFG_MAX_FILE_PATH))
			continue;
		size = min(size, (size_t)__builtin_bswap32(file.size));
		fw_cfg_select(__builtin_bswap16(file.select));
		fw_cfg_read(buf, size);
		return size;
	}
	return -ENOENT;
}

static int fw_cfg_init(void)
{
	struct dentry *dir;
	struct fw_cfg_file file;
	u32 count;
	int error = 0;

	if (!open_directory())
		return 0;
	dir = sysfs_create_dir("firmware", NULL);
	if (!IS_ERR(dir))
		dir = sysfs_create_dir("qemu_fw_cfg", dir);
	if (!IS_ERR(dir))
		dir = sysfs_create_dir("by_name", dir);
	if (IS_ERR(dir))
		return PTR_ERR(dir);
	for (count = open_directory(); count && !error; count--) {
		fw_cfg_read(&file, sizeof(file));
		error = make_file(dir, &file);
	}
	return error;
}
late_initcall(fw_cfg_init);
