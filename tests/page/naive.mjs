// A second, simple reading of a recording: by going through all of its steps. model.mjs compares the page's
// model with it.

// The state, by applying every change from the beginning.
export class Naive {
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

// What of the state differs between the model and this reading, or null.
export function sameState(model, naive) {
  const wrong = model.registers.find((name, n) => model.reg(name, naive.t) !== naive.regs[n]);
  if (wrong) return `register ${wrong}`;
  for (const [page, bytes] of naive.pages)
    for (let n = 0; n < 4096; n += 8)
      if (bytes.compare(model.word((page + n) / 8, naive.t), 0, 8, n, n + 8)) return `memory ${page + n}`;
  return null;
}

// The last step before t that writes one of these bytes, by looking at all of them.
export function lastWriter(recording, at, size, t) {
  for (let u = t - 1; u >= 0; u--) {
    const flat = recording.steps.writes[u];
    for (let n = 0; n < flat.length; n += 2)
      if (flat[n] < at + size && at < flat[n] + flat[n + 1].length / 2) return u;
  }
  return null;
}

// The next step from t on that reads one of these bytes; null: none, or all are overwritten first.
export function nextReader(recording, at, size, t) {
  const {reads, writes} = recording.steps;
  for (let u = t; u < reads.length; u++) {
    for (let n = 0; n < reads[u].length; n += 2)
      if (reads[u][n] < at + size && at < reads[u][n] + reads[u][n + 1]) return u;
    for (let n = 0; n < writes[u].length; n += 2)
      if (writes[u][n] <= at && at + size <= writes[u][n] + writes[u][n + 1].length / 2) return null;
  }
  return null;
}

// The same of a register.
export function nextReaderOfRegister(recording, number, t) {
  const {steps, code} = recording;
  for (let u = t; u < steps.insn.length; u++) {
    const [, , , , reads, writes] = code[steps.insn[u]], ordinary = !steps.kind[u];
    if (ordinary && reads.includes(number)) return u;
    if (ordinary && writes.includes(number) ||
        steps.changes[u].some((each, n) => n % 2 === 0 && each === number))
      return null;
  }
  return null;
}
