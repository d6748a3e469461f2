/*
 * socket_table.c - what socket(family, type, protocol) answers, row by row, as root and as nobody.
 *
 * The last sections hold the rows Linux answers by code ringwalk does not have (MPTCP, UDP-Lite,
 * AF_PACKET, other address families); their titles begin with "elsewhere". See docs/differences.md.
 */
#include "abi.h"

#include <limits.h>
#include <sys/socket.h>

struct row {
	int family, type, protocol;
};

static const struct row inet_rows[] = {
	/* one protocol per type, found by number or by 0 */
	{ 2, 1, 0 }, { 2, 1, 6 }, { 2, 2, 0 }, { 2, 2, 17 },
	{ 2, 1, 17 }, { 2, 1, 1 }, { 2, 1, 132 }, { 2, 1, 255 }, { 2, 1, 256 }, { 2, 1, 261 },
	{ 2, 2, 6 }, { 2, 2, 1 }, { 2, 2, 255 },
	/* raw takes any protocol but 0, and needs CAP_NET_RAW once one is found */
	{ 2, 3, 0 }, { 2, 3, 1 }, { 2, 3, 6 }, { 2, 3, 17 }, { 2, 3, 255 }, { 2, 3, 256 },
	/* protocol out of range, before the type is looked up */
	{ 2, 1, 263 }, { 2, 1, -1 }, { 2, 2, 300 }, { 2, 3, -1 }, { 2, 7, -1 }, { 2, 1, INT_MIN },
	/* types without a protocol */
	{ 2, 0, 0 }, { 2, 4, 0 }, { 2, 4, 6 }, { 2, 5, 0 }, { 2, 5, 132 }, { 2, 6, 0 }, { 2, 7, 0 },
	{ 2, 8, 0 }, { 2, 9, 0 },
	/* types out of range */
	{ 2, 11, 0 }, { 2, 11, 6 }, { 2, 12, 0 }, { 2, 13, 0 }, { 2, 14, 0 }, { 2, 15, 0 },
	{ 2, 16, 0 }, { 2, -1, 0 }, { 2, INT_MIN + 1, 0 },
	/* flags */
	{ 2, 1 | SOCK_CLOEXEC, 0 }, { 2, 1 | SOCK_NONBLOCK, 0 },
	{ 2, 1 | SOCK_CLOEXEC | SOCK_NONBLOCK, 6 }, { 2, 2 | SOCK_NONBLOCK, 0 },
	{ 2, 1 | SOCK_CLOEXEC, 17 }, { 2, 15 | SOCK_CLOEXEC, 0 },
	{ 2, 1 | 0x10, 0 }, { 2, 1 | 0x20, 0 }, { 2, 1 | 0x100, 0 }, { 2, 1 | 0x400, 0 },
	{ 2, 1 | 0x1000, 0 }, { 2, 1 | 0x40000000, 0 },
};

static const struct row range_rows[] = {
	{ 0, 1, 0 }, { 3, 5, 0 }, { 45, 2, 0 },
	{ 46, 0, 0 }, { 46, 1, 0 }, { 46, 15, 0 }, { 46, 1, -1 }, { 255, 1, 0 }, { INT_MAX, 1, 0 },
	{ -1, 1, 0 }, { INT_MIN, 1, 0 }, { -1, 0x11, 0 }, { 46, 0x11, 0 },
	{ 0, 11, 0 }, { 3, 11, 0 }, { 3, 1, -1 },
};

static const struct row mptcp_rows[] = { { 2, 1, 262 } };
static const struct row udplite_rows[] = { { 2, 2, 136 } };
static const struct row packet_rows[] = {
	{ 2, 10, 0 }, { 2, 10, 3 }, { 2, 10, 768 }, { 17, 3, 0 }, { 17, 10, 0 }, { 17, 1, 0 },
};
static const struct row unix_rows[] = {
	{ 1, 1, 0 }, { 1, 1, 1 }, { 1, 2, 0 }, { 1, 3, 0 }, { 1, 5, 0 }, { 1, 1, 6 }, { 1, 4, 0 },
	{ 1, 0, 0 },
};
static const struct row inet6_rows[] = { { 10, 1, 0 }, { 10, 1, 6 }, { 10, 2, 0 }, { 10, 3, 58 } };
static const struct row netlink_rows[] = {
	{ 16, 3, 0 }, { 16, 2, 0 }, { 16, 1, 0 }, { 16, 3, 32 }, { 16, 3, -1 },
};

static void print_row(const struct row *r)
{
	long fd = sys(socket, r->family, r->type, r->protocol);
	char call[64];

	snprintf(call, sizeof(call), "socket(%d, %#x, %d)", r->family, (unsigned int)r->type,
		 r->protocol);
	if (fd < 0) {
		line("%s = %s", call, text(fd));
		return;
	}
	line("%s = fd, F_GETFL %#lo, F_GETFD %ld", call, (unsigned long)sys(fcntl, fd, F_GETFL),
	     sys(fcntl, fd, F_GETFD));
	CHECK(fd == 3);
	CHECK(sys(close, fd) == 0);
	CHECK(sys(close, fd) == -EBADF);
}

#define SECTION(title, rows)	print_section(title, who, rows, ARRAY_SIZE(rows))

static void print_section(const char *title, const char *who, const struct row *rows, size_t n)
{
	line("[%s, %s]", title, who);
	for (size_t i = 0; i < n; i++)
		print_row(&rows[i]);
}

static int print_ours(void *name)
{
	const char *who = name;

	SECTION("AF_INET", inet_rows);
	SECTION("ranges", range_rows);
	return failures;
}

static int print_elsewhere(void *name)
{
	const char *who = name;

	SECTION("elsewhere: MPTCP", mptcp_rows);
	SECTION("elsewhere: UDP-Lite", udplite_rows);
	SECTION("elsewhere: AF_PACKET", packet_rows);
	SECTION("elsewhere: AF_UNIX", unix_rows);
	SECTION("elsewhere: AF_INET6", inet6_rows);
	SECTION("elsewhere: AF_NETLINK", netlink_rows);
	return failures;
}

static int as_nobody(void *table)
{
	int (*print)(void *) = *(int (**)(void *))table;

	become_nobody();
	return print("nobody");
}

int main(void)
{
	int (*ours)(void *) = print_ours, (*elsewhere)(void *) = print_elsewhere;

	close_inherited();
	print_ours("root");
	CHECK(in_child(as_nobody, &ours) == 0);
	print_elsewhere("root");
	CHECK(in_child(as_nobody, &elsewhere) == 0);
	return verdict();
}
