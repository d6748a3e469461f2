/*
 * apparmor: which policies are understood, what is said about the others, and the verdicts.
 */
#include "kernel/security/apparmor/apparmor.h"
#include "kernel/security/security.h"
#include "net/core/sock.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

static const struct {
	const char *text;
	int count; /* of profiles, or -EINVAL */
	int line;
	const char *what; /* part of the message */
} policies[] = {
	{ "", 0, 0, "" },
	{ "# only a comment", 0, 0, "" },
	{ "profile x { }\n/bin/y { network, }", 2, 0, "" },
	{ "profile x /b/* flags=(complain, audit) {\n audit deny network inet,\n}", 1, 0, "" },
	{ "/bin/a (complain) { allow network tcp, network unix, }", 1, 0, "" },
	{ "profile \"two words\" /bin/a { network inet6 udp, }", 1, 0, "" },
	{ "profile x {\n network inet\n}", -EINVAL, 3, "',' after the rule" },
	{ "profile x {\n\n /etc/passwd r,\n}", -EINVAL, 3, "network rule" },
	{ "profile x { capability net_raw, }", -EINVAL, 1, "'capability'" },
	{ "\n\nprofile x {\n network,\n", -EINVAL, 3, "no closing '}'" },
	{ "profile x\n{ network foo, }", -EINVAL, 2, "'foo'" },
	{ "profile x { network unix tcp, }", -EINVAL, 1, "no protocol 'tcp'" },
	{ "profile x { network inet stream dgram, }", -EINVAL, 1, "'dgram'" },
	{ "#include <tunables/global>", -EINVAL, 1, "#include" },
	{ "profile x flags=(kill) { }", -EINVAL, 1, "'kill'" },
	{ "profile x flags=(enforce complain) { }", -EINVAL, 1, "both" },
	{ "profile x y { }", -EINVAL, 1, "absolute path" },
	{ "profile x /a[bc] { }", -EINVAL, 1, "'['" },
	{ "profile x { }\nprofile x { }", -EINVAL, 2, "twice" },
	{ "x { }", -EINVAL, 1, "'profile' or a path" },
	{ "profile x { }\n\001", -EINVAL, 2, "0x01" },
};

KTAP_SUITE(apparmor_parser)
{
	struct leaks before;

	leaks_begin(&before);
	for (unsigned int i = 0; i < ARRAY_SIZE(policies); i++) {
		struct aa_policy_error error = { 0 };
		LIST_HEAD(profiles);
		int count = aa_parse_policy(policies[i].text, &profiles, &error);

		KTAP_EXPECT_EQ(count, policies[i].count);
		KTAP_EXPECT_EQ(error.line, policies[i].line);
		KTAP_EXPECT(strstr(error.what, policies[i].what));
		aa_free_profiles(&profiles);
	}
	KTAP_EXPECT(leaks_none(&before));
}

/* No memory in the middle of it: nothing is loaded and nothing is lost. */
KTAP_SUITE(apparmor_parser_nomem)
{
	struct aa_policy_error error;
	struct leaks before;
	LIST_HEAD(profiles);

	leaks_begin(&before);
	for (unsigned int n = 0; n < 6; n++) {
		failslab_arm(NULL, n, 1);
		KTAP_EXPECT_EQ(aa_parse_policy("profile x /x { } profile y /y { }", &profiles,
					       &error), -ENOMEM);
		failslab.times = 0;
		KTAP_EXPECT(list_empty(&profiles));
	}
	KTAP_EXPECT(leaks_none(&before));
}

#define DENIED -EACCES, "DENIED"
#define SILENT -EACCES, ""
#define GRANTED 0, ""

static const struct {
	const char *flags, *rules;
	int family, type;
	int verdict;
	const char *audit;
} verdicts[] = {
	{ "enforce", "", AF_INET, SOCK_STREAM, DENIED },
	{ "enforce", "network,", AF_INET, SOCK_STREAM, GRANTED },
	{ "enforce", "network,", AF_NETLINK, SOCK_RAW, GRANTED },
	{ "enforce", "network inet,", AF_INET, SOCK_RAW, GRANTED },
	{ "enforce", "network inet,", AF_INET6, SOCK_RAW, DENIED },
	{ "enforce", "network inet stream,", AF_INET, SOCK_STREAM, GRANTED },
	{ "enforce", "network inet stream,", AF_INET, SOCK_DGRAM, DENIED },
	{ "enforce", "network stream,", AF_UNIX, SOCK_STREAM, GRANTED },
	{ "enforce", "network stream,", AF_UNIX, SOCK_DGRAM, DENIED },
	{ "enforce", "network tcp,", AF_INET6, SOCK_STREAM, GRANTED },
	{ "enforce", "network tcp,", AF_UNIX, SOCK_STREAM, DENIED },
	{ "enforce", "network inet udp,", AF_INET, SOCK_DGRAM, GRANTED },
	{ "enforce", "network inet udp,", AF_INET6, SOCK_DGRAM, DENIED },
	{ "enforce", "network icmp,", AF_INET, SOCK_RAW, GRANTED },
	{ "enforce", "network icmp,", AF_INET, SOCK_DGRAM, DENIED },
	{ "enforce", "network packet,", AF_PACKET, SOCK_PACKET, GRANTED },
	/* deny wins, wherever it stands, and is silent unless audited */
	{ "enforce", "network, deny network inet dgram,", AF_INET, SOCK_DGRAM, SILENT },
	{ "enforce", "deny network inet dgram, network,", AF_INET, SOCK_DGRAM, SILENT },
	{ "enforce", "deny network inet dgram, network,", AF_INET, SOCK_STREAM, GRANTED },
	{ "enforce", "network, audit deny network inet,", AF_INET, SOCK_DGRAM, DENIED },
	{ "audit", "network, deny network inet,", AF_INET, SOCK_DGRAM, DENIED },
	{ "enforce", "audit network inet,", AF_INET, SOCK_DGRAM, 0, "AUDIT" },
	{ "audit", "network inet,", AF_INET, SOCK_DGRAM, 0, "AUDIT" },
	/* complain lets it happen, but for a plain deny */
	{ "complain", "", AF_INET, SOCK_STREAM, 0, "ALLOWED" },
	{ "complain", "network inet,", AF_INET, SOCK_STREAM, GRANTED },
	{ "complain", "deny network inet,", AF_INET, SOCK_STREAM, SILENT },
	{ "complain", "audit deny network inet,", AF_INET, SOCK_STREAM, 0, "ALLOWED" },
};

