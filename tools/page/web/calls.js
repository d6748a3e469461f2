// Which function called which, as a tree over time; and stepping in, over and out, in both directions.
//
// A node is one call: { fn, kind, t0, t1, depth, parent, children }. It is current for the times from t0
// to before t1. kind: "call", "syscall" and "trap" (they enter ring 0 or an interrupt handler), "jump"
// (a function that was jumped to, and returns to the caller of the one before), "start".
import {FOLDED, INJECTED, TRAP} from "#model";

const ENTERS = {
  call: "call",
  syscall: "syscall"
};

export class Calls {
  constructor(model) {
    this.model = model;
    this.nodes = [];
    this.at = new Int32Array(model.end + 1);    // time -> number of the current node
    this.depth = new Int32Array(model.end + 1); // the same without jumps: for stepping
    this.stack = [];
    this.build();
  }

  build() {
    const {model} = this;
    this.top = {
      fn: model.recording.program,
      kind: "start",
      t0: 0,
      t1: model.end,
      depth: -1,
      parent: null,
      children: [],
      sp: null
    };
    this.push("start", model.insn(0).fn, 0, model.reg("rsp", 0));
    for (let t = 0; t < model.end; t++) {
      this.note(t);
      this.follow(t);
    }
    this.note(model.end);
    while (this.stack.length) this.pop(model.end);
  }

  note(t) {
    const node = this.stack[this.stack.length - 1];
    this.at[t] = node.id;
    this.depth[t] = this.stack.filter(each => each.kind !== "jump").length;
  }

  // What step t does to the stack of calls.
  follow(t) {
    const {model} = this;
    const next = t + 1 < model.end ? model.insn(t + 1).fn : model.insn(t).fn;
    const {mnemonic} = model.insn(t);
    const sp = model.reg("rsp", t);
    if (model.kind(t) === TRAP) this.push("trap", next, t + 1, null);
    else if (model.kind(t) === FOLDED && !model.ring[t + 1]) this.push("syscall", next, t + 1, null);
    else if (mnemonic.startsWith("ret") || model.kind(t) === INJECTED) this.returned(t + 1, sp);
    else if (/^(iret|sysret)/.test(mnemonic)) this.left(t + 1);
    else if (mnemonic in ENTERS) this.push(ENTERS[mnemonic], next, t + 1, model.reg("rsp", t + 1));
    else this.jumped(next, t + 1);
    if (!this.stack.length) this.push("start", next, t + 1, null);
  }

  push(kind, fn, t, sp) {
    const parent = this.stack[this.stack.length - 1] ?? this.top;
    const node = {
      id: this.nodes.length,
      fn,
      kind,
      t0: t,
      t1: this.model.end,
      depth: this.stack.length,
      parent,
      children: [],
      sp
    };
    parent.children.push(node);
    this.nodes.push(node);
    this.stack.push(node);
  }

  pop(t) { this.stack.pop().t1 = t; }

  // A return with the stack pointer at `sp`: to the caller of the function whose call left it there.
  returned(t, sp) {
    const n = this.stack.findLastIndex(node => node.sp === sp && node.kind !== "jump");
    while (this.stack.length > Math.max(n, 0)) {
      this.pop(t);
      if (n < 0) break;
    }
  }

  // Back to what a system call or an interrupt had stopped.
  left(t) {
    const n = this.stack.findLastIndex(node => node.kind === "syscall" || node.kind === "trap");
    while (n >= 0 && this.stack.length > n) this.pop(t);
  }

  jumped(next, t) {
    const node = this.stack[this.stack.length - 1];
    if (!node || next === node.fn) return;
    if (node.kind === "jump" && next === node.parent.fn) this.pop(t);
    else this.push("jump", next, t, node.sp);
  }

  // --- looking ---

  node(t) { return this.nodes[this.at[t]]; }

  // The nodes that are open at time t, the outermost first.
  chain(t) {
    const found = [];
    for (let node = this.node(t); node && node !== this.top; node = node.parent) found.unshift(node);
    return found;
  }

  // The system call that time t lies in, or null.
  syscall(t) { return this.chain(t).find(node => node.kind === "syscall") ?? null; }

  named(fn) { return this.nodes.filter(node => node.fn === fn); }

  // What a system call is called: after the function that the table names for it.
  title(node) {
    if (node.kind === "trap") return this.trapTitle(node);
    if (node.kind !== "syscall") return node.fn;
    const find = each => each.fn.startsWith("__x64_sys_") ? each : each.children.map(find).find(Boolean);
    const found = find(node);
    return found ? `${found.fn.slice("__x64_sys_".length)}()` : "system call";
  }

  trapTitle(node) {
    const vector = this.model.count(node.t0 - 1);
    const names = {
      0: "division by zero",
      3: "breakpoint",
      6: "invalid opcode",
      13: "general protection",
      14: "page fault",
      32: "timer interrupt"
    };
    return names[vector] ?? (vector < 32 ? `exception ${vector}` : `interrupt ${vector}`);
  }

  // --- stepping: each returns a time, at the ends that of the end ---

  find(t, direction, wanted) {
    for (let u = t + direction; u >= 0 && u <= this.model.end; u += direction)
      if (wanted(u)) return u;
    return direction > 0 ? this.model.end : 0;
  }

  into(t, direction) { return this.find(t, direction, () => true); }
  over(t, direction) { return this.find(t, direction, u => this.depth[u] <= this.depth[t]); }
  out(t, direction) { return this.find(t, direction, u => this.depth[u] < this.depth[t]); }
  ring(t, direction) { return this.find(t, direction, u => this.model.ring[u] !== this.model.ring[t]); }

  // To the next source line, in this function or in those it calls.
  line(t, direction) {
    const key = u => {
      const frame = this.model.insn(u).frames[0];
      return frame && `${frame.file}:${frame.line}`;
    };
    const here = key(t);
    return this.find(t, direction, u => key(u) !== here);
  }
}
