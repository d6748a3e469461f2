// The caption: which of the 40 steps this is, in one sentence, with the verdict and the evidence of the
// kernel's own proof. And the guided tour, which plays the steps one after the other.
import {$, h} from "#dom";
import {FOLDED, INJECTED, TRAP} from "#model";

const SENTENCES = [
  "main() is about to call socket() with three numbers.",
  "The numbers go into registers: the family, the type, and 0, which leaves the protocol open.",
  "RAX gets 41, the number of socket among the system calls; the next instruction is SYSCALL.",
  "SYSCALL switches to ring 0 at once: no interrupt, no table of gates, and nothing has been pushed yet.",
  "The kernel uses the number 41 as an index into sys_call_table.",
  "There it finds the address of __x64_sys_socket.",
  "The CPU goes on there, at an address that only ring 0 may execute.",
  "__sys_socket() receives the three numbers, now as ordinary arguments.",
  "The function is in net/socket.c, as it is on Linux.",
  "It calls __sys_socket_create() for the same three numbers.",
  "The compiler has put that function inside this one, so no call instruction shows it.",
  "__sock_create() does the work; it also gets the network namespace and a place for the result.",
  "This function is in net/socket.c too.",
  "First check: the family has to be less than NPROTO.",
  "Second check: the type has to be less than SOCK_MAX.",
  "Before anything is made, the security modules are asked.",
  "A probe on this function would have logged its entry now.",
  "Each module is asked in turn; here it is AppArmor's.",
  "All of them return 0: the call is allowed.",
  "Now the object is made: sock_alloc() is called.",
  "The function is in net/socket.c.",
  "It takes no arguments at all.",
  "It asks for an inode; the file system of sockets gives one that has a socket beside it, in one object.",
  "The address of the new socket is in RAX.",
  "The socket is valid but empty: it has no operations, no sock and no file yet.",
  "The family now sets it up: inet_create() is called.",
  "The function is in net/ipv4/af_inet.c.",
  "It gets the socket of step 24, by its address.",
  "The socket has operations now, and a struct sock, which holds what the protocol needs.",
  "It is still the same socket: the sock points back at it.",
  "Above is the socket, which any family has; below is the sock of the protocol. They are linked.",
  "The program needs a number for it: sock_map_fd() is called.",
  "The function is in net/socket.c.",
  "It gets the finished socket.",
  "A number was reserved first, then a file was made; now the slot of that number is filled.",
  "The number is 3, the lowest that was free.",
  "The result goes into RAX.",
  "SYSRET takes the address from RCX and the flags from R11, and the CPU is in ring 3 again.",
  "The program goes on behind its SYSCALL, with the number in RAX.",
  "The program prints the number it got.",
];
const SECONDS = 4;

export class Tour {
  constructor(app) {
    this.app = app;
    this.box = $("caption");
    this.timer = null;
    $("tour").onclick = () => this.toggle();
    $("step-back").onclick = () => app.act("step-");
    $("step-on").onclick = () => app.act("step+");
    app.on(() => this.draw());
  }

  draw() {
    const {view, t} = this.app, mark = this.behind(t) ? null : view.markAt(t);
    const many = mark ? view.marks.filter(each => each.t === mark.t).map(each => each.step) : [];
    const shown = mark && (view.marks.find(each => each.step === this.app.step) ?? mark);
    for (const id of ["tour", "step-back", "step-on"]) $(id).disabled = !view.marks.length;
    document.body.classList.toggle("touring", this.timer !== null);
    $("tour").setAttribute("aria-pressed", String(this.timer !== null));
    this.box.querySelector(".number").textContent = shown ? String(shown.step) : "";
    this.box.querySelector(".words").replaceChildren(...this.words(shown, t, many));
  }

  words(mark, t, many) {
    const special = this.special(t), touring = this.timer !== null;
    if (!mark) return [h("p", {class: "sentence"}, special ?? this.noStep(t))];
    const away = t - mark.t,
          also = many.length > 1 ? ` (steps ${many[0]} to ${many[many.length - 1]} are this moment)` : "";
    const verdict =
        h("span", {class: `verdict${mark.holds ? "" : " bad"}`}, mark.holds ? this.proved() : "✗ not proved");
    const evidence = h(touring ? "p" : "span", {class: "evidence", title: mark.evidence.join("\n")},
                       ` ${mark.evidence[0] ?? ""}`);
    return [
      h("p", {class: "sentence"}, `${SENTENCES[mark.step - 1]} `, special ?? verdict,
        special ? null : h("span", {class: "quiet"}, away ? `  ${away} steps ago${also}` : also),
        touring || special ? null : evidence),
      ...(touring ? [evidence] : [])
    ];
  }

  // Has the run left what the lesson tells: behind a failure, or the system call of its last step?
  behind(t) {
    const {calls, marks, recording} = this.app.view, last = marks[marks.length - 1];
    const failed = Object.keys(recording.injected).some(each => t > Number(each));
    return failed || last !== undefined && t >= (calls.syscall(last.t)?.t1 ?? Infinity);
  }

  // Where no step of the lesson is: what this run is, and how far it came.
  noStep(t) {
    const {marks, recording} = this.app.view, last = marks[marks.length - 1];
    const [failure] = Object.values(recording.injected);
    if (!last || !this.behind(t)) return recording.title;
    return failure ? `Behind the failure that was made (${failure}). ${recording.title}`
                   : `Step ${last.step} was the last that this run comes to. ${recording.title}`;
  }

  // The proof is of the lesson's own program.
  proved() {
    return /socket_test$/.test(this.app.view.recording.program) ? "✓ proved" : "✓ proved of socket_test:";
  }

  // What is not an ordinary instruction, in words.
  special(t) {
    const {calls, model, recording} = this.app.view;
    const made = recording.injected[t];
    if (made && model.kind(t) === INJECTED)
      return h("b", {class: "made"},
               `Made by the recorder: ${made}. The kernel's own code does not run here.`);
    if (model.kind(t) === FOLDED)
      return h("b", {},
               `${model.count(t).toLocaleString()} instructions of ring 3 follow that were only counted.`);
    if (model.kind(t) === TRAP)
      return h("b", {}, `The CPU stops here for a ${calls.trapTitle(calls.node(t + 1))}.`);
    return null;
  }

  // --- the guided tour ---

  toggle() {
    if (this.timer === null) this.start();
    else this.stop();
  }

  // Not waiting for the first step: from where one is, unless that is the end.
  start() {
    const {marks} = this.app.view;
    if (!marks.length) return;
    this.timer = setInterval(() => this.next(), SECONDS * 1000);
    const here = this.app.view.markAt(this.app.t);
    const first = here && here !== marks[marks.length - 1]
        ? marks.find(mark => mark.step === this.app.step) ?? here
        : marks[0];
    this.app.go(first.t, first.step);
  }

  next() {
    const before = this.app.step;
    this.app.goStep(1);
    if (this.app.step === before) this.stop();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.app.changed();
  }
}
