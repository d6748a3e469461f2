// Tests of the page's model without a browser: node model.mjs TWO.json CLOSE.json LONG.json, as tools/mkpage
// --json writes them: the scenarios success and no-sock, the scenario close, and a program with long
// stretches of ring 3 that are only counted. Prints lines of TAP without a plan; used by
// tests/host/page.t. What the model says is compared with a second, simple reading of the recording,
// naive.mjs.
import {readFileSync} from "node:fs";
import {align, counterpart, parting} from "../../tools/page/web/align.js";
import {App, View} from "../../tools/page/web/app.js";
import {Model} from "../../tools/page/web/model.js";
import {search} from "../../tools/page/web/search.js";
import {lastWriter, Naive, nextReader, nextReaderOfRegister, sameState} from "./naive.mjs";

const [data, closing, long] = process.argv.slice(2).map(path => JSON.parse(readFileSync(path, "utf8")));
const ORDINARY = 0, TRAP = 1, INJECTED = 2, FOLDED = 3;
const ok = (good, name, why = "") =>
    console.log(`${good ? "ok" : "not ok"} - ${name}${good ? "" : ` :: ${why}`}`);
const equal = (got, want, name) => ok(String(got) === String(want), name, `got ${got}, expected ${want}`);

// A fixed sequence of numbers below n, so that a failure can be repeated.
let seed = 20260101;
function random(n) {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return Math.trunc(seed / 2147483648 * n);
}

function testStates(model, recording) {
  const moments = new Set([0, model.end]);
  while (moments.size < 200) moments.add(random(model.end + 1));
  const naive = new Naive(recording);
  let wrong = null;
  for (;;) {
    if (moments.has(naive.t)) wrong ??= sameState(model, naive) && `t=${naive.t}: ${sameState(model, naive)}`;
    if (naive.t === model.end) break;
    naive.step();
  }
  ok(!wrong, `${recording.name}: the state at 200 moments is that of the recording`, wrong);
}

// --- who wrote ---

function testWriters({model, objects}, recording) {
  const t = model.end - 900, before = objects.known.find(each => each.name === "sock_inode_cache");
  const moment = before.freed - 1 < t ? Math.trunc((before.born + before.freed) / 2) : t;
  const slot = objects.descriptors(moment)[3];
  const places = [
    ["sock->ops", objects.field(before, "socket.ops").at, 8],
    ["sock->sk", objects.field(before, "socket.sk").at, 8], ["the descriptor's slot", slot.at, 8],
    ["a word of the stack", model.reg("rsp", moment), 8],
    ["sock->state", objects.field(before, "socket.state").at, 4]
  ];
  for (const [name, at, size] of places)
    for (const when of [moment, model.end])
      equal(model.whoWroteMem(at, size, when), lastWriter(recording, model.translate(at, when), size, when),
            `who wrote ${name}, at t=${when}`);
  let wrong = null;
  for (let n = 0; n < 100; n++) {
    const when = random(model.end) + 1, name = model.registers[random(16)],
          writer = model.whoWroteReg(name, when);
    const value = model.reg(name, when), from = writer === null ? 0 : writer + 1;
    for (let u = from; u <= when; u++)
      if (model.reg(name, u) !== value) wrong = `${name} at ${when}, by ${writer}`;
    if (writer !== null && model.kind(writer) === 0 && model.reg(name, writer) === value &&
        !model.insn(writer).writes.includes(model.number[name]))
      wrong = `${name} at ${when}: step ${writer} does not write it`;
  }
  ok(!wrong, "who wrote a register: from there on it does not change", wrong);
  const ops = model.whoWroteMem(objects.field(before, "socket.ops").at, 8, moment);
  equal(model.insn(ops).fn, "inet_create", "sock->ops is written by inet_create()");
}

function testReaders({model, objects}) {
  const socket = objects.known.find(each => each.name === "sock_inode_cache"),
        ops = objects.field(socket, "socket.ops");
  const written = model.whoWroteMem(ops.at, 8, Math.trunc((socket.born + socket.freed) / 2));
  const reader = model.nextReadMem(ops.at, 8, written + 1), at = model.translate(ops.at, reader);
  const reads = model.recording.steps.reads[reader];
  ok(reader > written && reads.some((from, n) => n % 2 === 0 && from <= at && at < from + reads[n + 1]),
     "who reads sock->ops next does read it", reader);
  equal(model.whoWroteMem(ops.at, 8, reader), written, "and finds what was written then");
}

