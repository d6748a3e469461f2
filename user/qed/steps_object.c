/*
 * steps_object.c - phases 6 and 7: the object and its protocol (20-31).
 */
#include <string.h>

#include "qed.h"

#define KERNEL_HALF 0xffff800000000000ul
#define KERNEL_IMAGE 0xffffffff80000000ul

static bool step20(const struct run *run, struct words *words)
{
	RECORD(allowed, "security_probe", "return", "security_socket_create");
	RECORD(entry, "sock_alloc_probe", "entry", "sock_alloc");
	RECORD(parent, "caller_probe", "entry", "sock_alloc");
	HOLDS(count(&run->span, "sock_alloc_probe", "entry", "sock_alloc") == calls(run));
	HOLDS(before(allowed, entry));
	HOLDS(is(parent, "caller", "__sock_create"));
	say(words, "sock_alloc_probe: entered once, at %s; caller_probe: parent %s = %s",
	    text(entry, "addr"), text(parent, "parent"), text(parent, "caller"));
	return true;
}

static bool step21(const struct run *run, struct words *words)
{
	const struct place *def = function_place("sock_alloc"), *call;

	RECORD(ret, "sock_alloc_probe", "return", "sock_alloc");
	RECORD(entry, "sock_alloc_probe", "entry", "sock_alloc");
	call = call_place("call", pointer(ret, "to"));
	HOLDS(def && def->address == pointer(entry, "addr"));
	HOLDS(call && strcmp(call->name, "sock_alloc") == 0);
	HOLDS(strncmp(call->where, "__sock_create@net/socket.c:", 27) == 0);
	HOLDS(strncmp(def->where, "net/socket.c:", 13) == 0);
	say(words, "sock_alloc_probe: returns to %s, %s; line table: defined at %s",
	    text(ret, "to"), call->where, def->where);
	return true;
}

static bool step22(const struct run *run, struct words *words)
{
	const struct control *poisoned = control(2, 1, 0);
	const struct place *def = function_place("sock_alloc");
	const struct record *entry, *ret;

	RECORD(usual, "sock_alloc_probe", "return", "sock_alloc");
	HOLDS(poisoned && poisoned->error == 0);
	entry = find(&poisoned->span, "sock_alloc_probe", "entry", "sock_alloc");
	ret = find(&poisoned->span, "sock_alloc_probe", "return", "sock_alloc");
	HOLDS(entry && ret && number(entry, "poison") == 1);
	HOLDS(pointer(ret, "ret") && number(ret, "state") == number(usual, "state"));
	HOLDS(number(ret, "mode") == number(usual, "mode"));
	HOLDS(!def || def->parameters == 0);
	say(words, "sock_alloc_probe: argument registers poisoned, the same socket comes out at %s; "
	    "the compiler knows %d parameters", text(ret, "ret"), def ? def->parameters : 0);
	return true;
}

static bool step23(const struct run *run, struct words *words)
{
	int slabs = count(&run->span, "sock_alloc_probe", "return", "kmem_cache_alloc") +
		    count(&run->span, "sock_alloc_probe", "return", "kmem_cache_alloc_lru");
	const struct record *slab = find(&run->span, "sock_alloc_probe", "return",
					 "kmem_cache_alloc");

	RECORD(entry, "sock_alloc_probe", "entry", "new_inode_pseudo");
	RECORD(object, "sock_alloc_probe", "return", "sock_alloc_inode");
	RECORD(inode, "sock_alloc_probe", "return", "new_inode_pseudo");
	RECORD(ret, "sock_alloc_probe", "return", "sock_alloc");
	if (!slab)
		slab = find(&run->span, "sock_alloc_probe", "return", "kmem_cache_alloc_lru");
	HOLDS(is(entry, "caller", "sock_alloc"));
	HOLDS(slab && slabs == calls(run));
	HOLDS(pointer(slab, "ret") == pointer(ret, "ret"));
	HOLDS(pointer(object, "ret") == pointer(inode, "ret"));
	HOLDS(pointer(inode, "ret") == pointer(ret, "inode"));
	HOLDS(pointer(inode, "ret") > pointer(ret, "ret"));
	say(words, "sock_alloc_probe: one slab object %s; new_inode_pseudo() = %s, %lu bytes inside it",
	    text(slab, "ret"), text(inode, "ret"), pointer(inode, "ret") - pointer(slab, "ret"));
	return true;
}

