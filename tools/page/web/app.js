// What is shown: which recording, at which time, what is picked. The panels listen to it.
import {align, counterpart} from "#align";
import {Calls} from "#calls";
import {Model} from "#model";
import {Objects} from "#objects";

// One recording with all that is derived from it.
export class View {
  constructor(recording, shared) {
    this.name = recording.name;
    this.recording = recording;
    this.model = new Model(recording, shared);
    this.calls = new Calls(this.model);
    this.objects = new Objects(this.model, this.calls);
    this.marks = recording.marks.map(([step, t]) => {
      const [, phase, what] = shared.steps[step - 1], proof = shared.proof[step - 1];
      return {step, t, phase, phaseName: shared.phases[phase - 1], what, ...proof};
    });
    this.t = 0;
  }

  // The mark that time t has come to: the last one of those at or before it.
  markAt(t) { return this.marks.findLast(mark => mark.t <= t) ?? null; }
}

export class App {
  constructor(shared) {
    this.shared = shared;
    this.views = [];
    this.active = 0;
    this.rows = null;   // the calls of two recordings, aligned
    this.picked = null; // { name, writer(t), reader(t), value(t) } of a register, field or word
    this.step = null;   // of the lesson, when one was asked for: several can be one moment
    this.listeners = [];
    this.playing = null;
  }

  get view() { return this.views[this.active]; }
  get t() { return this.view.t; }

  add(recording) {
    this.views.push(new View(recording, this.shared));
    if (this.views.length === 2) this.rows = align(this.views[0].calls, this.views[1].calls);
  }

  drop() {
    this.views.length = 1;
    this.active = 0;
    this.rows = null;
    this.changed();
  }

  on(listener) { this.listeners.push(listener); }
  changed() {
    for (const listener of this.listeners) listener(this);
  }

  go(t, step = null) {
    this.step = step;
    this.view.t = Math.max(0, Math.min(this.view.model.end, Math.round(t)));
    if (this.rows) {
      const [from, to] = this.active ? ["right", "left"] : ["left", "right"];
      const other = this.views[1 - this.active];
      other.t = counterpart(this.t, this.rows, from, to, this.view.calls);
    }
    this.changed();
  }

  // Show the other recording, at the time that belongs to this one.
  activate(n) {
    if (n < this.views.length) {
      this.active = n;
      this.changed();
    }
  }

  // Actions: in, over, out, ring, line with + or -; start, end; step+ and step- of the lesson.
  act(action) {
    const {calls, model} = this.view, direction = action.endsWith("-") ? -1 : 1, t = this.t;
    switch (action.slice(0, -1)) {
    case "in":
      return this.go(calls.into(t, direction));
    case "over":
      return this.go(calls.over(t, direction));
    case "out":
      return this.go(calls.out(t, direction));
    case "ring":
      return this.go(calls.ring(t, direction));
    case "line":
      return this.go(calls.line(t, direction));
    case "end":
      return this.go(direction > 0 ? model.end : 0);
    case "step":
      return this.goStep(direction);
    }
  }

  // To the next step of the lesson, or the one before.
  goStep(direction) {
    const {marks} = this.view, here = this.view.markAt(this.t), now = this.step ?? here?.step ?? 0;
    const mark = direction > 0                          ? marks.find(each => each.step > now)
        : this.step === null && here && here.t < this.t ? here
                                                        : marks.findLast(each => each.step < now);
    if (mark) this.go(mark.t, mark.step);
  }

  pick(picked) {
    this.picked = picked;
    this.changed();
  }

  // Pick a register, or a place in memory, so that one can ask who wrote it.
  pickRegister(name) {
    const {model} = this.view;
    this.pick({
      key: `r:${name}`,
      name: name.toUpperCase(),
      value: t => model.reg(name, t),
      writer: t => model.whoWroteReg(name, t),
      reader: t => model.nextReadReg(name, t)
    });
  }

  pickPlace(name, at, size) {
    const {model} = this.view;
    this.pick({
      key: `m:${at}`,
      name,
      value: t => model.value(at, Math.min(size, 8), t),
      writer: t => model.whoWroteMem(at, size, t),
      reader: t => model.nextReadMem(at, size, t)
    });
  }

  // To the instruction that wrote what is picked, or to the next one that reads it.
  goWriter() {
    const t = this.picked?.writer(this.t);
    if (t !== null && t !== undefined) this.go(t);
  }
  goReader() {
    const t = this.picked?.reader(this.t);
    if (t !== null && t !== undefined) this.go(t);
  }
}
