// The kernel's objects at a time: which there are, what type they have, their fields, who points to whom.
//
// Objects come from the slab: a call of kmem_cache_alloc() returns one, kmem_cache_free() takes it back.
// Those that were there before are the recording's roots. The types are gdb's (tools/page/typedump.py).
import {hex, littleEndian} from "#model";

const WORD = 8;

export class Objects {
  constructor(model, calls) {
    this.model = model;
    this.calls = calls;
    this.types = model.shared.types;
    this.caches = model.recording.caches.map(cache => ({...cache, at: BigInt("0x" + cache.at)}));
    this.known = model.recording.roots.map(root => ({
                                             name: root.name,
                                             type: root.type,
                                             at: BigInt("0x" + root.at),
                                             size: this.types[root.type].size,
                                             born: 0,
                                             freed: Infinity,
                                             before: true
                                           }));
    for (const node of calls.named("kmem_cache_alloc")) this.born(node);
    for (const node of calls.named("kmem_cache_free")) this.freed(node);
    this.symbols = [...model.shared.symbols, ...model.recording.symbols]
                       .map(([at, name]) => [BigInt("0x" + at), name])
                       .sort((a, b) => a[0] < b[0] ? -1
                                 : a[0] > b[0]     ? 1
                                                   : 0);
  }

  born(node) {
    const at = this.model.reg("rax", node.t1), cacheAt = this.model.reg("rdi", node.t0);
    const cache = this.caches.find(each => each.at === cacheAt);
    if (!at || !cache) return;
    this.known.push({
      name: cache.name,
      type: cache.type,
      at,
      size: cache.size,
      cache,
      born: node.t1,
      freed: Infinity,
      by: node.parent.fn,
      before: false
    });
  }

  freed(node) {
    const at = this.model.reg("rsi", node.t0);
    const object =
        this.known.findLast(each => each.at === at && each.born <= node.t0 && each.freed === Infinity);
    if (object) object.freed = node.t1;
    else this.freedBefore(at, node);
  }

  // An object that is freed, and was made before the recording began.
  freedBefore(at, node) {
    const cacheAt = this.model.reg("rdi", node.t0);
    const cache = this.caches.find(each => each.at === cacheAt);
    if (cache)
      this.known.push({
        name: cache.name,
        type: cache.type,
        at,
        size: cache.size,
        cache,
        born: 0,
        freed: node.t1,
        by: null,
        before: true
      });
  }

  // Every object made or freed in the recording, and the roots, that exists or has existed at time t.
  until(t) { return this.known.filter(each => each.born <= t); }
  alive(object, t) { return object.born <= t && t < object.freed; }

  // The living object that an address lies in, or null.
  holding(address, t) {
    return this.known.findLast(each => this.alive(each, t) && address >= each.at &&
                                   address < each.at + BigInt(each.size)) ??
        null;
  }

  // --- fields ---

  // [{ path, at, size, kind, type, more, depth }] of a type that lies at `at`: structs inside are opened.
  fields(type, at, prefix = "", depth = 0) {
    const found = [];
    for (const [name, offset, size, kind, text, more] of this.types[type]?.fields ?? []) {
      const path = prefix + name, place = at + BigInt(offset);
      const single = kind === "struct" && this.types[more]?.fields.length === 1 && this.types[more].fields[0];
      if (single && single[3] !== "struct" && single[3] !== "array") // a counter in a struct of its own
        found.push({path, at: place, size: single[2], kind: single[3], type: text, more: single[5], depth});
      else if (kind === "struct") found.push(...this.fields(more, place, path + ".", depth + 1));
      else found.push({path, at: place, size, kind, type: text, more, depth});
    }
    return found;
  }

  fieldsOf(object) {
    if (object.type) return this.fields(object.type, object.at);
    return Array.from({length: Math.ceil(object.size / WORD)}, (_, n) => ({
                                                                 path: `+${n * WORD}`,
                                                                 at: object.at + BigInt(n * WORD),
                                                                 size: WORD,
                                                                 kind: "ptr",
                                                                 type: "word",
                                                                 depth: 0
                                                               }));
  }

  // A field by its path, such as "socket.ops".
  field(object, path) { return this.fieldsOf(object).find(each => each.path === path) ?? null; }

