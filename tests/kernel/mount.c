/*
 * Mounts when memory is short, and many of them: nothing is left behind, and a path pays for none.
 */
#include <uapi/mount.h>

#include "kernel/fs/internal.h"
#include "kernel/fs/mount.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

static int umount(const char *name, int flags)
{
	struct path path;
	int error = kern_path(name, 0, &path);

	return error ? error : path_umount(&path, flags);
}

static bool there(const char *name)
{
	struct path path;

	if (kern_path(name, 0, &path))
		return false;
	path_put(&path);
	return true;
}

/* Each allocation of a bind of a tree fails once. */
KTAP_SUITE(mount_without_memory)
{
	struct leaks before;
	int i, error = -1;

	leaks_begin(&before);
	KTAP_EXPECT_EQ(init_mkdir("/m", 0755), 0);
	KTAP_EXPECT_EQ(init_mkdir("/copy", 0755), 0);
	KTAP_EXPECT_EQ(init_mount("x", "/m", "tmpfs", 0, NULL), 0);
	KTAP_EXPECT_EQ(init_mkdir("/m/a", 0755), 0);
	KTAP_EXPECT_EQ(init_mkdir("/m/b", 0755), 0);
	KTAP_EXPECT_EQ(init_mount("x", "/m/a", "tmpfs", 0, NULL), 0);
	KTAP_EXPECT_EQ(init_mkdir("/m/a/c", 0755), 0);
	KTAP_EXPECT_EQ(init_mount("x", "/m/a/c", "tmpfs", 0, NULL), 0);
	KTAP_EXPECT_EQ(init_mount("x", "/m/b", "tmpfs", 0, NULL), 0);
	KTAP_EXPECT_EQ(init_mkdir("/m/b/inner", 0755), 0);
	for (i = 0; error && i < 50; i++) {
		failslab_arm(NULL, i, 1);
		error = init_mount("/m", "/copy", NULL, MS_BIND | MS_REC, NULL);
		failslab_arm(NULL, 0, 0);
		KTAP_EXPECT(!error || error == -ENOMEM);
		KTAP_EXPECT(error || there("/copy/b/inner"));
	}
	KTAP_EXPECT(i >= 8); /* four mounts and their names */
	KTAP_EXPECT_EQ(umount("/copy", 0), -EBUSY);
	KTAP_EXPECT_EQ(umount("/copy", MNT_DETACH), 0);
	KTAP_EXPECT(!there("/copy/b"));
	KTAP_EXPECT(there("/m/b/inner"));
	KTAP_EXPECT_EQ(umount("/m", MNT_DETACH), 0);
	KTAP_EXPECT_EQ(init_rmdir("/m"), 0);
	KTAP_EXPECT_EQ(init_rmdir("/copy"), 0);
	KTAP_EXPECT(leaks_none(&before));
}

#define DEEP 1000

/* One on the other a thousand times: to take them away needs no stack. */
KTAP_SUITE(mount_deep)
{
	struct leaks before;
	int i, errors = 0;

	leaks_begin(&before);
	KTAP_EXPECT_EQ(init_mkdir("/m", 0755), 0);
	KTAP_EXPECT_EQ(init_mkdir("/copy", 0755), 0);
	for (i = 0; i < DEEP; i++)
		errors += init_mount("x", "/m", "ramfs", 0, NULL) != 0;
	KTAP_EXPECT_EQ(errors, 0);
	KTAP_EXPECT_EQ(init_mount("/", "/copy", NULL, MS_BIND | MS_REC, NULL), 0);
	KTAP_EXPECT_EQ(umount("/copy", MNT_DETACH), 0);
	for (i = 0; i < DEEP; i++)
		errors += umount("/m", 0) != 0;
	KTAP_EXPECT_EQ(errors, 0);
	KTAP_EXPECT_EQ(umount("/m", 0), -EINVAL);
	KTAP_EXPECT_EQ(init_rmdir("/m"), 0);
	KTAP_EXPECT_EQ(init_rmdir("/copy"), 0);
	KTAP_EXPECT(leaks_none(&before));
}
