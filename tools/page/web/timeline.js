// The timeline: the whole run as a strip, below it a window of it with the calls as a flame graph.
// Colours tell the ring; triangles are the steps of the lesson; the line is now.
import {FOLDED} from "#model";
import {$, colour, h} from "#dom";

const BAND = 14, MARK = 9, ROWS_MOST = 13;

export class Timeline {
  constructor(app) {
    this.app = app;
    this.low = 0;
    this.high = app.view.model.end;
    this.canvases = [$("flame"), $("flame2")];
    this.canvases.forEach((canvas, n) => this.listen(canvas, n));
    const overview = $("overview");
    const jump = event => {
      if (event.buttons) app.go(event.offsetX / overview.clientWidth * app.view.model.end);
    };
    overview.onpointerdown = overview.onpointermove = jump;
    $("scrub").oninput = event => app.go(Number(event.target.value));
    addEventListener("resize", () => this.draw());
    app.on(() => this.draw());
  }

  listen(canvas, n) {
    const time = event => this.low + event.offsetX / canvas.clientWidth * (this.high - this.low);
    canvas.onpointerdown = event => {
      this.app.activate(n);
      canvas.setPointerCapture(event.pointerId);
      this.app.go(time(event));
    };
    canvas.onpointermove = event => {
      if (event.buttons) this.app.go(time(event));
      this.hover(event, n, time(event));
    };
    canvas.onpointerleave = () => { $("tip").hidden = true; };
    canvas.onwheel = event => {
      event.preventDefault();
      this.zoom(event.deltaY > 0 ? 1.25 : 0.8, time(event));
    };
  }

  // --- the window ---

  window(low, high) {
    const {end} = this.app.view.model;
    const width = Math.min(Math.max(high - low, 20), end);
    this.low = Math.max(0, Math.min(low, end - width));
    this.high = this.low + width;
    this.draw();
  }

  zoom(factor, around = this.app.t) {
    this.window(around - (around - this.low) * factor, around + (this.high - around) * factor);
  }

  showCall() {
    const {calls, model} = this.app.view;
    const node = calls.syscall(this.app.t) ??
        calls.nodes.find(each => each.kind === "syscall" && each.t0 > this.app.t);
    if (node) this.window(node.t0 - (node.t1 - node.t0) * 0.03, node.t1 + (node.t1 - node.t0) * 0.03);
    else this.window(0, model.end);
  }

  showAll() { this.window(0, this.app.view.model.end); }

  // Keep now inside the window.
  follow() {
    const {t} = this.app, width = this.high - this.low;
    if (t < this.low || t > this.high) {
      this.low = Math.max(0, t - width * 0.3);
      this.high = this.low + width;
    }
  }

  // --- drawing ---

