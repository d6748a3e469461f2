/*
 * caps.c - capget() and capset(), securebits, the bounding and the ambient set, and what a change of user
 * ids does to capabilities. Run as root.
 */
#include "abi.h"

#include <sys/prctl.h>

#define BAD ((void *)8)
#define V1 0x19980330
#define V2 0x20071026
#define V3 0x20080522

/* Numbers of capabilities. */
#define CHOWN 0
#define KILL 5
#define SETUID 7
#define SETPCAP 8
#define NET_RAW 13
#define NOT_ONE 41

/* Securebits. */
#define NOROOT 1
#define NOROOT_LOCKED 2
#define NO_SETUID_FIXUP 4
#define KEEP_CAPS 16
#define KEEP_CAPS_LOCKED 32
#define NO_AMBIENT 64

struct head {
	uint32_t version;
	int pid;
};

struct sets {
	uint32_t effective, permitted, inheritable;
};

static struct head head;
static struct sets sets[2];

/* Those of this process: as much of each set as tells it apart. */
static void show_caps(void)
{
	struct head h = { V3, 0 };
	struct sets s[2] = { };

	CHECK(sys(capget, &h, s) == 0);
	line("  effective %x %x, permitted %x %x, inheritable %x %x, uid %ld %ld", s[1].effective, s[0].effective,
	     s[1].permitted, s[0].permitted, s[1].inheritable, s[0].inheritable, sys(getuid), sys(geteuid));
}

static long set_caps(uint64_t effective, uint64_t permitted, uint64_t inheritable)
{
	struct head h = { V3, 0 };
	struct sets s[2] = {
		{ effective, permitted, inheritable },
		{ effective >> 32, permitted >> 32, inheritable >> 32 },
	};

	return sys(capset, &h, s);
}

#define capset(e, p, i)	line("capset(" #e ", " #p ", " #i "): %s", text(set_caps(e, p, i)))

static void versions(void)
{
	static const uint32_t all[] = { V1, V2, V3, 0, 0x20080523 };

	line("[versions]");
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		memset(sets, 0x77, sizeof(sets));
		head = (struct head){ all[i], 0 };
		line("capget(%#x): %s", all[i], text(sys(capget, &head, sets)));
		line("  version now %#x, second struct %s", head.version,
		     sets[1].effective == 0x77777777 ? "untouched" : "written");
		head = (struct head){ all[i], 0 };
		line("capget(%#x, no data): %s", all[i], text(sys(capget, &head, 0)));
		line("  version now %#x", head.version);
		head = (struct head){ all[i], 0 };
		line("capset(%#x, no data): %s", all[i], text(sys(capset, &head, 0)));
	}
	show(capget, BAD, sets);
	show(capget, BAD, 0);
	show(capset, BAD, sets);
	head = (struct head){ V3, 0 };
	show(capget, &head, BAD);
	show(capset, &head, BAD);
	head = (struct head){ V3, -1 };
	show(capget, &head, sets);
	show(capset, &head, sets);
	head = (struct head){ V3, 999999 };
	show(capget, &head, sets);
	show(capset, &head, sets);
	show(capset, &head, BAD);
	head = (struct head){ V3, 1 };
	show(capget, &head, sets);
	show(capset, &head, sets);
}

static int dropping(void *unused)
{
	(void)unused;
	line("[giving up]");
	show_caps();
	capset(1ull << KILL, ~0ull, 0);
	show_caps();
	capset(~0ull, ~0ull, ~0ull);
	show_caps();
	capset(1ull << KILL, 1ull << KILL, 1ull << CHOWN);
	show_caps();
	capset(1ull << KILL | 1, 1ull << KILL, 0);
	capset(0, 1ull << KILL | 1, 0);
	capset(0, 0, 1ull << NET_RAW);
	capset(0, 0, 0);
	capset(1ull << KILL, 1ull << KILL, 0);
	show_caps();
	show(setuid, 1000);
	show(setresuid, 1, 2, 3);
	show(setgid, 1000);
	return failures;
}

static int ids_and_caps(void *keep)
{
	line("[ids, %s]", keep ? "PR_SET_KEEPCAPS" : "plain");
	if (keep)
		show(prctl, PR_SET_KEEPCAPS, 1);
	show(setresuid, -1, 1000, -1);
	show_caps();
	show(setresuid, -1, 0, -1);
	show_caps();
	show(setresuid, 1000, 1000, 1000);
	show_caps();
	capset(1ull << KILL, 1ull << KILL, 0);
	show_caps();
	show(prctl, PR_GET_KEEPCAPS);
	return failures;
}

static int no_fixup(void *unused)
{
	(void)unused;
	line("[ids, SECURE_NO_SETUID_FIXUP]");
	show(prctl, PR_SET_SECUREBITS, NO_SETUID_FIXUP);
	long fd = sys(open, "/secret", O_CREAT | O_WRONLY, 0);

	sys(close, fd);
	show(setresuid, 1000, 1000, 1000);
	show_caps();
	show(access, "/secret", R_OK | W_OK); /* the capabilities stay here, too */
	show(faccessat2, AT_FDCWD, "/secret", R_OK, AT_EACCESS);
	capset(0ull, ~0ull, 0ull);
	show(access, "/secret", R_OK);
	capset(~0ull, ~0ull, 0ull);
	show(unlink, "/secret");
	show(setresuid, 0, 0, 0);
	show(setfsuid, 1000);
	show_caps();
	return failures;
}