KTAP_SUITE(apparmor_verdicts)
{
	struct aa_policy_error error;
	const char *audit;
	char text[128];

	for (unsigned int i = 0; i < ARRAY_SIZE(verdicts); i++) {
		LIST_HEAD(profiles);

		snprintf(text, sizeof(text), "profile x flags=(%s) { %s }", verdicts[i].flags,
			 verdicts[i].rules);
		KTAP_EXPECT_EQ(aa_parse_policy(text, &profiles, &error), 1);
		if (list_empty(&profiles))
			continue;
		KTAP_EXPECT_EQ(aa_net_perm(list_first_entry(&profiles, struct aa_profile, list),
					   verdicts[i].family, verdicts[i].type, &audit),
			       verdicts[i].verdict);
		KTAP_EXPECT_EQ(strcmp(audit ? audit : "", verdicts[i].audit), 0);
		aa_free_profiles(&profiles);
	}
}

static const struct {
	const char *glob, *path;
	bool match;
} globs[] = {
	{ "/bin/a", "/bin/a", true },     { "/bin/a", "/bin/ab", false },
	{ "/bin/*", "/bin/a", true },     { "/bin/*", "/bin/", false },
	{ "/bin/*", "/bin/a/b", false },  { "/bin/**", "/bin/a/b", true },
	{ "/bin/**", "/bin/", false },    { "/a?c", "/abc", true },
	{ "/a?c", "/a/c", false },        { "/a*c", "/ac", true },
	{ "/a**c", "/a/b/c", true },      { "/*/x", "/a/x", true },
	{ "/*/x", "/a/b/x", false },      { "/**/x", "/a/b/x", true },
	{ "/a*b*c", "/aXbYbZc", true },
};

KTAP_SUITE(apparmor_globs)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(globs); i++)
		KTAP_EXPECT_EQ(aa_glob_match(globs[i].glob, globs[i].path), globs[i].match);
}

/* Put current under the profile attached to /init, as running that program would. */
static bool confine(void)
{
	struct file *file = filp_open("/init", O_RDONLY, 0);
	struct cred *new = prepare_creds();
	bool ok;

	if (IS_ERR(file) || !new)
		return false;
	ok = !apparmor_bprm_creds_for_exec(new, file);
	fput(file);
	commit_creds(new);
	return ok;
}

static void unconfine(void)
{
	struct cred *new = prepare_creds();

	BUG_ON(!new);
	aa_put_profile(*cred_label(new));
	*cred_label(new) = NULL;
	commit_creds(new);
}

/* The boot's policy back in force. */
static void restore_policy(void)
{
	struct file *file = filp_open("/etc/apparmor.d/ringwalk", O_RDONLY, 0);
	loff_t pos = 0;
	char *text;

	if (IS_ERR(file))
		return;
	text = kzalloc(file->f_inode->i_size + 1, GFP_KERNEL);
	if (text && kernel_read(file, text, file->f_inode->i_size, &pos) >= 0)
		aa_load_policy("ringwalk", text);
	kfree(text);
	fput(file);
}

KTAP_SUITE(apparmor_confined_task)
{
	struct socket *sock;
	struct leaks before;
	int fd;

	unconfine();
	aa_load_policy("ktap", "");
	leaks_begin(&before);

	KTAP_EXPECT_EQ(aa_load_policy("ktap", "profile one /in* { }\n"
					      "profile two /init { network inet stream, }"), 2);
	KTAP_EXPECT(confine());
	KTAP_EXPECT_EQ(strcmp((*cred_label(current_cred()))->name, "two"), 0);
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_DGRAM, 0), -EACCES);
	KTAP_EXPECT_EQ(__sys_socket(AF_INET6, SOCK_STREAM, 0), -EACCES);
	fd = __sys_socket(AF_INET, SOCK_STREAM, 0);
	KTAP_EXPECT(fd >= 0);
	KTAP_EXPECT(fd_socket(fd)->sk->sk_security);

	/* The kernel's own sockets pass. */
	KTAP_EXPECT_EQ(sock_create_kern(&init_net, AF_INET, SOCK_DGRAM, 0, &sock), 0);
	sock_release(sock);

	/* A wrong policy changes nothing, a new one holds at once, an empty one frees all. */
	KTAP_EXPECT_EQ(aa_load_policy("ktap", "profile two /init { network, } oops"), -EINVAL);
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_DGRAM, 0), -EACCES);
	KTAP_EXPECT_EQ(aa_load_policy("ktap", "profile two { deny network, }"), 1);
	KTAP_EXPECT_EQ(__sys_socket(AF_INET, SOCK_STREAM, 0), -EACCES);
	KTAP_EXPECT_EQ(aa_load_policy("ktap", ""), 0);
	close_fd(fd);
	fd = __sys_socket(AF_INET, SOCK_DGRAM, 0);
	KTAP_EXPECT(fd >= 0);
	close_fd(fd);

	unconfine();
	KTAP_EXPECT(leaks_none(&before));
	restore_policy();
}
