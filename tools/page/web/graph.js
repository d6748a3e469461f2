// The objects, drawn as they come to be: descriptor table, file, dentry, socket with its inode, sock.
// Arrows are the pointers that the fields hold. What has been freed stays, struck through and poisoned.
import {$, h} from "#dom";
import {hex} from "#model";

const COLUMNS = 5; // descriptor table; file and dentry; socket with its inode; sock; others
const WARM = 25;

// The fields that are shown unless all are asked for, by type.
const CHOSEN = {
  "struct file": "f_count f_flags f_op f_path.dentry f_inode private_data",
  "struct dentry": "d_count d_name.name d_inode",
  "struct socket_alloc":
      "socket.state socket.type socket.file socket.sk socket.ops vfs_inode.i_mode vfs_inode.i_count vfs_inode.i_ino vfs_inode.i_op",
  sock:
      "skc_family skc_state skc_refcnt skc_prot sk_type sk_protocol sk_socket sk_wmem_alloc sk_rcvbuf icsk_af_ops",
};

const isSock = type => /struct (tcp|udp|inet|raw)_sock/.test(type ?? "");
const last = path => path.split(".").filter(part => !/^(next|prev|refs|counter)$/.test(part)).pop();

export class Graph {
  constructor(app) {
    this.app = app;
    this.box = $("objects").querySelector(".graph");
    this.all = false;
    $("all-fields").onchange = event => {
      this.all = event.target.checked;
      app.changed();
    };
    app.on(() => this.draw());
    addEventListener("resize", () => this.arrows());
  }

  column(object) {
    if (isSock(object.type)) return 3;
    return {"struct file": 1, "struct dentry": 1, "struct socket_alloc": 2}[object.type] ?? 4;
  }

  draw() {
    const {view, t} = this.app;
    const shown = view.objects.until(t).filter(object => !object.before ||
                                                   object.freed !== Infinity && object.freed <= t);
    const columns = Array.from({length: COLUMNS}, () => h("div", {class: "column"}));
    this.links = [];
    columns[0].append(this.descriptors(t));
    shown.sort((a, b) => (a.type < b.type) - (a.type > b.type)); // the file above its dentry
    for (const object of shown) columns[this.column(object)].append(this.card(object, t));
    if (!shown.length)
      columns[1].append(
          h("p", {class: "hint"},
            "Objects appear here when the slab hands them out: file, dentry, socket with its inode, sock."));
    this.svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    this.svg.setAttribute("aria-hidden", "true");
    this.box.replaceChildren(this.svg, ...columns.filter(column => column.childElementCount));
    this.arrows();
  }

  // --- cards ---

  age(at, size, t) {
    const writer = this.app.view.model.whoWroteMem(at, size, t);
    return writer === null ? "" : writer === t - 1 ? " changed" : t - writer <= WARM ? " warm" : "";
  }

  descriptors(t) {
    const {view} = this.app, rows = view.objects.descriptors(t);
    return h("article", {class: "card", "data-card": "fd"},
             h("header", {}, "descriptor table", h("small", {}, "fdtable.fd[]")),
             ...rows.map(({fd, at, file, reserved}) => {
               const text = file ? this.fileName(file, t) : reserved ? "reserved" : "–";
               const row = this.row(`fd ${fd}`, text, `${this.age(at, 8, t)}`, `fdtable.fd[${fd}]`, at, 8);
               if (file) this.links.push({row, target: file, fresh: this.age(at, 8, t) === " changed"});
               return row;
             }));
  }

  fileName(file, t) {
    const {objects} = this.app.view, object = objects.holding(file, t);
    const made = object && !object.before;
    return made ? "struct file" : object?.name.replace("file of descriptor", "open file") ?? hex(file);
  }

  card(object, t) {
    const {view} = this.app, alive = view.objects.alive(object, t), freshly = t - object.born < WARM && alive;
    const where = object.before ? "was there before" : `t=${object.born}, by ${object.by}()`;
    const card = h(
        "article", {
          class: `card${freshly ? " fresh" : ""}${alive ? "" : " freed"}`,
          "data-card": object.name,
          "data-at": object.at.toString(16)
        },
        h("header", {}, alive ? view.objects.title(object) : `${view.objects.title(object)}: freed`,
          h("small", {}, `${hex(object.at)}`), h("small", {}, alive ? where : `freed at t=${object.freed}`)));
    let group = "";
    for (const field of this.chosen(object)) {
      const part = /^(socket|vfs_inode)\./.exec(field.path)?.[1] ?? "";
      if (part && part !== group)
        card.append(h("h4", {}, part === "socket" ? "struct socket" : "struct inode"));
      group = part;
      card.append(this.field(object, field, t, alive));
    }
    return card;
  }