static int fs_ids(void *unused)
{
	(void)unused;
	line("[setfsuid]");
	show(setfsuid, 1000);
	show_caps();
	show(setfsuid, 0);
	show_caps();
	return failures;
}

static int securebits(void *unused)
{
	(void)unused;
	line("[securebits]");
	show(prctl, PR_GET_SECUREBITS);
	show(prctl, PR_SET_KEEPCAPS, 2);
	show(prctl, PR_SET_KEEPCAPS, 1);
	show(prctl, PR_GET_SECUREBITS);
	show(prctl, PR_GET_KEEPCAPS);
	show(prctl, PR_SET_SECUREBITS, 0x100);
	show(prctl, PR_SET_SECUREBITS, KEEP_CAPS | KEEP_CAPS_LOCKED);
	show(prctl, PR_SET_KEEPCAPS, 0);
	show(prctl, PR_SET_SECUREBITS, KEEP_CAPS_LOCKED);
	show(prctl, PR_SET_SECUREBITS, KEEP_CAPS);
	show(prctl, PR_SET_SECUREBITS, KEEP_CAPS | KEEP_CAPS_LOCKED | NOROOT);
	show(prctl, PR_GET_SECUREBITS);
	show(prctl, PR_SET_SECUREBITS, 0xff);
	show(prctl, PR_GET_SECUREBITS);
	show(prctl, PR_SET_SECUREBITS, 0xff);
	capset(0, 0, 0);
	show(prctl, PR_SET_SECUREBITS, 0xff);
	show(prctl, PR_GET_SECUREBITS);
	return failures;
}

static int bounding_set(void *unused)
{
	(void)unused;
	line("[bounding set]");
	show(prctl, PR_CAPBSET_READ, NET_RAW);
	show(prctl, PR_CAPBSET_READ, 40);
	show(prctl, PR_CAPBSET_READ, NOT_ONE);
	show(prctl, PR_CAPBSET_READ, -1);
	show(prctl, PR_CAPBSET_DROP, NOT_ONE);
	show(prctl, PR_CAPBSET_DROP, NET_RAW);
	show(prctl, PR_CAPBSET_READ, NET_RAW);
	show(prctl, PR_CAPBSET_DROP, NET_RAW);
	show_caps();
	capset(~0ull, ~0ull, 1ull << NET_RAW);
	capset(~0ull, ~0ull, 1ull << KILL);
	become_nobody();
	show(prctl, PR_CAPBSET_READ, KILL);
	show(prctl, PR_CAPBSET_DROP, KILL);
	show(prctl, PR_CAPBSET_DROP, NOT_ONE);
	return failures;
}

static int ambient(void *unused)
{
	(void)unused;
	line("[ambient set]");
	show(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, KILL, 0, 0);
	show(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, NOT_ONE, 0, 0);
	show(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, KILL, 1, 0);
	show(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, KILL, 0, 0);
	capset(~0ull, ~0ull, 1ull << KILL | 1ull << NET_RAW);
	show(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, KILL, 0, 1);
	show(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, KILL, 0, 0);
	show(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, KILL, 0, 0);
	show(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, KILL, 0, 0);
	show(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, KILL, 0, 0);
	show(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, KILL, 0, 0);
	show(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, NET_RAW, 0, 0);
	capset(~0ull, ~0ull, 1ull << NET_RAW);
	show(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, KILL, 0, 0);
	show(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, NET_RAW, 0, 0);
	show(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 1, 0, 0);
	show(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	show(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, NET_RAW, 0, 0);
	show(prctl, PR_CAP_AMBIENT, 9, NET_RAW, 0, 0);
	show(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, NET_RAW, 0, 0);
	show(prctl, PR_SET_SECUREBITS, NO_AMBIENT);
	show(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, NET_RAW, 0, 0);
	show(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, NET_RAW, 0, 0);
	show(prctl, PR_SET_SECUREBITS, 0);
	show(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, NET_RAW, 0, 0);
	show(prctl, PR_SET_KEEPCAPS, 1);
	show(setresuid, 1000, 1000, 1000);
	show_caps();
	show(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, NET_RAW, 0, 0);
	return failures;
}

int main(void)
{
	versions();
	try("giving up", dropping, NULL);
	try("ids", ids_and_caps, NULL);
	try("ids with PR_SET_KEEPCAPS", ids_and_caps, "");
	try("ids with SECURE_NO_SETUID_FIXUP", no_fixup, NULL);
	try("setfsuid", fs_ids, NULL);
	try("securebits", securebits, NULL);
	try("bounding set", bounding_set, NULL);
	try("ambient set", ambient, NULL);
	return verdict();
}
