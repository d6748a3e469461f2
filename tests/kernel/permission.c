/*
 * Who may: the mode bits of a file, and mounting.
 */
#include "kernel/fs/internal.h"
#include "kernel/sched/sched.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

/* Become an ordinary user of group @gid; returns what current was. */
static const struct cred *become(kuid_t uid, kgid_t gid)
{
	const struct cred *saved = get_cred(current->cred);
	struct cred *new = prepare_creds();

	new->uid = new->euid = new->fsuid = uid;
	new->gid = new->egid = new->fsgid = gid;
	new->cap_effective = 0;
	commit_creds(new);
	return saved;
}

static void back_to(const struct cred *saved)
{
	put_cred(current->cred);
	current->cred = saved;
}

/* The first class that one belongs to decides, also when a later one would allow more. */
KTAP_SUITE(first_class_decides)
{
	static const struct inode_operations no_operations;
	struct inode inode = {
		.i_mode = S_IFREG | 0046, .i_uid = KUIDT_INIT(1000),
		.i_gid = KGIDT_INIT(100), .i_op = &no_operations,
	};
	const struct cred *saved = become(KUIDT_INIT(1000), KGIDT_INIT(100));

	KTAP_EXPECT_EQ(inode_permission(&inode, MAY_READ), -EACCES);
	inode.i_uid = KUIDT_INIT(1001);
	KTAP_EXPECT_EQ(inode_permission(&inode, MAY_READ), 0);
	KTAP_EXPECT_EQ(inode_permission(&inode, MAY_WRITE), -EACCES);
	inode.i_gid = KGIDT_INIT(101);
	KTAP_EXPECT_EQ(inode_permission(&inode, MAY_READ | MAY_WRITE), 0);
	KTAP_EXPECT_EQ(inode_permission(&inode, MAY_EXEC), -EACCES);
	back_to(saved);
	KTAP_EXPECT_EQ(inode_permission(&inode, MAY_READ | MAY_WRITE), 0);
	KTAP_EXPECT_EQ(inode_permission(&inode, MAY_EXEC), -EACCES); /* root, too */
}

KTAP_SUITE(mount_is_privileged)
{
	struct path path = current->fs->root;
	const struct cred *saved = become(KUIDT_INIT(1000), KGIDT_INIT(100));

	KTAP_EXPECT_EQ(path_mount("none", &path, "ramfs", 0, NULL), -EPERM);
	KTAP_EXPECT_EQ(path_mount("none", &path, "no_such_type", 1, NULL), -EPERM);
	back_to(saved);
	KTAP_EXPECT_EQ(path_mount("none", &path, "no_such_type", 0, NULL), -ENODEV);
}
