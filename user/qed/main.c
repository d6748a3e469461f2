/*
 * main.c - load the modules, watch, evaluate, print. Exit status: 0 when all forty steps hold and
 * nothing leaks, 1 when not, 2 when it could not be tried.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "qed.h"

static const char *locations = "/lib/qed/locations";
static bool json;

static void usage(int status)
{
	fprintf(status ? stderr : stdout,
		"usage: qed [--json] [--ascii] [--color] [--program=FILE] [--modules=DIR]\n"
		"           [--locations=FILE]\n"
		"Prove the forty steps of socket(AF_INET, SOCK_STREAM, 0) from recorded evidence.\n");
	exit(status);
}

/* The rest of @arg when it begins with @name; else NULL. */
static const char *option(const char *arg, const char *name)
{
	size_t len = strlen(name);

	return strncmp(arg, name, len) == 0 ? arg + len : NULL;
}

static void parse(int argc, char **argv)
{
	const char *term = getenv("TERM"), *value, *slash = strrchr(argv[0], '/');

	own_name = slash ? slash + 1 : argv[0];
	colour = isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			json = true;
		else if (strcmp(argv[i], "--ascii") == 0)
			ascii = true;
		else if (strcmp(argv[i], "--color") == 0)
			colour = true;
		else if (strcmp(argv[i], "--help") == 0)
			usage(0);
		else if ((value = option(argv[i], "--program=")))
			program = value;
		else if ((value = option(argv[i], "--modules=")))
			module_folder = value;
		else if ((value = option(argv[i], "--locations=")))
			locations = value;
		else
			usage(2);
	}
}

/* Does the step hold in @run? @words: the evidence, or why it does not. */
static bool holds_in(const struct run *run, const struct step *s, struct words *words)
{
	struct words why;
	const char *key;
	bool holds;

	missing_key();
	words->text[0] = '\0';
	holds = s->holds(run, words);
	key = missing_key();
	if (holds && !key)
		return true;
	why = *words;
	if (key)
		say(words, "in the run that must give %d: no %s= in a record; %.200s", run->want, key,
		    why.text);
	else
		say(words, "in the run that must give %d: %.300s", run->want, why.text);
	return false;
}

/* Does it hold in every run? @words: the evidence of the first, or why one does not. */
static bool evaluate(const struct step *s, struct words *words)
{
	struct words others;

	for (int i = 0; i < proof.nr_runs; i++) {
		if (holds_in(&proof.runs[i], s, i ? &others : words))
			continue;
		if (i)
			*words = others;
		return false;
	}
	return proof.nr_runs > 0;
}

/* Has @probe recorded @fn in every run? */
static bool recorded(const char *probe, const char *at, const char *fn, struct words *words)
{
	int n = 0;

	for (int i = 0; i < proof.nr_runs; i++)
		n += find(&proof.runs[i].span, probe, at, fn) != NULL;
	say(words, "%s at=%s fn=%s in %d of %d runs", probe, at, fn, n, proof.nr_runs);
	return n && n == proof.nr_runs;
}

/* The unwinder must name the parent in both orders; the bare stack does so in only one. */
static bool parent_known(struct words *words)
{
	const struct record *usual = find(&proof.runs[0].span, "caller_probe", "entry",
					  "sock_alloc");
	const struct record *swapped = find(&proof.swapped.span, "caller_probe", "entry",
					    "sock_alloc");

	HOLDS(usual && swapped);
	HOLDS(is(usual, "caller", "__sock_create") && is(swapped, "caller", "__sock_create"));
	HOLDS(number(usual, "raw_is_parent") == 1 && number(swapped, "raw_is_parent") == 0);
	say(words, "parent %s in either order of the probes; raw: %s, then %s",
	    text(usual, "caller"), text(usual, "raw_name"), text(swapped, "raw_name"));
	return true;
}

static bool nothing_leaks(struct words *words)
{
	int good = 0;

	for (int i = 0; i < nr_scenarios; i++)
		good += scenarios[i].holds;
	say(words, "%d of %d scenarios leave nothing behind", good, nr_scenarios);
	return good == nr_scenarios;
}

static void evaluate_all(struct verdict *v)
{
	struct words *words = v->summary_words;

	for (int n = 1; n <= NR_STEPS; n++)
		v->ok[n] = evaluate(step(n), &v->words[n]);
	v->summary[0] = recorded("gate_probe", "ring3", "__x64_sys_socket", &words[0]);
	v->summary[1] = recorded("sock_alloc_probe", "return", "sock_alloc", &words[1]);
	v->summary[2] = parent_known(&words[2]);
	v->summary[3] = recorded("inet_create_probe", "entry", "inet_create", &words[3]);
	v->summary[4] = recorded("security_probe", "entry", "security_socket_create", &words[4]);
	v->summary[5] = nothing_leaks(&words[5]);
}

static int conclude(const struct verdict *v)
{
	int proved = 0;
	bool summary = true;

	for (int n = 1; n <= NR_STEPS; n++)
		proved += v->ok[n];
	for (int i = 0; i < 6; i++)
		summary = summary && v->summary[i];
	if (json)
		return proved == NR_STEPS && summary ? 0 : 1;
	if (proved == NR_STEPS && summary) {
		printf("\nQ.E.D. 40/40\n");
		return 0;
	}
	printf("\nNot proved: %d/40.", proved);
	for (int n = 1; n <= NR_STEPS; n++)
		if (!v->ok[n])
			printf(" %02d", n);
	for (int i = 0; i < 6; i++)
		if (!v->summary[i])
			printf(" %.7s", summary_names[i]);
	printf("\n");
	return 1;
}

int main(int argc, char **argv)
{
	static struct verdict verdict;

	parse(argc, argv);
	if (!places_load(locations))
		fprintf(stderr, "qed: no %s: steps that need the line table cannot hold\n",
			locations);
	log_open();
	console_quiet(true);
	run_everything();
	run_scenarios();
	console_quiet(false);
	evaluate_all(&verdict);
	if (json)
		report_json(&verdict);
	else
		report_tables(&verdict);
	return conclude(&verdict);
}
