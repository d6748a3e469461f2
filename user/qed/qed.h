/*
 * qed - evaluates the forty steps of the lesson from what the evidence modules recorded.
 *
 *	main.c		options, the order of things, the verdict
 *	records.c	the kernel log: reading /dev/kmsg, taking records apart
 *	machine.c	loading modules, reading /proc, the gate seen from ring 3
 *	runs.c		socket_test with different descriptors open; calls that must fail
 *	places.c	/lib/qed/locations: what the compiler says of addresses
 *	steps_*.c	one predicate for each step
 *	risk.c		the puzzle: a failure at each step of the construction, what is left
 *	report.c	the tables, the same as JSON
 *
 * Ordinary Linux programs, all of it: qed runs on Linux too. It needs root, for the modules.
 */
#ifndef QED_H
#define QED_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* --- records.c ----------------------------------------------------------------------------- */

#define MAX_PAIRS 26

/* One line of the kernel log that begins with "evidence:". */
struct record {
	int index; /* in the order of the log */
	long pid;
	int pairs;
	const char *key[MAX_PAIRS], *value[MAX_PAIRS];
};

/* Records @from up to but not including @to, of process @pid; 0: of any. */
struct span {
	int from, to;
	long pid;
};

void log_open(void); /* from now on */
void log_read(void); /* take in what has come since */
int log_length(void);
const struct record *log_record(int index);

/* The first record of that module, moment and function in @span; NULL: there is none. */
const struct record *find(const struct span *span, const char *probe, const char *at,
			  const char *fn);
int count(const struct span *span, const char *probe, const char *at, const char *fn);
/* Has any module said that the kernel has no such function? */
bool absent(const char *fn);

/*
 * The value of @key. What is not there reads as "" or 0, and is remembered: a step whose predicate
 * asked for it does not hold (missing_key() names it and forgets it).
 */
const char *text(const struct record *record, const char *key);
long number(const struct record *record, const char *key);
unsigned long pointer(const struct record *record, const char *key);
bool is(const struct record *record, const char *key, const char *value);
const char *missing_key(void);

/* --- machine.c ----------------------------------------------------------------------------- */

extern const char *module_folder;

/* Load MODULE.ko from module_folder. If that fails: remove what was loaded, end the program. */
void load(const char *module, const char *parameters);
void unload(const char *module);
void load_all(const char *parameters); /* of those that watch: all but the puzzle */
void unload_all(void);
void console_quiet(bool quiet); /* keep the records off the console meanwhile */

/* One call seen from ring 3: the registers before, and after it came back. */
struct gate {
	unsigned long cs, ss, flags, sp;
	unsigned long ax, cx, r11, next_ip, sp_after, flags_after;
	bool counted; /* the kernel tells how its exits went: */
	long sysrets, expected_sysrets;
};
void cross_gate(struct gate *gate, long nr, long family, long type, long protocol);

/* Objects in use in slab cache @name; -1 when the kernel does not tell. */
long slab_active(const char *name);
/* The first number in file @path; -1 when it cannot be read. */
long file_number(const char *path);
bool write_file(const char *path, const char *text);
bool on_ringwalk(void);
void sleep_ms(int ms);

/* --- runs.c -------------------------------------------------------------------------------- */

/* One run of socket_test. @want: the lowest number that was free when it started. */
struct run {
	struct span span;
	int want, status;
	char out[128];
};

/* One call of qed's own that shall fail, or succeed with poisoned registers. */
struct control {
	long family, type, protocol;
	int error; /* 0, or errno */
	struct span span;
};

#define MAX_RUNS 6
#define MAX_CONTROLS 8

extern struct proof {
	struct run runs[MAX_RUNS];
	int nr_runs;
	struct run swapped; /* caller_probe loaded before sock_alloc_probe */
	struct control controls[MAX_CONTROLS];
	int nr_controls;
	struct gate gate;
	struct span gate_span;
} proof;

extern const char *program; /* path of socket_test */
extern const char *own_name; /* what the kernel calls this process: comm */
void run_everything(void);
/* The call of qed's own with these arguments; NULL: it was not made. */
const struct control *control(long family, long type, long protocol);

/* --- places.c ------------------------------------------------------------------------------ */

struct place {
	char kind[8];
	unsigned long address;
	char name[40];	  /* function, or callee of a call */
	char where[200];  /* "FILE:LINE", or FUNCTION@FILE:LINE<... of a call */
	int parameters;	  /* of a function; -1 unknown */
};
bool places_load(const char *path);
const struct place *function_place(const char *fn);
const struct place *call_place(const char *kind, unsigned long return_address);
const struct place *table_place(void);

/* --- steps_*.c ----------------------------------------------------------------------------- */

struct words {
	char text[400];
};
void say(struct words *words, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

struct step {
	int number;
	const char *claim; /* the lesson's */
	const char *fact;  /* what is more exact, or NULL */
	bool (*holds)(const struct run *run, struct words *words);
};

#define NR_STEPS 40
extern const struct step steps_gate[], steps_create[], steps_object[], steps_map[];
extern const int nr_steps_gate, nr_steps_create, nr_steps_object, nr_steps_map;

/* In a predicate: go on only if it is so; else the step does not hold, and this is why. */
#define HOLDS(condition)                                                       \
	do {                                                                   \
		if (!(condition)) {                                            \
			say(words, "not so: %s", #condition);                  \
			return false;                                          \
		}                                                              \
	} while (0)

/* Declare @name: the first such record of the run, without which the step does not hold. */
#define RECORD(name, probe, at, fn)                                            \
	const struct record *name = find(&run->span, probe, at, fn);           \
	if (!name) {                                                           \
		say(words, "no record: %s at=%s fn=%s", probe, at, fn);        \
		return false;                                                  \
	}

/* How many socket() calls the run made. */
int calls(const struct run *run);
bool before(const struct record *a, const struct record *b);

/* --- risk.c -------------------------------------------------------------------------------- */

struct scenario {
	const char *fail;  /* puzzle_probe's parameter, or what ring 3 does */
	const char *claim;
	int error;	   /* errno each call must give; 0: none */
	bool inject;
	bool inode, sock;  /* has one come to life by then? */
	bool holds;
	struct words words;
};
extern struct scenario scenarios[];
extern const int nr_scenarios;
void run_scenarios(void);
const struct scenario *scenario(const char *fail);

/* --- report.c ------------------------------------------------------------------------------ */

struct verdict {
	bool ok[NR_STEPS + 1];
	struct words words[NR_STEPS + 1];
	bool summary[6];
	struct words summary_words[6];
};
extern bool ascii, colour;
const struct step *step(int number);
void report_tables(const struct verdict *verdict);
void report_json(const struct verdict *verdict);
extern const char *const summary_names[6];

#endif
