/*
 * The parser of the policy language, which is AppArmor's own: see apparmor.d(5). It understands
 * profiles with network rules and refuses everything else, so that no rule is silently ignored.
 *
 *   # a comment
 *   profile NAME [/attach/path] [flags=(complain|enforce|audit ...)] {
 *     [audit] [allow|deny] network [DOMAIN] [TYPE|PROTOCOL],
 *   }
 *   /path/that/is/the/name/too { ... }
 *
 * On Linux apparmor_parser(8) does this in ring 3 and passes the kernel compiled tables.
 */
#include "kernel/security/apparmor/apparmor.h"
#include "kernel/security/apparmor/parser.h"

/* The qualifiers of a rule. */
struct rule {
	bool audit, deny;
};

/* Add to @profile: sockets of @family (-1: any) with any of the types in mask @types. */
static void add_rule(struct aa_profile *profile, const struct rule *rule, int family, u16 types)
{
	int first = family < 0 ? 0 : family;
	int last = family < 0 ? AF_MAX - 1 : family;

	for (int f = first; f <= last; f++) {
		if (rule->deny) {
			profile->net_deny[f] |= types;
			profile->net_deny_audit[f] |= rule->audit ? types : 0;
		} else {
			profile->net_allow[f] |= types;
			profile->net_audit[f] |= rule->audit ? types : 0;
		}
	}
}

/* What a protocol's name stands for; for icmp apparmor_parser knows no inet6 either. */
static const struct {
	const char *name;
	u8 type;
	bool inet6;
} protocols[] = {
	{ "tcp", SOCK_STREAM, true },
	{ "udp", SOCK_DGRAM, true },
	{ "icmp", SOCK_RAW, false },
};

/* The current word is a type or a protocol, in @family (-1: in any that has it). */
static int parse_type(struct parser *p, struct aa_profile *profile, const struct rule *rule,
		      int family)
{
	int type = aa_type_number(p->word);

	if (type >= 0) {
		add_rule(profile, rule, family, BIT(type));
		return 0;
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(protocols); i++) {
		bool inet = family < 0 || family == AF_INET;
		bool inet6 = protocols[i].inet6 && (family < 0 || family == AF_INET6);

		if (strcmp(p->word, protocols[i].name))
			continue;
		if (!inet && !inet6)
			return aa_fail(p, "the domain has no protocol '%s'", p->word);
		if (inet)
			add_rule(profile, rule, AF_INET, BIT(protocols[i].type));
		if (inet6)
			add_rule(profile, rule, AF_INET6, BIT(protocols[i].type));
		return 0;
	}
	return aa_fail(p, "unknown %s '%s'",
		       family < 0 ? "domain, type or protocol" : "type or protocol", p->word);
}

/* network [DOMAIN] [TYPE|PROTOCOL] , */
static int parse_network(struct parser *p, struct aa_profile *profile, const struct rule *rule)
{
	int family = -1;
	int err;

	if (p->tok == TOK_WORD) {
		family = aa_family_number(p->word);
		if (family >= 0)
			aa_next(p);
	}
	if (p->tok == TOK_WORD) {
		err = parse_type(p, profile, rule, family);
		if (err)
			return err;
		aa_next(p);
	} else {
		add_rule(profile, rule, family, AA_ALL_TYPES);
	}
	return aa_accept(p, ",") ? 0 : aa_expected(p, "',' after the rule");
}

static int parse_rule(struct parser *p, struct aa_profile *profile)
{
	struct rule rule = { 0 };

	rule.audit = aa_accept(p, "audit");
	if (!aa_accept(p, "allow"))
		rule.deny = aa_accept(p, "deny");
	if (aa_accept(p, "network"))
		return parse_network(p, profile, &rule);
	return aa_expected(p, "a network rule or '}'");
}

