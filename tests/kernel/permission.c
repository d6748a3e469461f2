/*
 * Who may: the mode bits of a file, and mounting.
 */
#include "kernel/fs/internal.h"
#include "kernel/sched/sched.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"
#include "tests/kernel/user.h"

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

/* mov eax, NUMBER; lea rdi, [the text behind the code]; syscall; exit_group(-eax) */
#define CALL_WITH_TEXT(number)                                                          \
	"\xb8" number "\0\0\0" "\x48\x8d\x3d\x0d\0\0\0" "\x0f\x05" "\xf7\xd8" "\x89\xc7"  \
	"\xb8\xe7\0\0\0" "\x0f\x05"
/* The same with the descriptor FD as the argument. */
#define CALL_WITH_FD(number, fd)                                                        \
	"\xb8" number "\0\0\0" "\xbf" fd "\0\0\0" "\x0f\x05" "\xf7\xd8" "\x89\xc7"        \
	"\xb8\xe7\0\0\0" "\x0f\x05"
#define RUN(code) run_user_code(&(struct user_code){ .bytes = (code), .len = sizeof(code) })

/* chdir() and fchdir() into a directory that one may not search. */
KTAP_SUITE(chdir_needs_search_permission)
{
	static const char chdir[] = CALL_WITH_TEXT("\x50") "/secret";
	static const char fchdir[] = CALL_WITH_FD("\x51", "\0");
	const struct cred *saved;
	struct file *dir;

	KTAP_EXPECT_EQ(init_mkdir("/secret", 0744), 0);
	dir = filp_open("/secret", O_RDONLY | O_DIRECTORY, 0);
	KTAP_EXPECT_EQ(get_unused_fd_flags(0), 0);
	fd_install(0, dir);
	KTAP_EXPECT_EQ(RUN(chdir), 0);
	KTAP_EXPECT_EQ(RUN(fchdir), 0);
	saved = become(KUIDT_INIT(1000), KGIDT_INIT(100));
	KTAP_EXPECT_EQ(RUN(chdir), EACCES << 8);
	KTAP_EXPECT_EQ(RUN(fchdir), EACCES << 8);
	back_to(saved);
	KTAP_EXPECT_EQ(filp_close(file_close_fd(0), current->files), 0);
	KTAP_EXPECT_EQ(init_rmdir("/secret"), 0);
}
