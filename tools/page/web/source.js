// The source beside the assembly: the current line and instruction, and how often each one ran.
import {$, h, reveal} from "#dom";

const C_WORDS = new Set(
    ("auto break case char const continue default do double else enum extern float for goto if int long " +
     "register return short signed sizeof static struct switch typedef union unsigned void volatile while bool inline")
        .split(" "));
const TOKEN = /(\/\*.*?(?:\*\/|$)|\/\/.*|"(?:[^"\\]|\\.)*"|\b[A-Za-z_]\w*\b)/g;

// The parts of one line of C, coloured. `inside`: does a comment go on from the line before?
function colourC(line, inside) {
  const parts = [];
  let rest = line;
  if (inside) {
    const end = line.indexOf("*/");
    if (end < 0) return [[h("span", {class: "com"}, line)], true];
    parts.push(h("span", {class: "com"}, line.slice(0, end + 2)));
    rest = line.slice(end + 2);
  }
  let open = false;
  for (const part of rest.split(TOKEN)) {
    if (!part) continue;
    const kind = part.startsWith("/*") || part.startsWith("//") ? "com"
        : part.startsWith("\"")                                 ? "str"
        : C_WORDS.has(part)                                     ? "kw"
                                                                : null;
    if (part.startsWith("/*") && !part.endsWith("*/")) open = true;
    parts.push(kind ? h("span", {class: kind}, part) : part);
  }
  return [parts, open];
}

function colourAsm(line) {
  const at = line.indexOf(";");
  return at < 0 ? [line] : [line.slice(0, at), h("span", {class: "com"}, line.slice(at))];
}

export class Source {
  constructor(app) {
    this.app = app;
    this.box = $("source").querySelector(".scroll");
    this.rows = [];
    this.shown = null;
    this.made = new Map(); // tables that were shown before
    app.on(() => this.draw());
  }

  // The line that is shown: of what is inlined here, the innermost that is in the function's own file.
  frame() {
    const known =
        this.app.view.model.insn(this.app.t).frames.filter(frame => this.app.shared.sources[frame.file]);
    const own = known[known.length - 1]?.file;
    return known.find(frame => frame.file === own) ?? null;
  }

  draw() {
    const frame = this.frame(), {view, t} = this.app;
    const title = $("source").querySelector(".file");
    if (!frame) {
      title.textContent = "";
      this.box.replaceChildren(h("p", {class: "hint"}, `No source is known for ${view.model.insn(t).fn}().`));
      this.shown = null;
      return;
    }
    title.textContent = `${frame.file}:${frame.line}`;
    if (this.shown !== `${view.name} ${frame.file}`) this.load(frame.file);
    for (const row of this.box.querySelectorAll(".here, .outer")) row.classList.remove("here", "outer");
    for (const outer of view.model.insn(t).frames)
      if (outer.file === frame.file) this.rows[outer.line - 1]?.classList.add("outer");
    const row = this.rows[frame.line - 1];
    row?.classList.add("here");
    if (row) reveal(this.box, row);
  }

  load(file) {
    this.shown = `${this.app.view.name} ${file}`;
    if (!this.made.has(this.shown)) this.made.set(this.shown, this.make(file));
    const {table, rows} = this.made.get(this.shown);
    this.rows = rows;
    this.box.replaceChildren(table);
  }

  make(file) {
    const {view} = this.app, times = view.model.lines(), text = this.app.shared.sources[file];
    let inside = false;
    const rows = text.replace(/\n$/, "").split("\n").map((line, n) => {
      let parts;
      if (/\.(asm|inc)$/.test(file)) parts = colourAsm(line);
      else [parts, inside] = colourC(line, inside);
      const runs = times.get(`${file}:${n + 1}`)?.length;
      return h("tr", {
        "data-runs": runs,
        class: runs ? null : "never",
        title: runs ? `ran ${runs} times: click for the next time, Shift+click for the one before` : null,
        onclick: event => this.toLine(file, n + 1, event.shiftKey ? -1 : 1)
      },
               h("td", {class: "n"}, String(n + 1)), h("td", {class: "runs"}, runs ? `${runs}×` : ""),
               h("td", {class: "text"}, ...parts));
    });
    return {rows, table: h("table", {class: "code"}, h("tbody", {}, ...rows))};
  }

  // The next time that the current line runs, or the one before.
  again(direction) {
    const frame = this.frame();
    if (frame) this.toLine(frame.file, frame.line, direction);
  }

  toLine(file, line, direction) {
    const t = this.app.view.model.timeOfLine(file, line, this.app.t, direction);
    if (t !== null) this.app.go(t);
  }
}

export class Assembly {
  constructor(app) {
    this.app = app;
    this.box = $("assembly").querySelector(".scroll");
    this.shown = null;
    this.made = new Map();
    app.on(() => this.draw());
  }

  draw() {
    const {view, t} = this.app, insn = view.model.insn(t);
    const title = `${view.name} ${insn.fn}`;
    $("assembly").querySelector(".file").textContent = insn.fn;
    if (this.shown !== title) this.load(insn.fn, title);
    this.box.querySelector(".here")?.classList.remove("here");
    const row = this.rows.get(insn);
    row.classList.add("here");
    reveal(this.box, row);
  }

  // [time, ...] of each instruction: computed once.
  times(view) {
    if (!view.insnTimes) {
      view.insnTimes = new Map();
      for (let t = 0; t < view.model.end; t++) {
        const insn = view.model.insn(t);
        if (!view.insnTimes.has(insn)) view.insnTimes.set(insn, []);
        view.insnTimes.get(insn).push(t);
      }
    }
    return view.insnTimes;
  }

  load(fn, title) {
    this.shown = title;
    if (!this.made.has(title)) this.made.set(title, this.make(fn));
    const {table, rows} = this.made.get(title);
    this.rows = rows;
    this.box.replaceChildren(table);
  }

  make(fn) {
    const {view} = this.app, times = this.times(view), rows = new Map();
    const body = h("tbody");
    for (const insn of view.model.insns.filter(each => each.fn === fn)) {
      const when = times.get(insn);
      const row = h("tr", {
        "data-runs": when?.length,
        class: when ? null : "never",
        onclick: event => when && this.next(when, event.shiftKey ? -1 : 1)
      },
                    h("td", {class: "n"}, insn.at.toString(16).slice(-6)),
                    h("td", {class: "runs"}, when ? `${when.length}×` : ""),
                    h("td", {class: "text"}, insn.text.replace(/ffffffff[0-9a-f]{8} /, "")));
      rows.set(insn, row);
      body.append(row);
    }
    return {rows, table: h("table", {class: "code"}, body)};
  }

  next(when, direction) {
    const {t} = this.app;
    const found = direction > 0 ? when.find(each => each > t) ?? when[0]
                                : when.findLast(each => each < t) ?? when[when.length - 1];
    this.app.go(found);
  }
}