/* [flags=](FLAG [,] ...) */
static int parse_flags(struct parser *p, struct aa_profile *profile)
{
	bool enforce = false;
	bool named = aa_accept(p, "flags");

	if (named && !aa_accept(p, "="))
		return aa_expected(p, "'=' after flags");
	if (!aa_accept(p, "("))
		return named ? aa_expected(p, "'(' after flags=") : 0;
	while (!aa_accept(p, ")")) {
		if (aa_at(p, "complain"))
			profile->complain = true;
		else if (aa_at(p, "enforce"))
			enforce = true;
		else if (aa_at(p, "audit"))
			profile->audit = true;
		else
			return aa_expected(p, "complain, enforce, audit or ')'");
		if (enforce && profile->complain)
			return aa_fail(p, "a profile cannot both enforce and complain");
		aa_next(p);
		aa_accept(p, ",");
	}
	return 0;
}

/* NAME [ATTACHMENT] [FLAGS] { RULES }, into @profile as far as it is understood. */
static int parse_body(struct parser *p, struct aa_profile *profile, int line)
{
	int err = parse_flags(p, profile);

	if (err)
		return err;
	if (!aa_accept(p, "{"))
		return aa_expected(p, "'{'");
	while (!aa_accept(p, "}")) {
		if (p->tok == TOK_END) {
			p->tok_line = line;
			return aa_fail(p, "profile '%s' has no closing '}'", profile->name);
		}
		err = parse_rule(p, profile);
		if (err)
			return err;
	}
	return 0;
}

static int check_attachment(struct parser *p, const char *attach)
{
	if (*attach != '/')
		return aa_fail(p, "attachment '%s' is not an absolute path", attach);
	for (const char *c = attach; *c; c++) {
		if (strchr("[]{}^\\@", *c))
			return aa_fail(p, "'%c' in an attachment is not supported", *c);
	}
	return 0;
}

/* The head of a profile. Returns it, or ERR_PTR(-EINVAL) or ERR_PTR(-ENOMEM). */
static struct aa_profile *parse_head(struct parser *p, const struct list_head *profiles)
{
	bool named = aa_accept(p, "profile");
	struct aa_profile *other, *profile;
	char name[AA_NAME_MAX + 1];
	const char *attach = NULL;

	if ((p->tok != TOK_WORD && p->tok != TOK_QUOTED) || !*p->word ||
	    (!named && *p->word != '/'))
		return ERR_PTR(aa_expected(p, named ? "the profile's name" :
						      "'profile' or a path"));
	list_for_each_entry(other, profiles, list) {
		if (!strcmp(other->name, p->word))
			return ERR_PTR(aa_fail(p, "profile '%s' is defined twice", p->word));
	}
	strscpy(name, p->word, sizeof(name));
	if (*name == '/')
		attach = name;
	if (attach && check_attachment(p, attach))
		return ERR_PTR(-EINVAL);

	aa_next(p);
	if (p->tok == TOK_QUOTED || (p->tok == TOK_WORD && !aa_at(p, "flags"))) {
		if (check_attachment(p, p->word))
			return ERR_PTR(-EINVAL);
		attach = p->word;
	}
	profile = aa_alloc_profile(name, attach);
	if (attach == p->word)
		aa_next(p);
	return profile ? profile : ERR_PTR(-ENOMEM);
}

int aa_parse_policy(const char *text, struct list_head *profiles, struct aa_policy_error *error)
{
	struct parser p = { .pos = text, .line = 1, .error = error };
	int count = 0;

	for (aa_next(&p); p.tok != TOK_END; count++) {
		int line = p.tok_line;
		struct aa_profile *profile = parse_head(&p, profiles);
		int err;

		if (IS_ERR(profile)) {
			aa_free_profiles(profiles);
			return PTR_ERR(profile);
		}
		list_add_tail(&profile->list, profiles);
		err = parse_body(&p, profile, line);
		if (err) {
			aa_free_profiles(profiles);
			return err;
		}
	}
	return count;
}