// A place that some step writes, or a part of its neighbourhood: its address in the direct map, and
// its size.
function randomPlace({model, recording}) {
  for (;;) {
    const flat = recording.steps.writes[random(model.end)];
    if (flat.length) {
      const at = flat[2 * random(flat.length / 2)] + random(8);
      return [at, 2 ** random(4), model.pageOffset + BigInt(at)];
    }
  }
}

function testRandomReadersAndWriters(view) {
  const {model, recording} = view;
  let wrong = null;
  for (let n = 0; n < 300; n++) {
    const t = random(model.end), [at, size, address] = randomPlace(view), register = random(16);
    if (model.whoWroteMem(address, size, t) !== lastWriter(recording, at, size, t))
      wrong = `writer of ${at}, ${size} at ${t}`;
    if (model.nextReadMem(address, size, t) !== nextReader(recording, at, size, t))
      wrong = `reader of ${at}, ${size} at ${t}`;
    if (model.nextReadReg(model.registers[register], t) !== nextReaderOfRegister(recording, register, t))
      wrong = `reader of ${model.registers[register]} at ${t}`;
  }
  ok(!wrong, `${view.name}: who wrote and who reads 300 places and registers`, wrong);
}

// The CPU makes the changes of these instructions and of traps by itself.
function testAuthors({model, recording}) {
  let wrong = null, rep = 0;
  for (let t = 0; t < model.end; t++) {
    const text = recording.code[recording.steps.insn[t]][1], kind = recording.steps.kind[t] ?? ORDINARY;
    const byCpu = kind === TRAP || ["syscall", "sysretq", "iretq", "swapgs"].includes(text.trim());
    const author = kind === INJECTED ? "recorder" : byCpu ? "CPU" : "code";
    if (model.author(t) !== author) wrong = `${text} at ${t} by ${model.author(t)}`;
    if (kind === ORDINARY && /^rep (stos|movs)/.test(text)) {
      rep++;
      const rounds = Number(model.reg("rcx", t) - model.reg("rcx", t + 1));
      if (model.count(t) !== rounds) wrong = `iterations at ${t}`;
    }
  }
  ok(!wrong && rep, `${model.name}: who made the changes, and how often rep went round`, wrong);
}

// A page of ring 3 can be somewhere else from a time on.
function testPlaces({recording, model}) {
  const [, page, at] = recording.places.find(place => place[1].length < 12),
                 address = BigInt(`0x${page}`) + 8n;
  const moved =
      new Model({...recording, places: [...recording.places, [1000, page, at + 4096]]}, data.shared);
  equal([moved.translate(address, 999), moved.translate(address, 1000), model.translate(address, 1000)],
        [at + 8, at + 4104, at + 8],
        "an address means another place from the time on that its page is elsewhere");
}

// --- moving ---

function testSteps({model, calls}) {
  let wrong = null;
  for (let n = 0; n < 300; n++) {
    const t = random(model.end - 1) + 1, over = calls.over(t, 1), out = calls.out(t, 1),
          ring = calls.ring(t, 1);
    if (calls.into(calls.into(t, 1), -1) !== t) wrong = `into at ${t}`;
    if (over <= t || over < model.end && calls.depth[over] > calls.depth[t]) wrong = `over at ${t}`;
    for (let u = t + 1; u < over; u++)
      if (calls.depth[u] <= calls.depth[t]) wrong = `over at ${t} passes ${u}`;
    if (over < model.end && calls.depth[over] === calls.depth[t] && calls.over(over, -1) !== t)
      wrong = `over and back at ${t}`;
    if (out < model.end && calls.depth[out] >= calls.depth[t]) wrong = `out at ${t}`;
    if (ring < model.end && (model.ring[ring] === model.ring[t] || model.ring[ring - 1] !== model.ring[t]))
      wrong = `ring at ${t}`;
  }
  ok(!wrong, "in, over, out and to the ring change, and back", wrong);
}

function testCalls({calls, model}) {
  const [alloc] = calls.named("sock_alloc");
  equal(calls.chain(alloc.t0).map(node => node.fn).slice(-6),
        "entry_SYSCALL_64,do_syscall_64,__x64_sys_socket,__sys_socket,__sock_create,sock_alloc",
        "sock_alloc's chain of calls");
  equal(calls.title(calls.syscall(alloc.t0)), "socket()", "the system call has its name");
  ok(calls.nodes.every(node => node.t0 <= node.t1 && node.parent.t0 <= node.t0 && node.t1 <= node.parent.t1),
     "each call lies within its caller's");
  ok(model.ring[alloc.t0] === 0 && model.ring[0] === 3, "rings");
}

