// The recorded run as a function of time: registers, memory, who wrote a value and who reads it next.
//
// Time t, from 0 to model.end, is the moment before step t. A step is one instruction, or what came in
// its place: an interrupt, a failure that the recorder caused, or a stretch of ring 3 that was only
// counted. Every register and every 8-byte word of memory has a history, a list of the times at
// which it was written, so that the state at any time is looked up and not computed: backwards costs what
// forwards does. Nothing in here knows the browser; tests/page/model.mjs runs it without one.

export const ORDINARY = 0, TRAP = 1, INJECTED = 2, FOLDED = 3;
const PAGE = 4096;
const USER_END = 1n << 47n;

// The last place in the sorted list `times` whose value is at most `t`; -1 where there is none.
export function lastAtMost(times, t) {
  let low = 0, high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= t) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export const hex = value => "0x" + value.toString(16);

export function littleEndian(bytes) {
  let value = 0n;
  for (let n = bytes.length - 1; n >= 0; n--) value = value << 8n | BigInt(bytes[n]);
  return value;
}

function fromHex(text) { return Uint8Array.from(text.match(/../g) ?? [], pair => parseInt(pair, 16)); }

function fromBase64(text) { return Uint8Array.from(atob(text), character => character.charCodeAt(0)); }

export class Model {
  constructor(recording, shared) {
    this.recording = recording;
    this.shared = shared;
    this.name = recording.name;
    this.registers = recording.registers;
    this.number = Object.fromEntries(this.registers.map((name, n) => [name, n]));
    this.insns = recording.code.map(row => this.readInsn(row));
    this.insnOf = recording.steps.insn;
    this.end = this.insnOf.length;
    this.readRegisters();
    this.readMemory();
    this.ring = Uint8Array.from({length: this.end + 1}, (_, t) => Number(this.reg("cs", t) & 3n));
    this.lineTimes = null;
  }

  // A row of data.py's Code.row(). frames: the innermost inlined function's line first.
  readInsn([at, text, fn, places, reads, writes]) {
    const frames = [];
    for (let n = 0; n < places.length; n += 3) {
      const inlined = places[n + 2];
      frames.push({
        file: this.recording.files[places[n]],
        line: places[n + 1],
        fn: this.recording.functions[inlined < 0 ? fn : inlined],
        inlined: inlined >= 0
      });
    }
    return {
      at: BigInt("0x" + at),
      text,
      fn: this.recording.functions[fn],
      frames,
      reads,
      writes,
      mnemonic: text.replace(/^(rep\w*|lock|data16|notrack|bnd|[cdefgs]s) /, "").split(" ")[0]
    };
  }

  readRegisters() {
    const {first, steps} = this.recording;
    this.regTimes = this.registers.map(() => [0]);
    this.regValues = first.map(text => [BigInt("0x" + text)]);
    this.regSteps = this.registers.map(() => []); // steps that write it, with a new value or not
    for (let t = 0; t < this.end; t++) {
      const written = new Set(this.kind(t) === ORDINARY ? this.insn(t).writes : []);
      const changes = steps.changes[t];
      for (let n = 0; n < changes.length; n += 2) {
        const register = changes[n];
        this.regTimes[register].push(t + 1);
        this.regValues[register].push(BigInt("0x" + changes[n + 1]));
        written.add(register);
      }
      for (const register of written) this.regSteps[register].push(t);
    }
  }

  readMemory() {
    this.pages = new Map(this.recording.pages.map(([at, text]) => [at, fromBase64(text)]));
    const now = new Map([...this.pages].map(([at, bytes]) => [at, bytes.slice()]));
    this.words = new Map(); // physical address / 8 -> { times, values }
    this.writes = this.recording.steps.writes.map((flat, t) => {
      const found = [];
      for (let n = 0; n < flat.length; n += 2) {
        const write = {at: flat[n], bytes: fromHex(flat[n + 1])};
        found.push(write);
        this.apply(write, t, now);
      }
      return found;
    });
    this.places = new Map(); // virtual page -> [[time, physical page]], by time
    for (const [t, page, at] of this.recording.places) {
      if (!this.places.has(page)) this.places.set(page, []);
      this.places.get(page).push([t, at]);
    }
    this.pageOffset = BigInt("0x" + this.shared.pageOffset);
    this.kernelMap = BigInt("0x" + this.shared.kernelMap);
  }

  // Put a write of step t into the histories of its words. `now`: the pages as they are by then.
  apply({at, bytes}, t, now) {
    const page = now.get(at - at % PAGE);
    page.set(bytes, at % PAGE);
    for (let word = Math.trunc(at / 8); word * 8 < at + bytes.length; word++) {
      if (!this.words.has(word)) this.words.set(word, {times: [], values: []});
      const {times, values} = this.words.get(word);
      if (times[times.length - 1] === t + 1) {
        times.pop();
        values.pop();
      }
      times.push(t + 1);
      values.push(page.slice(word * 8 % PAGE, word * 8 % PAGE + 8));
    }
  }

  // --- steps ---

  kind(t) { return this.recording.steps.kind[t] ?? ORDINARY; }
  count(t) { return this.recording.steps.count[t] ?? 1; }
  insn(t) { return this.insns[this.insnOf[Math.min(t, this.end - 1)]]; }
  isUser(address) { return address < USER_END; }