  chosen(object) {
    const {objects} = this.app.view, fields = objects.fieldsOf(object);
    const names = CHOSEN[isSock(object.type) ? "sock" : object.type]?.split(" ");
    if (this.all || !names) return fields.slice(0, this.all ? 80 : 8);
    const byName = new Map(fields.map(field => [isSock(object.type) ? last(field.path) : field.path, field]));
    return names.map(name => byName.get(name)).filter(Boolean);
  }

  field(object, field, t, alive) {
    const {objects, model} = this.app.view, shown = objects.show(field, t, !alive);
    const writer = model.whoWroteMem(field.at, field.size, t);
    const stale = alive && !object.before && (writer === null || writer < object.born);
    let text = shown.text;
    if (field.kind === "ptr" && /char/.test(field.more ?? "") && shown.pointer)
      text = `"${model.text(shown.pointer, t)}"`;
    const classes =
        `${this.age(field.at, field.size, t)}${stale ? " stale" : ""}${shown.poison ? " poison" : ""}`;
    const row = this.row(last(field.path), text, classes, `${objects.title(object)}.${field.path}`, field.at,
                         field.size);
    row.title = `${field.type} ${field.path} = ${text}${
        stale ? ": not written since the slab handed the object out" : ""}`;
    if (shown.pointer && alive)
      this.links.push({row, target: shown.pointer, fresh: writer === t - 1 && !stale, from: object});
    return row;
  }

  row(name, text, classes, full, at, size) {
    const picked = this.app.picked?.key === `m:${at}` ? " picked" : "";
    return h("button", {
      type: "button",
      class: `field${classes}${picked}`,
      "data-field": full,
      onclick: () => this.app.pickPlace(full, at, size)
    },
             h("i", {}, name), h("span", {}, text));
  }

  // --- arrows ---

  // The card that holds the address, if it is shown and alive.
  target(address) {
    const object = this.app.view.objects.holding(address, this.app.t);
    return object && this.box.querySelector(`[data-at="${object.at.toString(16)}"]`);
  }

  arrows() {
    if (!this.svg) return;
    const frame = this.box.getBoundingClientRect(), zoom = frame.width / this.box.offsetWidth || 1;
    const place = element => {
      const r = element.getBoundingClientRect();
      return {
        left: (r.left - frame.left) / zoom,
        right: (r.right - frame.left) / zoom,
        top: (r.top - frame.top) / zoom,
        middle: ((r.top + r.bottom) / 2 - frame.top) / zoom
      };
    };
    this.svg.innerHTML =
        "<defs><marker id=\"tip-of-arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0 L8 4 L0 8 z\"/></marker></defs>";
    for (const {row, target, fresh, from} of this.links) {
      const card = this.target(target);
      if (!card || from && card.dataset.at === from.at.toString(16)) continue;
      this.svg.append(this.path(place(row), place(card), fresh));
    }
  }

  path(a, b, fresh) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    const below = Math.abs(a.left - b.left) < 6; // in the same column
    const back = b.left < a.left && !below, y = b.top + (back ? 26 : 14);
    const x1 = back ? a.left : a.right, x2 = back ? b.right : b.left,
          bend = Math.max(Math.abs(x2 - x1) / 2, 18);
    const sign = back ? -1 : 1;
    path.setAttribute(
        "d",
        below ? `M${a.right} ${a.middle} C${a.right + 30} ${a.middle} ${b.right + 30} ${y} ${b.right} ${y}`
              : `M${x1} ${a.middle} C${x1 + sign * bend} ${a.middle} ${x2 - sign * bend} ${y} ${x2} ${y}`);
    path.setAttribute("class", `${fresh ? "fresh" : ""}${back ? " back" : ""}`);
    path.setAttribute("marker-end", "url(#tip-of-arrow)");
    return path;
  }
}
