// Search: functions, steps of the lesson, and values.
import {hex, littleEndian} from "#model";

const MOST = 200;

// A number that somebody typed: 0x…, an address of 12 or more digits, or decimal; null where it is none.
function parse(text) {
  if (/^0x[0-9a-f]+$/i.test(text)) return BigInt(text);
  if (/^[0-9a-f]{12,16}$/i.test(text)) return BigInt("0x" + text);
  if (/^-?\d+$/.test(text)) return BigInt.asUintN(64, BigInt(text));
  return null;
}

// [{ t, what, where }]: the moments that fit, by time.
export function search(text, model, calls, marks) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return [];
  const found = [...steps(wanted, marks), ...functions(wanted, calls)];
  const value = parse(wanted);
  if (value !== null && value > 8n) found.push(...values(value, model));
  return found.sort((a, b) => a.t - b.t).slice(0, MOST);
}

function steps(wanted, marks) {
  const number = /^(?:step )?0?(\d{1,2})$/.exec(wanted);
  return marks
      .filter(mark => number ? mark.step === Number(number[1])
                             : `${mark.what} ${mark.claim}`.toLowerCase().includes(wanted))
      .map(mark => ({t: mark.t, what: `step ${mark.step}`, where: mark.claim}));
}

function functions(wanted, calls) {
  const name = wanted.replace(/\(\)$/, "");
  return calls.nodes
      .filter(node => node.fn.toLowerCase().includes(name) || calls.title(node).toLowerCase().includes(name))
      .map(node => ({t: node.t0, what: calls.title(node), where: `called by ${node.parent.fn}`}));
}

// Where a register or a word of memory gets the value.
function values(value, model) {
  const found = [];
  for (let t = 0; t < model.end; t++)
    for (const [name, , now] of model.changes(t))
      if (now === value && name !== "rip")
        found.push({t: t + 1, what: `${name} = ${hex(value)}`, where: model.insn(t).fn});
  for (const [word, {times, values: each}] of model.words)
    each.forEach((bytes, n) => {
      if (littleEndian(bytes) === value)
        found.push({
          t: times[n],
          what: `memory = ${hex(value)}`,
          where: `${model.insn(times[n] - 1).fn}, physical ${hex(word * 8)}`
        });
    });
  return found;
}
