/*
 * steps_create.c - phases 4 and 5: the checks and the security hook (12-19).
 */
#include <errno.h>
#include <string.h>

#include "qed.h"

static bool step12(const struct run *run, struct words *words)
{
	RECORD(socket_entry, "path_probe", "entry", "__sys_socket");
	RECORD(entry, "path_probe", "entry", "__sock_create");
	RECORD(ret, "path_probe", "return", "__sock_create");
	RECORD(sk, "inet_create_probe", "sock", "inet_create");
	HOLDS(before(socket_entry, entry) && before(entry, ret));
	HOLDS(number(entry, "family") == 2 && number(entry, "type") == 1);
	HOLDS(number(entry, "protocol") == 0 && number(entry, "kern") == 0);
	HOLDS(pointer(entry, "net") == pointer(sk, "net") && pointer(entry, "net"));
	HOLDS(number(ret, "ret") == 0);
	say(words, "path_probe: __sock_create(%s, %s, %s, %s, ..., kern=%s) = %s",
	    text(entry, "net"), text(entry, "family"), text(entry, "type"),
	    text(entry, "protocol"), text(entry, "kern"), text(ret, "ret"));
	return true;
}

static bool step13(const struct run *run, struct words *words)
{
	const struct place *place = function_place("__sock_create");

	RECORD(entry, "path_probe", "entry", "__sock_create");
	HOLDS(place && place->address == pointer(entry, "addr"));
	HOLDS(strncmp(place->where, "net/socket.c:", 13) == 0);
	say(words, "path_probe: entered at %s; line table: %s", text(entry, "addr"), place->where);
	return true;
}

/* Did this call of ours get to __sock_create(), and was the security hook called? */
static bool arrived(const struct control *c)
{
	return c && find(&c->span, "path_probe", "entry", "__sock_create");
}

static const struct record *guarded(const struct control *c)
{
	return find(&c->span, "security_probe", "entry", "security_socket_create");
}

static bool step14(const struct run *run, struct words *words)
{
	const struct control *above = control(46, 1, 0), *last = control(45, 1, 0),
			     *negative = control(-1, 1, 0);

	RECORD(entry, "path_probe", "entry", "__sock_create");
	RECORD(hook, "security_probe", "entry", "security_socket_create");
	HOLDS(before(entry, hook) && number(entry, "family") == 2);
	HOLDS(arrived(above) && above->error == EAFNOSUPPORT && !guarded(above));
	HOLDS(arrived(negative) && negative->error == EAFNOSUPPORT && !guarded(negative));
	HOLDS(arrived(last) && guarded(last));
	say(words, "path_probe, security_probe: 2 and 45 reach the hook; 46 and -1 do not: error %d",
	    above->error);
	return true;
}

static bool step15(const struct run *run, struct words *words)
{
	const struct control *above = control(2, 11, 0), *below = control(2, 9, 0),
			     *both = control(46, 11, 0);

	RECORD(entry, "path_probe", "entry", "__sock_create");
	RECORD(hook, "security_probe", "entry", "security_socket_create");
	HOLDS(before(entry, hook) && number(entry, "type") == 1);
	HOLDS(arrived(above) && above->error == EINVAL && !guarded(above));
	HOLDS(arrived(below) && guarded(below));
	HOLDS(arrived(both) && both->error == EAFNOSUPPORT && !guarded(both));
	say(words, "path_probe, security_probe: 1 and 9 reach the hook; 11 does not: error %d; (46, 11): error %d",
	    above->error, both->error);
	return true;
}

static bool step16(const struct run *run, struct words *words)
{
	RECORD(create, "path_probe", "entry", "__sock_create");
	RECORD(hook, "security_probe", "entry", "security_socket_create");
	RECORD(alloc, "sock_alloc_probe", "entry", "sock_alloc");
	HOLDS(number(hook, "family") == 2 && number(hook, "type") == 1);
	HOLDS(number(hook, "protocol") == 0 && number(hook, "kern") == 0);
	HOLDS(is(hook, "caller", "__sock_create"));
	HOLDS(before(create, hook) && before(hook, alloc));
	say(words, "security_probe: security_socket_create(%s, %s, %s, kern=%s) by %s, before sock_alloc",
	    text(hook, "family"), text(hook, "type"), text(hook, "protocol"),
	    text(hook, "kern"), text(hook, "caller"));
	return true;
}

static bool step17(const struct run *run, struct words *words)
{
	int entries = count(&run->span, "security_probe", "entry", "security_socket_create");

	RECORD(hook, "security_probe", "entry", "security_socket_create");
	HOLDS(entries == calls(run));
	say(words, "security_probe: record %d of the log, pid %ld: ENTRY; %d for %d call",
	    hook->index, hook->pid, entries, calls(run));
	return true;
}

static bool step18(const struct run *run, struct words *words)
{
	RECORD(hook, "security_probe", "entry", "security_socket_create");
	RECORD(policy, "security_probe", "entry", "apparmor_socket_create");
	RECORD(verdict, "security_probe", "return", "apparmor_socket_create");
	RECORD(ret, "security_probe", "return", "security_socket_create");
	HOLDS(before(hook, policy) && before(policy, verdict) && before(verdict, ret));
	HOLDS(number(policy, "family") == number(hook, "family"));
	HOLDS(number(policy, "type") == number(hook, "type"));
	HOLDS(number(policy, "protocol") == number(hook, "protocol"));
	HOLDS(number(verdict, "ret") == number(ret, "ret"));
	say(words, "security_probe: it asks apparmor_socket_create(%s, %s, %s) = %s",
	    text(policy, "family"), text(policy, "type"), text(policy, "protocol"),
	    text(verdict, "ret"));
	return true;
}

static bool step19(const struct run *run, struct words *words)
{
	const struct scenario *refused = scenario("security_socket_create");

	RECORD(ret, "security_probe", "return", "security_socket_create");
	RECORD(alloc, "sock_alloc_probe", "entry", "sock_alloc");
	HOLDS(number(ret, "ret") == 0 && before(ret, alloc));
	HOLDS(refused && refused->holds);
	say(words, "security_probe: ret=%s, then sock_alloc; puzzle_probe: when it is -13, so is socket()",
	    text(ret, "ret"));
	return true;
}

const struct step steps_create[] = {
	{ 12, "FUNCTION: __sock_create(net, 2, 1, 0, ...)", NULL, step12 },
	{ 13, "LOCATION: net/socket.c:1500", "1500 in Ubuntu's 6.8; here it is as the line table says",
	  step13 },
	{ 14, "CHECK: family (2) < NPROTO", "a negative family is refused too: EAFNOSUPPORT", step14 },
	{ 15, "CHECK: type (1) < SOCK_MAX", "EINVAL; and the family is looked at first", step15 },
	{ 16, "FUNCTION: security_socket_create(2, 1, 0, ...)",
	  "it sees protocol 0: TCP is found later, and a second hook is asked then", step16 },
	{ 17, "PROBE PROOF: security_probe logged ENTRY", NULL, step17 },
	{ 18, "WORK: checks AppArmor/SELinux policies", "each module in turn, the first refusal wins",
	  step18 },
	{ 19, "RESULT: allowed (0)", NULL, step19 },
};
const int nr_steps_create = sizeof(steps_create) / sizeof(steps_create[0]);
