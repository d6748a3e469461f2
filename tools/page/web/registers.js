// The registers, what the last step changed and who did it; and who wrote the value that is picked.
import {$, h} from "#dom";
import {hex, INJECTED, TRAP} from "#model";

const SHOWN =
    "rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15 rip eflags cs gs_base".split(" ");
const MORE = "ss k_gs_base cr2 cr3".split(" "); // shown with "all fields", or when they change
const FLAGS =
    [[0, "CF"], [2, "PF"], [4, "AF"], [6, "ZF"], [7, "SF"], [9, "IF"], [10, "DF"], [11, "OF"], [18, "AC"]];

export class Registers {
  constructor(app) {
    this.app = app;
    this.table = $("registers").querySelector(".table");
    app.on(() => this.draw());
  }

  draw() {
    const {view, t} = this.app, {model} = view;
    const changed = new Map(t ? model.changes(t - 1).map(([name, old]) => [name, old]) : []);
    const more = MORE.filter(name => changed.has(name) || $("all-fields").checked);
    this.table.replaceChildren(...[...SHOWN, ...more].map(name => this.register(name, t, changed)));
    $("author").textContent = t && changed.size ? this.author(t - 1) : "";
    this.why();
  }

  register(name, t, changed) {
    const {view, picked} = this.app, value = view.model.reg(name, t);
    const meaning = this.meaning(name, value, t);
    const old = changed.get(name);
    return h("button", {
      type: "button",
      class: `reg${old !== undefined && name !== "rip" ? " changed" : ""}${
          picked?.key === `r:${name}` ? " picked" : ""}`,
      "data-register": name,
      title: `${name} = ${hex(value)}${meaning ? ` (${meaning})` : ""}${
          old === undefined ? "" : `, before ${hex(old)}`}`,
      onclick: () => this.app.pickRegister(name)
    },
             h("i", {}, name.replace("k_gs_base", "k_gs")), h("span", {}, meaning || value.toString(16)));
  }

  // A value in words, where there are any.
  meaning(name, value, t) {
    if (name === "eflags")
      return FLAGS.filter(([bit]) => value >> BigInt(bit) & 1n).map(([, flag]) => flag).join(" ") || "0";
    if (name === "cs") return `${value.toString(16)} ring ${value & 3n}`;
    if (name === "ss" || name === "cr2" || name === "cr3") return value.toString(16);
    if (value > 0x1000n && name !== "rsp") return this.named(value, t);
    return value < 0x10000n ? `${value.toString(16)}${value > 9n ? ` = ${value}` : ""}` : "";
  }

  named(value, t) {
    const {objects} = this.app.view, name = objects.nameOf(value, t);
    if (!name.startsWith("0x")) return name;
    const signed = BigInt.asIntN(64, value), short = BigInt.asIntN(32, value);
    if (signed<0n && signed>- 4096n) return `${signed}`;
    return value < 1n << 32n && short < 0n && short > -4096n ? `${short} (32 bits)` : "";
  }

  author(step) {
    const {model} = this.app.view, who = model.author(step);
    if (model.kind(step) === TRAP) return "by the CPU, which stopped the code";
    if (model.kind(step) === INJECTED) return "by the recorder: this failure is made";
    return who === "CPU" ? `changed by the CPU: ${model.insn(step).mnemonic}`
                         : `changed by ${model.insn(step).fn}()`;
  }

  // Who wrote what is picked, and who reads it next.
  why() {
    const {picked, t, view} = this.app, box = $("why");
    if (!picked) {
      box.replaceChildren(h("p", {class: "quiet"}, "Click a value: who wrote it, who reads it next?"));
      return;
    }
    const value = picked.value(t), writer = picked.writer(t), reader = picked.reader(t);
    const go = (step, key, words) => step === null
        ? null
        : h("button", {type: "button", class: words, onclick: () => this.app.go(step)},
            `${words} t=${step}: ${view.model.insn(step).fn}  ${this.short(step)} (${key})`);
    box.replaceChildren(
        h("p", {}, h("b", {}, picked.name), value === null ? " is not recorded" : ` = ${hex(value)} `,
          this.nameOf(value, t)),
        go(writer, "w", "written") ?? h("p", {class: "quiet"}, "It had this value when the recording began."),
        go(reader, "u", "read") ?? h("p", {class: "quiet"}, "Nobody reads this value any more."));
  }

  nameOf(value, t) {
    const name = value > 0x1000n ? this.app.view.objects.nameOf(value, t) : "";
    return name && !name.startsWith("0x") ? `(${name})` : "";
  }

  short(step) {
    const {model} = this.app.view;
    return model.kind(step) === TRAP ? "the CPU, for an interrupt"
                                     : model.insn(step).text.replace(/\s*[#<].*/, "").slice(0, 40);
  }
}