// Interrupts, exceptions and failures in the tree of calls.
function testTraps({calls, model, recording}) {
  const names = {14: "page fault", 32: "timer interrupt"};
  let wrong = null;
  for (const [key, kind] of Object.entries(recording.steps.kind)) {
    const t = Number(key), inside = calls.node(t + 1), back = calls.find(inside.t1 - 1, 1, () => true);
    if (kind === INJECTED && inside !== calls.node(t).parent) wrong = `failure at ${t}`;
    if (kind !== TRAP) continue;
    if (inside.kind !== "trap" || calls.title(inside) !== names[recording.steps.count[t]] ||
        inside.t0 !== t + 1)
      wrong = `trap at ${t}`;
    if (inside.t1 < model.end && calls.node(back) !== calls.node(t)) wrong = `way back from ${t}`;
  }
  ok(!wrong, `${recording.name}: each trap is drawn as one, and goes back to where it came from`, wrong);
}

function testObjects({objects, model}) {
  const made = objects.known.filter(each => !each.before).map(each => each.name).sort();
  equal(made, "TCP,dentry,filp,sock_inode_cache", "socket() makes four objects");
  ok(objects.known.filter(each => !each.before).every(each => each.freed < Infinity),
     "and close() gives them back");
  ok(objects.counters(model.end).every(each => each.inUse === each.before),
     "the counters of the caches are back");
  const [file] = objects.known.filter(each => each.name === "filp"), t = file.freed - 200;
  equal(objects.show(objects.field(file, "f_op"), t).text, "socket_file_ops",
        "a pointer to a table has its name");
  const poisoned = objects.known.find(each => each.name === "TCP");
  equal(objects.show(objects.field(poisoned, "snd_cwnd"), model.end).text.slice(0, 6), "poison",
        "what is freed is poisoned");
  const state = objects.fieldsOf(poisoned).find(field => field.path.endsWith("skc_state"));
  ok(objects.show(state, model.end, true).poison && !objects.show(state, poisoned.freed - 1).poison,
     "a field of one byte too");
  const {at, born, freed} = poisoned;
  equal(model.reg("rax", born), at, "an object is born when the slab returns it");
  equal([born - 1, born, freed - 1, freed].map(when => objects.holding(at + 8n, when) === poisoned),
        "false,true,true,false", "an address lies in an object from its birth until it is freed");
}

function testDescriptors({calls, objects}) {
  const {t0, t1} = calls.named("fd_install")[0],
             [before, after] = [t0, t1].map(t => objects.descriptors(t)[3]);
  ok(before.reserved && !before.file && after.reserved && objects.holding(after.file, t1).name === "filp",
     "a descriptor is reserved first, and filled by fd_install()");
  equal(objects.descriptors(0).map(each => each.reserved), "true,true,true,false,false,false,false,false",
        "three are open before");
}

// What was made before the recording began is known when it is freed.
function testClose({objects, model}) {
  const freed = objects.known.filter(each => each.freed < Infinity).sort((a, b) => a.freed - b.freed);
  equal(freed.map(each => objects.title(each)), "tcp_sock,socket_alloc,dentry,file",
        "close() gives four objects back, in this order");
  ok(freed.every(each => each.before && objects.alive(each, 0)), "which were there before");
  equal(objects.counters(model.end).map(each => each.inUse - each.before), "-1,-1,-1,-1", "and are counted");
}

function testSearch({model, calls, marks}) {
  const found = search("sock_alloc", model, calls, marks);
  ok(found.some(each => each.t === calls.named("sock_alloc")[0].t0), "search finds a function");
  equal(search("step 24", model, calls, marks)[0].t, marks.find(mark => mark.step === 24).t, "and a step");
  const socket = model.reg("rax", marks.find(mark => mark.step === 24).t);
  const values = search("0x" + socket.toString(16), model, calls, marks);
  let wrong = null;
  for (const {t, what, where} of values) {
    const register = what.split(" ")[0], physical = /physical 0x([0-9a-f]+)/.exec(where)?.[1];
    const value = when => physical ? model.value(model.pageOffset + BigInt("0x" + physical), 8, when)
                                   : model.reg(register, when);
    if (value(t) !== socket || !physical && value(t - 1) === socket) wrong = `${what} at ${t}`;
  }
  ok(!wrong, "and a value, at the moments at which it comes", wrong);
  for (const kind of ["rax", "memory"]) ok(values.some(each => each.what.startsWith(kind)), `in ${kind}`);
  equal(search("no such thing", model, calls, marks).length, 0, "and nothing else");
}

