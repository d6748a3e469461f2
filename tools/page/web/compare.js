// Two recordings side by side: their calls, aligned by function; where they part is marked.
import {$, h, reveal} from "#dom";
import {parting} from "#align";

export class Compare {
  constructor(app) {
    this.app = app;
    this.box = $("compare");
    this.table = null;
    app.on(() => this.draw());
  }

  draw() {
    const {rows, views} = this.app, two = Boolean(rows);
    this.box.hidden = !two;
    $("flame2").hidden = !two;
    document.body.classList.toggle("two", two);
    if (!two) {
      this.table = null;
      return;
    }
    if (this.table?.rows !== rows) this.build(rows, views);
    for (const row of this.box.querySelectorAll("tr.here")) row.classList.remove("here");
    const side = this.app.active ? "right" : "left", node = this.app.view.calls.node(this.app.t);
    const n = rows.findLastIndex(row => row[side] && row[side].t0 <= this.app.t && this.app.t < row[side].t1);
    const row = this.table.elements[rows.findIndex(each => each[side] === node)] ?? this.table.elements[n];
    if (row) {
      row.classList.add("here");
      reveal(this.scroll, row);
    }
  }

  build(rows, [left, right]) {
    const parts = parting(rows, left.calls, right.calls);
    const least = Math.min(...rows.map(row => (row.left ?? row.right).depth));
    const cell = (node, n) =>
        h("td", {},
          node &&
              h("button", {
                type: "button",
                title: this.app.views[n].calls.title(node),
                onclick: () => {
                  this.app.activate(n);
                  this.app.go(node.t0);
                }
              },
                `${" ".repeat(node.depth - least)}${this.app.views[n].calls.title(node)}`));
    const elements = rows.map(
        row => h("tr", {class: `${!row.left || !row.right ? "only" : ""}${row === parts ? " parts" : ""}`},
                 cell(row.left, 0), cell(row.right, 1)));
    this.table = {rows, elements};
    const words = parts
        ? `They part at ${(parts.left ? left : right).calls.title(parts.left ?? parts.right)}, which only ${
              (parts.left ? left : right).name} calls.`
        : "They call the same functions.";
    this.scroll = h("div", {class: "scroll", tabindex: 0},
                    h("table", {},
                      h("thead", {},
                        h("tr", {}, h("th", {scope: "col"}, left.name), h("th", {scope: "col"}, right.name))),
                      h("tbody", {}, ...elements)));
    this.box.replaceChildren(
        h("h2", {}, "side by side"),
        h("p", {},
          h("button", {type: "button", id: "parting", onclick: () => this.goParting(parts)},
            "where they part"),
          " ", words),
        this.scroll);
  }

  goParting(parts) {
    if (!parts) return;
    this.app.activate(parts.left ? 0 : 1);
    this.app.go((parts.left ?? parts.right).t0 - 1);
  }
}
