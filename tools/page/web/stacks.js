// Both stacks of the task: the words from RSP on, and the registers of ring 3 that lie on the kernel stack.
import {$, h} from "#dom";
import {hex} from "#model";

const MOST = 60, WARM = 25, USER_WORDS = 14;

export class Stacks {
  constructor(app) {
    this.app = app;
    this.box = $("stacks").querySelector(".scroll");
    app.on(() => this.draw());
  }

  draw() {
    const {view, t} = this.app, {model} = view;
    const [low, size] = view.recording.stack, top = BigInt("0x" + low) + BigInt(size);
    const ring = model.ring[t], sp = model.reg("rsp", t);
    const onKernel = sp > top - BigInt(size) && sp <= top;
    const regs = model.shared.types["struct pt_regs"], frame = top - BigInt(regs.size);
    const names = new Map(regs.fields.map(([name, offset]) => [frame + BigInt(offset), name]));
    const kernel = this.words(onKernel ? sp : frame, top, names, onKernel ? sp : null);
    const userSp = onKernel ? model.value(frame + BigInt(this.offset(regs, "sp")), 8, t) : sp;
    const user = userSp && userSp < 1n << 47n
        ? this.words(userSp, userSp + BigInt(8 * USER_WORDS), new Map(), ring ? userSp : null)
        : [];
    this.box.replaceChildren(
        h("div", {class: onKernel ? "" : "dead"},
          h("h3", {}, "kernel stack ",
            h("small", {},
              onKernel ? "in use; pt_regs at its top" : "empty; what the last system call left")),
          ...kernel),
        h("div", {class: `user${ring ? "" : " waits"}`},
          h("h3", {}, "ring 3's stack ", h("small", {}, ring ? "in use" : "waits")), ...user));
  }

  offset(regs, name) { return regs.fields.find(field => field[0] === name)[1]; }

  words(from, to, names, sp) {
    const found = [];
    for (let at = from & ~7n; at < to && found.length < MOST; at += 8n) {
      if (names.get(at) === "r15")
        found.push(h("h4", {}, "pt_regs: ring 3's registers, which the entry has pushed"));
      found.push(this.word(at, names.get(at), at === sp));
    }
    return found;
  }

  word(at, name, isTop) {
    const {view, t, picked} = this.app, value = view.model.value(at, 8, t);
    const writer = view.model.whoWroteMem(at, 8, t);
    const age = writer === null ? "" : writer === t - 1 ? " changed" : t - writer <= WARM ? " warm" : "";
    const label = name ?? (isTop ? "RSP →" : "");
    const symbol = value > 0x1000n ? view.objects.nameOf(value, t) : "";
    return h("button", {
      type: "button",
      class: `word${age}${isTop ? " top" : ""}${picked?.key === `m:${at}` ? " picked" : ""}`,
      "data-word": at.toString(16),
      title: `at ${hex(at)}${name ? `: pt_regs.${name}` : ""}${symbol.startsWith("0x") ? "" : ` ${symbol}`}`,
      onclick: () => this.app.pickPlace(name ? `pt_regs.${name}` : `stack ${hex(at)}`, at, 8)
    },
             h("i", {}, label || `…${at.toString(16).slice(-5)}`),
             h("span", {}, value === null ? "not recorded" : value.toString(16)),
             h("span", {},
               symbol.startsWith("0x")
                   ? ""
                   : (writer !== null && /call/.test(view.model.insn(writer).mnemonic) ? "back to " : "") +
                       symbol));
  }
}

// How many objects of each slab cache are in use, of those caches that the run changes.
export class Slabs {
  constructor(app) {
    this.app = app;
    app.on(() => this.draw());
  }

  draw() {
    const {view, t} = this.app;
    $("slabs").replaceChildren(...view.objects.counters(t).map(
        ({name, inUse, before}) =>
            h("span", {class: inUse === before ? "" : "up", "data-cache": name},
              `${name} ${inUse}${
                  inUse === before ? "" : ` (${inUse > before ? "+" : "−"}${Math.abs(inUse - before)})`}`)));
  }
}