  // [[register, old, new]] of step t.
  changes(t) {
    const flat = this.recording.steps.changes[t] ?? [], found = [];
    for (let n = 0; n < flat.length; n += 2) {
      const name = this.registers[flat[n]];
      found.push([name, this.reg(name, t), BigInt("0x" + flat[n + 1])]);
    }
    return found;
  }

  // Who made the changes of step t: "code", "CPU" (what the instruction set does by itself) or "recorder".
  author(t) {
    if (this.kind(t) === TRAP) return "CPU";
    if (this.kind(t) === INJECTED) return "recorder";
    return /^(syscall|sysret|iret|swapgs)/.test(this.insn(t).mnemonic) ? "CPU" : "code";
  }

  // --- registers ---

  reg(name, t) {
    const n = this.number[name];
    return this.regValues[n][lastAtMost(this.regTimes[n], t)];
  }

  // The step that gave the register the value it has at time t; null: it had it before.
  whoWroteReg(name, t) {
    const steps = this.regSteps[this.number[name]];
    return steps[lastAtMost(steps, t - 1)] ?? null;
  }

  // The next step, from t on, that uses the value; null: none, or it is overwritten first.
  nextReadReg(name, t) {
    const n = this.number[name], next = this.regSteps[n];
    const until = next[lastAtMost(next, t - 1) + 1] ?? this.end - 1;
    for (let u = t; u <= until; u++)
      if (this.kind(u) === ORDINARY && this.insn(u).reads.includes(n)) return u;
    return null;
  }

  // --- memory ---

  // The physical address behind a virtual one; null where the recording knows none.
  translate(address, t) {
    if (address >= this.kernelMap) return Number(address - this.kernelMap);
    if (address >= this.pageOffset && address < this.pageOffset + (1n << 40n))
      return Number(address - this.pageOffset);
    const offset = address & 4095n;
    const known = this.places.get((address - offset).toString(16));
    if (!known) return null;
    const n = lastAtMost(known.map(([time]) => time), t);
    return known[Math.max(n, 0)][1] + Number(offset);
  }

  // The 8 bytes of a physical word at time t; null where its page was never touched.
  word(word, t) {
    const history = this.words.get(word);
    const n = history ? lastAtMost(history.times, t) : -1;
    if (n >= 0) return history.values[n];
    const at = word * 8, page = this.pages.get(at - at % PAGE);
    return page ? page.subarray(at % PAGE, at % PAGE + 8) : null;
  }

  // `size` bytes at a virtual address; null where one of them is not known.
  bytes(address, size, t) {
    const result = new Uint8Array(size);
    for (let n = 0; n < size; n++) {
      const at = this.translate(address + BigInt(n), t);
      const word = at === null ? null : this.word(Math.trunc(at / 8), t);
      if (!word) return null;
      result[n] = word[at % 8];
    }
    return result;
  }

  value(address, size, t) {
    const bytes = this.bytes(address, size, t);
    return bytes && littleEndian(bytes);
  }

  text(address, t, limit = 32) {
    let text = "";
    for (let n = 0; n < limit; n++) {
      const byte = this.bytes(address + BigInt(n), 1, t);
      if (!byte || !byte[0]) break;
      text += String.fromCharCode(byte[0]);
    }
    return text;
  }

  // The last step before t that wrote into the place; null: it is as the recording found it.
  whoWroteMem(address, size, t) {
    const at = this.translate(address, t);
    if (at === null) return null;
    let best = null;
    for (let word = Math.trunc(at / 8); word * 8 < at + size; word++) {
      const times = this.words.get(word)?.times ?? [];
      for (let n = lastAtMost(times, t); n >= 0; n--) {
        const step = times[n] - 1;
        if (best !== null && step <= best) break;
        if (this.writes[step].some(write => write.at < at + size && at < write.at + write.bytes.length)) {
          best = step;
          break;
        }
      }
    }
    return best;
  }

  // The next step, from t on, that reads from the place; null: none, or it is overwritten first.
  nextReadMem(address, size, t) {
    const at = this.translate(address, t);
    if (at === null) return null;
    const {reads} = this.recording.steps;
    for (let u = t; u < this.end; u++) {
      for (let n = 0; n < reads[u].length; n += 2)
        if (reads[u][n] < at + size && at < reads[u][n] + reads[u][n + 1]) return u;
      if (this.writes[u].some(write => write.at <= at && at + size <= write.at + write.bytes.length))
        return null;
    }
    return null;
  }

  // --- source ---

  // [time, ...] of each "file:line" at which the run comes to it from another line.
  lines() {
    if (this.lineTimes) return this.lineTimes;
    this.lineTimes = new Map();
    let before = new Set();
    for (let t = 0; t < this.end; t++) {
      const here = new Set(this.insn(t).frames.map(frame => `${frame.file}:${frame.line}`));
      for (const key of here) {
        if (before.has(key)) continue;
        if (!this.lineTimes.has(key)) this.lineTimes.set(key, []);
        this.lineTimes.get(key).push(t);
      }
      before = here;
    }
    return this.lineTimes;
  }

  // The next or previous time that the run comes to a line; it goes round at the end.
  timeOfLine(file, line, t, direction) {
    const times = this.lines().get(`${file}:${line}`) ?? [];
    if (!times.length) return null;
    const n = direction > 0 ? lastAtMost(times, t) + 1 : lastAtMost(times, t - 1);
    return times[(n + times.length) % times.length];
  }
}
