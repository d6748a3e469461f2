/*
 * report.c - the tables, phase by phase, and the same as JSON.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "qed.h"

bool ascii, colour;

static const struct {
	int first;
	const char *title;
} phases[] = {
	{ 1, "PHASE 1: USER SPACE (the request)" },
	{ 4, "PHASE 2: THE SYSCALL GATE (the transition)" },
	{ 8, "PHASE 3: KERNEL ENTRY (the dispatch)" },
	{ 12, "PHASE 4: THE CREATE CHAIN (the logic)" },
	{ 16, "PHASE 5: SECURITY CHECK (LSM)" },
	{ 20, "PHASE 6: MEMORY ALLOCATION (the object)" },
	{ 26, "PHASE 7: PROTOCOL INITIALIZATION (the setup)" },
	{ 32, "PHASE 8: FILE MAPPING (the handle)" },
	{ 37, "PHASE 9: RETURN (the result)" },
};

const char *const summary_names[6] = {
	"User     socket_test.c        the request",
	"Alloc    sock_alloc_probe.c   the object's birth",
	"Chain    caller_probe.c       the parentage",
	"Init     inet_create_probe.c  the protocol",
	"Gapless  security_probe.c     the continuity",
	"Risk     puzzle_probe.c       who frees what, when a step fails",
};

void say(struct words *words, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(words->text, sizeof(words->text), fmt, args);
	va_end(args);
}

const struct step *step(int number)
{
	static const struct {
		const struct step *steps;
		const int *count;
	} tables[] = {
		{ steps_gate, &nr_steps_gate },
		{ steps_create, &nr_steps_create },
		{ steps_object, &nr_steps_object },
		{ steps_map, &nr_steps_map },
	};

	for (int t = 0; t < 4; t++)
		for (int i = 0; i < *tables[t].count; i++)
			if (tables[t].steps[i].number == number)
				return &tables[t].steps[i];
	return NULL;
}

static const char *mark(bool ok)
{
	if (ascii)
		return ok ? "ok  " : "FAIL";
	if (colour)
		return ok ? "\033[32m\u2713\033[0m" : "\033[31m\u2717\033[0m";
	return ok ? "\u2713" : "\u2717";
}

static void print_row(const char *name, bool ok, const char *claim, const char *evidence)
{
	printf("  %s %s  %s\n", name, mark(ok), claim);
	printf("         %s\n", evidence);
}

void report_tables(const struct verdict *verdict)
{
	size_t phase = 0;

	for (int n = 1; n <= NR_STEPS; n++) {
		const struct step *s = step(n);
		char name[4];

		if (phase < sizeof(phases) / sizeof(phases[0]) && phases[phase].first == n)
			printf("\n%s\n", phases[phase++].title);
		snprintf(name, sizeof(name), "%02d", n);
		print_row(name, verdict->ok[n], s->claim, verdict->words[n].text);
		if (s->fact)
			printf("         fact: %s\n", s->fact);
	}
	printf("\nSUMMARY OF EVIDENCE\n");
	for (int i = 0; i < 6; i++)
		print_row("  ", verdict->summary[i], summary_names[i],
			  verdict->summary_words[i].text);
	for (int i = 0; i < nr_scenarios; i++)
		printf("       %s  %s (%s)\n           %s\n", mark(scenarios[i].holds),
		       scenarios[i].claim, scenarios[i].fail, scenarios[i].words.text);
}

/* --- JSON ------------------------------------------------------------------------------------ */

static void print_string(const char *s)
{
	putchar('"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			putchar('\\');
		if ((unsigned char)*s < ' ')
			printf("\\u%04x", *s);
		else
			putchar(*s);
	}
	putchar('"');
}

static void print_member(const char *name, const char *value)
{
	printf(", \"%s\": ", name);
	print_string(value);
}

static void print_truth(bool ok)
{
	printf("\"ok\": %s", ok ? "true" : "false");
}

void report_json(const struct verdict *verdict)
{
	printf("{\"steps\": [\n");
	for (int n = 1; n <= NR_STEPS; n++) {
		const struct step *s = step(n);

		printf("  {\"step\": %d, ", n);
		print_truth(verdict->ok[n]);
		print_member("claim", s->claim);
		print_member("evidence", verdict->words[n].text);
		if (s->fact)
			print_member("fact", s->fact);
		printf("}%s\n", n < NR_STEPS ? "," : "");
	}
	printf("], \"summary\": [\n");
	for (int i = 0; i < 6; i++) {
		printf("  {");
		print_truth(verdict->summary[i]);
		print_member("file", summary_names[i]);
		print_member("evidence", verdict->summary_words[i].text);
		printf("}%s\n", i < 5 ? "," : "");
	}
	printf("], \"risk\": [\n");
	for (int i = 0; i < nr_scenarios; i++) {
		printf("  {");
		print_truth(scenarios[i].holds);
		print_member("fail", scenarios[i].fail);
		print_member("claim", scenarios[i].claim);
		print_member("evidence", scenarios[i].words.text);
		printf("}%s\n", i < nr_scenarios - 1 ? "," : "");
	}
	printf("]}\n");
}