static bool step24(const struct run *run, struct words *words)
{
	RECORD(ret, "sock_alloc_probe", "return", "sock_alloc");
	RECORD(create, "path_probe", "return", "__sock_create");
	unsigned long sock = pointer(ret, "ret");

	HOLDS(sock >= KERNEL_HALF && sock < KERNEL_IMAGE && sock % 8 == 0);
	HOLDS(is(ret, "parent", "__sock_create"));
	HOLDS(pointer(create, "sock") == sock);
	say(words, "sock_alloc_probe: return value %s; path_probe: __sock_create hands on %s",
	    text(ret, "ret"), text(create, "sock"));
	return true;
}

static bool step25(const struct run *run, struct words *words)
{
	RECORD(ret, "sock_alloc_probe", "return", "sock_alloc");

	HOLDS(pointer(ret, "ret") && number(ret, "state") == 1);
	HOLDS(!pointer(ret, "ops") && !pointer(ret, "sk") && !pointer(ret, "file"));
	HOLDS(number(ret, "mode") == 0140777 && number(ret, "count") == 1);
	HOLDS(number(ret, "ino") > 0);
	say(words, "sock_alloc_probe: state=%s ops=0 sk=0 file=0; inode mode=%s count=%s ino=%s; type=%s is stale",
	    text(ret, "state"), text(ret, "mode"), text(ret, "count"), text(ret, "ino"),
	    text(ret, "type"));
	return true;
}

static bool step26(const struct run *run, struct words *words)
{
	RECORD(create, "path_probe", "entry", "__sock_create");
	RECORD(entry, "inet_create_probe", "entry", "inet_create");
	HOLDS(is(entry, "caller", "__sock_create"));
	HOLDS(pointer(entry, "net") == pointer(create, "net"));
	HOLDS(number(entry, "protocol") == 0 && number(entry, "kern") == 0);
	say(words, "inet_create_probe: inet_create(%s, %s, %s, kern=%s) by %s", text(entry, "net"),
	    text(entry, "sock"), text(entry, "protocol"), text(entry, "kern"),
	    text(entry, "caller"));
	return true;
}

static bool step27(const struct run *run, struct words *words)
{
	const struct place *place = function_place("inet_create");

	RECORD(entry, "inet_create_probe", "entry", "inet_create");
	HOLDS(place && place->address == pointer(entry, "addr"));
	HOLDS(strncmp(place->where, "net/ipv4/af_inet.c:", 19) == 0);
	say(words, "inet_create_probe: entered at %s; line table: %s", text(entry, "addr"),
	    place->where);
	return true;
}

static bool step28(const struct run *run, struct words *words)
{
	RECORD(born, "sock_alloc_probe", "return", "sock_alloc");
	RECORD(entry, "inet_create_probe", "entry", "inet_create");
	HOLDS(before(born, entry));
	HOLDS(pointer(entry, "sock") == pointer(born, "ret"));
	HOLDS(number(entry, "type") == 1);
	say(words, "inet_create_probe: sock=%s, as sock_alloc returned; type=%s now", text(entry, "sock"),
	    text(entry, "type"));
	return true;
}

