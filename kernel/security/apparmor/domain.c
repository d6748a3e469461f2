/*
 * Which profile a program runs under: the one whose attachment matches the program's path best.
 * Linux: security/apparmor/domain.c, path.c
 */
#include "kernel/fs/fs.h"
#include "kernel/security/apparmor/apparmor.h"

/* The wild cards of a compiled glob; all other bytes stand for themselves. */
#define GLOB_ONE 1    /* any byte but '/' */
#define GLOB_STAR 2   /* any number of them */
#define GLOB_STAR2 3  /* any number of any bytes */

/*
 * A '*' or '**' that fills a whole path component stands for at least one byte: a directory is not
 * among its own contents. @prog: room for 2 * AA_NAME_MAX. Returns its length.
 */
static int glob_compile(const char *glob, u8 *prog)
{
	int n = 0;

	for (const char *p = glob; *p; p++) {
		bool after_slash = p > glob && p[-1] == '/';

		if (*p == '?') {
			prog[n++] = GLOB_ONE;
		} else if (*p == '*' && p[1] == '*') {
			while (p[1] == '*')
				p++;
			if (after_slash && !p[1])
				prog[n++] = GLOB_ONE;
			prog[n++] = GLOB_STAR2;
		} else if (*p == '*') {
			if (after_slash && (!p[1] || p[1] == '/'))
				prog[n++] = GLOB_ONE;
			prog[n++] = GLOB_STAR;
		} else {
			prog[n++] = *p;
		}
	}
	return n;
}

/* From each position in @at, the stars ahead may also stand for nothing. */
static void glob_skip_stars(const u8 *prog, int n, bool *at)
{
	for (int i = 0; i < n; i++) {
		if (at[i] && (prog[i] == GLOB_STAR || prog[i] == GLOB_STAR2))
			at[i + 1] = true;
	}
}

/* @at: the positions in @prog that the bytes so far can have led to. Move them past byte @c. */
static void glob_step(const u8 *prog, int n, bool *at, char c)
{
	bool next[2 * AA_NAME_MAX + 1] = { false };

	for (int i = 0; i < n; i++) {
		if (!at[i])
			continue;
		if (prog[i] == GLOB_STAR2 || (prog[i] == GLOB_STAR && c != '/'))
			next[i] = true;
		else if (prog[i] == (u8)c || (prog[i] == GLOB_ONE && c != '/'))
			next[i + 1] = true;
	}
	memcpy(at, next, n + 1);
	glob_skip_stars(prog, n, at);
}

/* Does all of @path match @glob (at most AA_NAME_MAX bytes)? One pass over the path. */
bool aa_glob_match(const char *glob, const char *path)
{
	bool at[2 * AA_NAME_MAX + 1] = { true };
	u8 prog[2 * AA_NAME_MAX];
	int n = glob_compile(glob, prog);

	glob_skip_stars(prog, n, at);
	for (; *path; path++) {
		if (*path > 0 && *path <= GLOB_STAR2)
			return false; /* no policy can name such bytes */
		glob_step(prog, n, at, *path);
	}
	return at[n];
}

/* How specific: bytes before the first wild card; a glob without one beats all. */
static int glob_rank(const char *glob)
{
	int rank = 0;

	while (glob[rank] && glob[rank] != '*' && glob[rank] != '?')
		rank++;
	return glob[rank] ? rank : AA_NAME_MAX + 1;
}

/* Two that match equally well cancel each other, as on Linux, and that is logged. */
struct aa_profile *aa_find_attach(const char *path)
{
	struct aa_profile *profile, *best = NULL;
	bool conflict = false;

	list_for_each_entry(profile, &aa_profiles, list) {
		int gain;

		if (!profile->attach || !aa_glob_match(profile->attach, path))
			continue;
		gain = best ? glob_rank(profile->attach) - glob_rank(best->attach) : 1;
		if (gain > 0)
			best = profile;
		if (gain >= 0)
			conflict = gain == 0;
	}
	if (conflict)
		pr_warn_ratelimited("AppArmor: %s: conflicting profile attachments\n", path);
	return conflict ? NULL : best;
}

/*
 * The absolute path of @dentry, at the end of @buf: names upwards until the root, which is its own
 * parent. Whatever name the program was called by, this is where it lies. NULL: longer than @size.
 */
static char *path_name(const struct dentry *dentry, char *buf, size_t size)
{
	char *p = buf + size;

	*--p = '\0';
	for (; dentry->d_parent != dentry; dentry = dentry->d_parent) {
		size_t len = dentry->d_name.len;

		if ((size_t)(p - buf) < len + 1)
			return NULL;
		p -= len;
		memcpy(p, dentry->d_name.name, len);
		*--p = '/';
	}
	return p;
}

/* A program without a profile of its own runs under its caller's. */
int apparmor_bprm_creds_for_exec(struct cred *new, struct file *file)
{
	struct aa_profile **label = cred_label(new);
	struct aa_profile *profile;
	char *buf, *path;

	if (list_empty(&aa_profiles))
		return 0;
	buf = kmalloc(PATH_MAX, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	path = path_name(file->f_path.dentry, buf, PATH_MAX);
	profile = path ? aa_find_attach(path) : NULL;
	kfree(buf);
	if (!path)
		return -ENAMETOOLONG;

	if (profile) {
		aa_get_profile(profile);
		aa_put_profile(*label);
		*label = profile;
	}
	return 0;
}