// What buttons and keys do, without the page.
function testApp() {
  const app = new App(data.shared);
  app.add(data.recordings[0]);
  const steps = [];
  for (let n = 1; n < 40; n++) { // the run begins at the first one
    app.act("step+");
    steps.push([app.step, app.view.marks[n].t === app.t, app.view.markAt(app.t).t === app.t]);
  }
  equal(steps, Array.from({length: 39}, (_, n) => [n + 2, true, true]), "from step to step, to the fortieth");
  for (let n = 0; n < 39; n++) app.act("step-");
  equal([app.step, app.t], [1, app.view.marks[0].t], "and back");
  app.go(app.view.model.end);
  app.pickRegister("rax");
  const {model} = app.view, writer = model.whoWroteReg("rax", app.t);
  app.goWriter();
  equal(app.t, writer, "to who wrote RAX");
  app.goReader();
  equal(app.t, model.nextReadReg("rax", writer) ?? writer, "to who reads it");
  app.pickPlace("a word", model.reg("rsp", 1000), 8);
  app.go(1000);
  app.goWriter();
  equal(app.t, model.whoWroteMem(model.reg("rsp", 1000), 8, 1000), "to who wrote a word of the stack");
  app.add(data.recordings[1]);
  for (const [n, other] of [[0, 1], [1, 0]]) {
    const [mine, theirs] = [n, other].map(each => app.views[each].calls.named("inet_create")[0].t0);
    app.activate(n);
    app.go(mine + 2);
    equal(app.views[other].t, theirs + 2, `recording ${n} moves the other one with it`);
  }
}

function testFolded({calls, model, recording}) {
  const folded =
      Object.keys(recording.steps.kind).filter(t => recording.steps.kind[t] === FOLDED).map(Number);
  ok(folded.length > 1 && folded.every(t => model.count(t) > 100000 && model.ring[t] === 3),
     "stretches that were only counted", folded);
  const stopped = folded.filter(t => model.kind(t + 1) === TRAP);
  ok(stopped.length && stopped.every(t => calls.node(t + 1) === calls.node(t)),
     "one that an interrupt ends stays in its function", stopped);
  equal(calls.title(calls.syscall(folded[folded.length - 1] + 1)), "getppid()",
        "the call behind the last has its name");
}

function testAlign(success, failing) {
  const rows = align(success.calls, failing.calls), parts = parting(rows, success.calls, failing.calls);
  equal([parts.left?.fn, parts.left?.parent.fn], "kmem_cache_alloc,sk_alloc",
        "no-sock parts from success inside sk_alloc()");
  const reversed = parting(align(failing.calls, success.calls), failing.calls, success.calls);
  equal(reversed.left?.fn, "sock_release", "and success from no-sock where that begins to undo");
  const same = rows.find(row => row.left?.fn === "inet_create");
  equal(counterpart(same.left.t0 + 3, rows, "left", "right", success.calls), same.right.t0 + 3,
        "the same moment of both");
  const outer = rows.find(row => row.left?.fn === "sock_alloc");
  equal(counterpart(outer.left.t1 - 2, rows, "left", "right", success.calls),
        outer.right.t0 + outer.left.t1 - 2 - outer.left.t0, "behind the calls that a function makes too");
  ok(rows.every(({left, right}) => (left ?? right).kind !== "trap"), "interrupts are left out");
  ok(rows.every(({left, right}) => !left || !right || left.fn === right.fn && left.depth === right.depth),
     "each row has one function, at one depth");
  ok(failing.objects.known.filter(each => !each.before).every(each => each.freed < Infinity),
     "no-sock: what was made is given back");
  const made = Object.values(failing.recording.injected);
  equal(made, "sk_alloc() returns NULL", "the failure is marked as made");
}

function testLines({model}) {
  const [key, times] = [...model.lines()].find(([, each]) => each.length > 2);
  const [, file, line] = /^(.*):(\d+)$/.exec(key);
  equal(model.timeOfLine(file, Number(line), times[0], 1), times[1], "the next time that a line runs");
  equal(model.timeOfLine(file, Number(line), times[1], -1), times[0], "and the one before");
}

const [success, failing] = data.recordings.map(recording => new View(recording, data.shared));
const close = new View(closing.recordings[0], closing.shared);
const stretches = new View(long.recordings[0], long.shared);
for (const view of [success, failing, close, stretches]) {
  testStates(view.model, view.recording);
  testRandomReadersAndWriters(view);
  testTraps(view);
}
for (const view of [success, failing]) {
  testSteps(view);
  testAuthors(view);
}
testWriters(success, data.recordings[0]);
testReaders(success);
testPlaces(success);
testCalls(success);
testObjects(success);
testDescriptors(success);
testClose(close);
testSearch(success);
testLines(success);
testAlign(success, failing);
testApp();
testFolded(stretches);
equal(success.marks.map(mark => mark.step), Array.from({length: 40}, (_, n) => n + 1),
      "the run comes to all forty steps");
