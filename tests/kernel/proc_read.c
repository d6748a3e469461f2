/*
 * Files of /proc opened and read while each allocation fails in turn: an errno, and nothing left behind.
 */
#include "kernel/fs/fs.h"
#include "kernel/mm/slab.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

/* Open @path and read all of it. 0 or -errno. */
static int read_all(const char *path)
{
	struct file *file = filp_open(path, O_RDONLY, 0);
	loff_t pos = 0;
	char buf[64];
	ssize_t n;

	if (IS_ERR(file))
		return PTR_ERR(file);
	while ((n = kernel_read(file, buf, sizeof(buf), &pos)) > 0)
		;
	filp_close(file, NULL);
	return n;
}

static void fails_cleanly(const char *path)
{
	struct leaks before;
	int error = -ENOMEM;
	unsigned int n;

	KTAP_EXPECT_EQ(read_all(path), 0); /* caches grow now */
	leaks_begin(&before);
	for (n = 0; n < 60 && error; n++) {
		failslab_arm(NULL, n, 1);
		error = read_all(path);
		failslab.times = 0;
		KTAP_EXPECT(!error || error == -ENOMEM || error == -ENFILE);
		KTAP_EXPECT(leaks_none(&before));
	}
	KTAP_EXPECT(n > 3 && n < 60);
}

KTAP_SUITE(proc_read_without_memory)
{
	static const char *const paths[] = {
		"/proc/meminfo", "/proc/stat", "/proc/filesystems", "/proc/self/mounts", "/proc/self/status",
		"/proc/self/stat", "/proc/self/limits", "/proc/self/comm", "/proc/self/wchan",
		"/proc/sys/kernel/hostname", "/proc/sys/fs/file-max",
	};

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		fails_cleanly(paths[i]);
}
