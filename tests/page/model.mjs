// Tests of the page's model without a browser: node model.mjs RECORDING.json, as tools/mkpage --json
// writes it with the scenarios success and no-sock. Prints lines of TAP without a plan; used by
// tests/host/page.t. What the model says is compared with a second, simple reading of the recording.
import {readFileSync} from "node:fs";
import {align, counterpart, parting} from "../../tools/page/web/align.js";
import {View} from "../../tools/page/web/app.js";
import {search} from "../../tools/page/web/search.js";

const data = JSON.parse(readFileSync(process.argv[2], "utf8"));
const ok = (good, name, why = "") =>
    console.log(`${good ? "ok" : "not ok"} - ${name}${good ? "" : ` :: ${why}`}`);
const equal = (got, want, name) => ok(String(got) === String(want), name, `got ${got}, expected ${want}`);

// A fixed sequence of numbers below n, so that a failure can be repeated.
let seed = 20260101;
function random(n) {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return Math.trunc(seed / 2147483648 * n);
}

// --- the second reading: the state by applying every change from the beginning ---

class Naive {
  constructor(recording) {
    this.recording = recording;
    this.regs = recording.first.map(text => BigInt("0x" + text));
    this.pages = new Map(recording.pages.map(([at, text]) => [at, Buffer.from(text, "base64")]));
    this.t = 0;
  }

  step() {
    const {changes, writes} = this.recording.steps;
    for (let n = 0; n < changes[this.t].length; n += 2)
      this.regs[changes[this.t][n]] = BigInt("0x" + changes[this.t][n + 1]);
    for (let n = 0; n < writes[this.t].length; n += 2) {
      const at = writes[this.t][n];
      Buffer.from(writes[this.t][n + 1], "hex").copy(this.pages.get(at - at % 4096), at % 4096);
    }
    this.t++;
  }
}

function sameState(model, naive) {
  const wrong = model.registers.find((name, n) => model.reg(name, naive.t) !== naive.regs[n]);
  if (wrong) return `register ${wrong}`;
  for (const [page, bytes] of naive.pages)
    for (let n = 0; n < 4096; n += 8)
      if (bytes.compare(model.word((page + n) / 8, naive.t), 0, 8, n, n + 8)) return `memory ${page + n}`;
  return null;
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

// The last step before t that writes one of these bytes, by looking at all of them.
function lastWriter(recording, at, size, t) {
  for (let u = t - 1; u >= 0; u--) {
    const flat = recording.steps.writes[u];
    for (let n = 0; n < flat.length; n += 2)
      if (flat[n] < at + size && at < flat[n] + flat[n + 1].length / 2) return u;
  }
  return null;
}

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
}

function testSearch({model, calls, marks}) {
  const found = search("sock_alloc", model, calls, marks);
  ok(found.some(each => each.t === calls.named("sock_alloc")[0].t0), "search finds a function");
  equal(search("step 24", model, calls, marks)[0].t, marks.find(mark => mark.step === 24).t, "and a step");
  const socket = model.reg("rax", marks.find(mark => mark.step === 24).t);
  ok(search("0x" + socket.toString(16), model, calls, marks).some(each => each.what.startsWith("rax")),
     "and a value");
}

function testAlign(success, failing) {
  const rows = align(success.calls, failing.calls), parts = parting(rows, success.calls, failing.calls);
  equal([parts.left?.fn, parts.left?.parent.fn], "kmem_cache_alloc,sk_alloc",
        "no-sock parts from success inside sk_alloc()");
  const same = rows.find(row => row.left?.fn === "inet_create");
  equal(counterpart(same.left.t0 + 3, rows, "left", "right", success.calls), same.right.t0 + 3,
        "the same moment of both");
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
testStates(success.model, data.recordings[0]);
testStates(failing.model, data.recordings[1]);
testWriters(success, data.recordings[0]);
testReaders(success);
testSteps(success);
testSteps(failing);
testCalls(success);
testObjects(success);
testSearch(success);
testLines(success);
testAlign(success, failing);
equal(success.marks.map(mark => mark.step), Array.from({length: 40}, (_, n) => n + 1),
      "the run comes to all forty steps");
