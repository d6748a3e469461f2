/*
 * ids.c - user and group ids, supplementary groups, and what CAP_NET_RAW hangs on. Run as root.
 */
#include "abi.h"

#include <sys/socket.h>

static void print_ids(void)
{
	unsigned int u[3], g[3];

	CHECK(sys(getresuid, &u[0], &u[1], &u[2]) == 0);
	CHECK(sys(getresgid, &g[0], &g[1], &g[2]) == 0);
	CHECK(sys(getuid) == u[0] && sys(geteuid) == u[1]);
	CHECK(sys(getgid) == g[0] && sys(getegid) == g[1]);
	line("  uid %u %u %u fs %ld, gid %u %u %u fs %ld", u[0], u[1], u[2], sys(setfsuid, -1),
	     g[0], g[1], g[2], sys(setfsgid, -1));
}

static void raw_socket(void)
{
	long fd = sys(socket, AF_INET, SOCK_RAW, 253);

	line("  raw socket: %s", ok(fd));
	if (fd >= 0)
		sys(close, fd);
}

static int set_all(void *unused)
{
	(void)unused;
	show(setuid, 1000);
	print_ids();
	raw_socket();
	show(setuid, 0);
	show(setuid, 1001);
	show(setuid, 1000);
	return failures;
}

static int saved_uid(void *unused)
{
	(void)unused;
	show(setresuid, -1, 1000, -1);
	print_ids();
	raw_socket();
	show(setuid, 1000);
	print_ids();
	show(setresuid, -1, 0, -1);
	print_ids();
	raw_socket();
	show(setresuid, 1, 2, 3);
	print_ids();
	raw_socket();
	show(setresuid, 3, 1, 2);
	print_ids();
	show(setresuid, 1, 1, 4);
	show(setresuid, -1, -1, -1);
	print_ids();
	return failures;
}

static int real_and_effective(void *unused)
{
	(void)unused;
	show(setreuid, 1000, 2000);
	print_ids();
	show(setreuid, -1, 1000);
	print_ids();
	show(setreuid, 2000, 1000);
	print_ids();
	show(setreuid, 3000, -1);
	show(setreuid, -1, 3000);
	return failures;
}

static int only_effective_root(void *unused)
{
	(void)unused;
	show(setreuid, 1000, 0);
	print_ids();
	raw_socket();
	show(setreuid, 0, 1000);
	print_ids();
	raw_socket();
	show(setreuid, -1, 0);
	raw_socket();
	return failures;
}

static int groups_of_one(void *unused)
{
	(void)unused;
	show(setresgid, 10, 20, 30);
	print_ids();
	raw_socket();
	show(setregid, 20, 10);
	print_ids();
	show(setgid, 5);
	print_ids();
	show(setresuid, 1000, 1000, 1000);
	show(setgid, 6);
	show(setgid, 5);
	show(setresgid, 5, 5, 6);
	show(setregid, -1, 0);
	print_ids();
	return failures;
}

static int filesystem_ids(void *unused)
{
	(void)unused;
	show(setfsuid, 1234);
	show(setfsuid, -1);
	show(setfsgid, 4321);
	show(setfsgid, -1);
	print_ids();
	raw_socket();
	show(setresuid, -1, 1000, -1);
	print_ids();
	show(setfsuid, 77);
	show(setfsuid, -1);
	show(setfsuid, 0);
	show(setfsuid, -1);
	return failures;
}

static void print_groups(void)
{
	unsigned int list[8] = { 0 };
	char words[128] = "";
	long n = sys(getgroups, 8, list);

	for (long i = 0; i < n; i++)
		snprintf(words + strlen(words), sizeof(words) - strlen(words), " %u", list[i]);
	line("  groups:%s", words);
}

static int supplementary(void *unused)
{
	unsigned int list[4] = { 30, 10, 20, 10 };

	(void)unused;
	show(setgroups, 4, list);
	print_groups();
	show(getgroups, 0, NULL);
	show(getgroups, 3, list);
	show(getgroups, -1, list);
	show(setgroups, 65537, list);
	show(setgroups, -1, list);
	show(setgroups, 0, NULL);
	print_groups();
	show(setgroups, 1, list);
	list[0] = -1;
	show(setgroups, 1, list);
	print_groups();
	show(setresuid, 1000, 1000, 1000);
	show(setgroups, 0, NULL);
	print_groups();
	return failures;
}

/* As many as there may be, in the order that is the hardest to sort. */
static int many_groups(void *unused)
{
	static unsigned int list[65536];
	unsigned int sorted = 1;

	(void)unused;
	for (unsigned int i = 0; i < 65536; i++)
		list[i] = 65536 - i;
	show(setgroups, 65536, list);
	show(getgroups, 65536, list);
	for (unsigned int i = 1; i < 65536; i++)
		sorted &= list[i - 1] <= list[i];
	line("sorted: %u, from %u to %u", sorted, list[0], list[65535]);
	return failures;
}

int main(void)
{
	print_ids();
	raw_socket();
	try("setuid", set_all, NULL);
	try("setresuid", saved_uid, NULL);
	try("setreuid", real_and_effective, NULL);
	try("setreuid, effective root", only_effective_root, NULL);
	try("group ids", groups_of_one, NULL);
	try("setfsuid", filesystem_ids, NULL);
	try("setgroups", supplementary, NULL);
	try("setgroups, many", many_groups, NULL);
	print_ids();
	return verdict();
}