  // What a field holds, in words: { text, pointer }. pointer: the address, where it is one.
  // @freed: it is part of an object that was freed, where even one byte 6b is poison.
  show(field, t, freed = false) {
    const bytes = this.model.bytes(field.at, Math.min(field.size, 64), t);
    if (!bytes) return {text: "not recorded", pointer: null};
    if ((freed || bytes.length >= 4) && bytes.every(byte => byte === 0x6b))
      return {
        text: bytes.length < 4 ? `poison ${"6b".repeat(bytes.length)}` : "poison 6b6b…",
        pointer: null,
        poison: true
      };
    if (field.kind === "array") return {text: this.showArray(field, bytes), pointer: null};
    const value = littleEndian(bytes);
    if (field.kind === "ptr") return {text: value ? this.nameOf(value, t) : "NULL", pointer: value || null};
    if (field.kind === "enum") return {text: field.more?.[value] ?? String(value), pointer: null};
    if (field.kind === "bool") return {text: value ? "true" : "false", pointer: null};
    if (field.path.endsWith("i_mode")) return {text: "0" + value.toString(8), pointer: null};
    if (/flags$|mode$/.test(field.path)) return {text: hex(value), pointer: null};
    return {
      text: String(field.kind === "uint" ? value : BigInt.asIntN(8 * field.size, value)),
      pointer: null
    };
  }

  showArray(field, bytes) {
    const [kind] = field.more ?? [];
    if (kind === "char") return "\"" + String.fromCharCode(...bytes).split("\0")[0] + "\"";
    return bytes.every(byte => !byte)
        ? "all zero"
        : [...bytes].map(byte => byte.toString(16).padStart(2, "0")).join("").slice(0, 24) + "…";
  }

  // An address in words: a symbol, an object, or the number.
  nameOf(address, t) {
    const symbol = this.symbol(address);
    if (symbol) return symbol;
    const object = this.holding(address, t);
    if (object) return this.title(object) + (address === object.at ? "" : ` +${address - object.at}`);
    return hex(address);
  }

  symbol(address) {
    const last = this.symbols[this.symbols.length - 1];
    if (!last || address < this.symbols[0][0] || address > last[0] + 0x4000n) return null;
    let low = 0, high = this.symbols.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.symbols[middle][0] <= address) low = middle + 1;
      else high = middle;
    }
    const [at, name] = this.symbols[low - 1];
    const offset = address - at;
    return offset > 0x10000n ? null : name + (offset ? `+${offset}` : "");
  }

  title(object) { return object.type ? object.type.replace("struct ", "") : object.name; }

  // --- what the page shows of the whole kernel ---

  root(name) { return this.known.find(each => each.name === name) ?? null; }

  // [{ fd, file, reserved }] of the descriptor table, up to the last one that is or was used.
  descriptors(t, most = 8) {
    const table = this.root("descriptor table");
    if (!table) return [];
    const fd = this.model.value(this.field(table, "fd").at, 8, t);
    const bits = this.model.value(this.model.value(this.field(table, "open_fds").at, 8, t), 8, t) ?? 0n;
    return Array.from({length: most}, (_, n) => {
      const at = fd + BigInt(8 * n);
      return {fd: n, at, file: this.model.value(at, 8, t) || null, reserved: Boolean(bits >> BigInt(n) & 1n)};
    });
  }

  // Objects of each cache that the run changes: [{ name, inUse, before }].
  counters(t) {
    const count = (cache, member, when) => {
      const field = this.fields("struct kmem_cache", cache.at).find(each => each.path === member);
      return Number(this.model.value(field.at, 8, when) ?? 0n);
    };
    const inUse = (cache, when) => count(cache, "nr_allocs", when) - count(cache, "nr_frees", when);
    this.moving ??= this.caches.filter(
        cache => count(cache, "nr_allocs", 0) !== count(cache, "nr_allocs", this.model.end) ||
            count(cache, "nr_frees", 0) !== count(cache, "nr_frees", this.model.end));
    return this.moving.map(cache =>
                               ({name: cache.name, cache, inUse: inUse(cache, t), before: inUse(cache, 0)}));
  }
}