  // A canvas as large as it is shown, in device pixels. Returns [context, width, height].
  prepare(canvas) {
    const scale = devicePixelRatio || 1, {clientWidth: width, clientHeight: height} = canvas;
    if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
    }
    const context = canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    return [context, width, height];
  }

  draw() {
    this.colours = Object.fromEntries([
      "ring0", "ring3", "trap", "folded", "made", "ink", "panel", "dim", "line", "soft", "lit"
    ].map(name => [name, colour(name)]));
    this.follow();
    this.drawOverview();
    this.app.views.forEach((view, n) => this.drawFlame(view, this.canvases[n], n));
    const scrub = $("scrub");
    scrub.max = this.app.view.model.end;
    scrub.value = this.app.t;
    scrub.setAttribute(
        "aria-valuetext",
        `step ${this.app.t} of ${this.app.view.model.end}, ring ${this.app.view.model.ring[this.app.t]}`);
  }

  drawOverview() {
    const [context, width, height] = this.prepare($("overview"));
    const {view, t} = this.app, scale = width / view.model.end;
    this.band(context, view, 0, view.model.end, scale, 4, height - 8);
    context.fillStyle = this.colours.ink;
    context.globalAlpha = 0.16;
    context.fillRect(this.low * scale, 0, (this.high - this.low) * scale, height);
    context.globalAlpha = 1;
    context.fillRect(t * scale - 1, 0, 2, height);
  }

  colourOf(view, t) {
    if (view.model.kind(t) === FOLDED) return this.colours.folded;
    if (view.calls.chain(t).some(node => node.kind === "trap")) return this.colours.trap;
    return view.model.ring[t] ? this.colours.ring3 : this.colours.ring0;
  }

  // Stretches of one colour: computed once for a view and a theme.
  stretches(view) {
    const key = this.colours.ring0;
    if (view.stretches?.key === key) return view.stretches.list;
    const list = [];
    for (let t = 0; t < view.model.end; t++) {
      const fill = this.colourOf(view, t), last = list[list.length - 1];
      if (last && last.fill === fill) last.t1 = t + 1;
      else list.push({fill, t0: t, t1: t + 1});
    }
    view.stretches = {key, list};
    return list;
  }

  band(context, view, low, high, scale, y, height) {
    for (const {fill, t0, t1} of this.stretches(view)) {
      if (t1 < low || t0 > high) continue;
      context.fillStyle = fill;
      context.fillRect((t0 - low) * scale, y, Math.max((t1 - t0) * scale, 0.7), height);
    }
  }

  drawFlame(view, canvas, n) {
    if (canvas.hidden) return;
    const [context, width, height] = this.prepare(canvas), {low, high} = this;
    const scale = width / (high - low);
    this.row = this.rowHeight(view, height);
    context.font = `${Math.min(10.5, this.row - 1.5)}px ui-monospace, 'DejaVu Sans Mono', monospace`;
    context.textBaseline = "middle";
    this.band(context, view, low, high, scale, BAND, 4);
    for (const node of view.calls.nodes) this.drawNode(context, view, node, scale, width);
    this.drawMarks(context, view, scale, width);
    for (const t of Object.keys(view.recording.injected))
      this.drawInjected(context, (t - low) * scale, width, height);
    const x = (view.t - low) * scale;
    context.fillStyle = n === this.app.active ? this.colours.ink : this.colours.dim;
    context.fillRect(x - 1, MARK, 2, height - MARK);
  }

  // As high as the deepest call in the window lets a row be.
  rowHeight(view, height) {
    let deepest = 6;
    for (const node of view.calls.nodes)
      if (node.t1 > this.low && node.t0 < this.high)
        deepest = Math.max(deepest, Math.min(node.depth, ROWS_MOST));
    return Math.max(8, Math.min(14, (height - BAND - 6) / (deepest + 1)));
  }

  drawNode(context, view, node, scale, width) {
    if (node.t1 < this.low || node.t0 > this.high) return;
    const left = Math.max((node.t0 - this.low) * scale, -2),
          right = Math.min((node.t1 - this.low) * scale, width + 2);
    const y = BAND + 6 + node.depth * this.row, open = node.t0 <= view.t && view.t < node.t1;
    const fill = this.colourOf(view, Math.min(node.t0, view.model.end - 1));
    context.globalAlpha = open ? 1 : 0.3;
    context.fillStyle = fill;
    context.fillRect(left, y, Math.max(right - left - 0.6, 0.7), this.row - 1);
    context.globalAlpha = 1;
    const room = Math.trunc((right - left - 6) / 6.4);
    if (room < 3) return;
    const title = view.calls.title(node);
    context.fillStyle = open ? this.colours.panel : this.colours.ink;
    context.fillText(title.length > room ? title.slice(0, room - 1) + "…" : title, left + 3,
                     y + this.row / 2 - 1);
  }

  drawMarks(context, view, scale, width) {
    let free = -Infinity;
    for (const mark of view.marks) {
      const x = (mark.t - this.low) * scale;
      if (x < -5 || x > width + 5) continue;
      context.fillStyle = mark.holds ? this.colours.ink : this.colours.made;
      context.beginPath();
      context.moveTo(x, BAND);
      context.lineTo(x - 3, MARK + 1);
      context.lineTo(x + 3, MARK + 1);
      context.fill();
      if (x > free) {
        context.fillText(String(mark.step), x - 5, 5);
        free = x + 16;
      }
    }
  }

  // Its words stand where the numbers of the steps do: behind a failure no step is claimed.
  drawInjected(context, x, width, height) {
    context.fillStyle = this.colours.made;
    context.fillRect(x - 1.5, 0, 3, height);
    const words = "failure made here", size = context.measureText(words).width;
    context.fillText(words, x + 5 + size < width ? x + 5 : x - 5 - size, 5);
  }

  hover(event, n, time) {
    const view = this.app.views[n], t = Math.max(0, Math.min(view.model.end - 1, Math.trunc(time)));
    const depth = Math.trunc((event.offsetY - BAND - 6) / this.row), chain = view.calls.chain(t);
    const node = chain[Math.min(Math.max(depth, 0), chain.length - 1)], tip = $("tip");
    if (!node) return;
    tip.hidden = false;
    tip.replaceChildren(
        h("span", {}, `${view.calls.title(node)}: ${node.t1 - node.t0} steps, t = ${node.t0} to ${node.t1}`));
    tip.style.left = `${Math.min(event.offsetX + 12, this.canvases[n].clientWidth - tip.offsetWidth - 4)}px`;
    tip.style.top = `${
        event.offsetY + this.canvases[n].offsetTop - 26 < 0
            ? event.offsetY + 24
            : event.offsetY + this.canvases[n].offsetTop - 26}px`;
  }
}