static bool step29(const struct run *run, struct words *words)
{
	RECORD(alloc, "inet_create_probe", "entry", "sk_alloc");
	RECORD(ret, "inet_create_probe", "return", "inet_create");
	HOLDS(is(alloc, "ops_name", "inet_stream_ops") && !pointer(alloc, "sk"));
	HOLDS(is(ret, "ops_name", "inet_stream_ops") && pointer(ret, "sk"));
	HOLDS(number(ret, "state") == 1 && number(alloc, "state") == 1);
	say(words, "inet_create_probe: at sk_alloc state=%s ops=%s sk=0; at the end sk=%s",
	    text(alloc, "state"), text(alloc, "ops_name"), text(ret, "sk"));
	return true;
}

static bool step30(const struct run *run, struct words *words)
{
	RECORD(born, "sock_alloc_probe", "return", "sock_alloc");
	RECORD(entry, "inet_create_probe", "entry", "inet_create");
	RECORD(ret, "inet_create_probe", "return", "inet_create");
	RECORD(post, "security_probe", "entry", "security_socket_post_create");
	unsigned long sock = pointer(born, "ret");

	HOLDS(pointer(entry, "sock") == sock && pointer(ret, "sock") == sock);
	HOLDS(pointer(post, "sock") == sock && before(ret, post));
	HOLDS(number(ret, "ret") == 0);
	say(words, "sock_alloc_probe %s = inet_create_probe %s = security_probe (post_create) %s",
	    text(born, "ret"), text(entry, "sock"), text(post, "sock"));
	return true;
}

static bool step31(const struct run *run, struct words *words)
{
	RECORD(alloc, "inet_create_probe", "return", "sk_alloc");
	RECORD(ret, "inet_create_probe", "return", "inet_create");
	RECORD(sk, "inet_create_probe", "sock", "inet_create");
	HOLDS(pointer(sk, "sk") == pointer(ret, "sk") && pointer(sk, "sk") == pointer(alloc, "ret"));
	HOLDS(pointer(sk, "socket") == pointer(ret, "sock"));
	HOLDS(is(sk, "prot", "TCP") && number(sk, "protocol") == 6);
	HOLDS(number(sk, "state") == 7); /* TCP_CLOSE */
	HOLDS(number(sk, "refcnt") == 1 && number(sk, "wmem") == 1);
	say(words, "inet_create_probe: socket %s <-> sock %s: %s, protocol %s, state %s, refcnt %s",
	    text(sk, "socket"), text(sk, "sk"), text(sk, "prot"), text(sk, "protocol"),
	    text(sk, "state"), text(sk, "refcnt"));
	return true;
}

const struct step steps_object[] = {
	{ 20, "FUNCTION: sock_alloc()", NULL, step20 },
	{ 21, "LOCATION: net/socket.c:1535", "1535 is where Ubuntu's 6.8 calls it; it is defined at 629",
	  step21 },
	{ 22, "INPUT: none (void)", NULL, step22 },
	{ 23, "WORK: new_inode_pseudo(); struct socket on the heap",
	  "one allocation: a struct socket_alloc holds the socket and its inode", step23 },
	{ 24, "PROBE PROOF: sock_alloc_probe captured the return value 0xffff...", NULL, step24 },
	{ 25, "RESULT: a valid, empty socket object",
	  "its state is SS_UNCONNECTED already; its type is what the last user left", step25 },
	{ 26, "FUNCTION: inet_create(net, sock, 0)", NULL, step26 },
	{ 27, "LOCATION: net/ipv4/af_inet.c:191", "251 in Ubuntu's 6.8: 191 is another function",
	  step27 },
	{ 28, "INPUT: the sock pointer from phase 6", NULL, step28 },
	{ 29, "WORK: ops = inet_stream_ops; a struct sock; SS_UNCONNECTED",
	  "in the order: state, ops, sock; the state was so already", step29 },
	{ 30, "PROBE PROOF: inet_create_probe saw the SAME sock address", NULL, step30 },
	{ 31, "LINKAGE: the generic socket is linked to TCP", NULL, step31 },
};
const int nr_steps_object = sizeof(steps_object) / sizeof(steps_object[0]);
