// Starts the page: unpacks the recordings, makes the panels, and connects keys, buttons and the address.
import {App} from "#app";
import {Compare} from "#compare";
import {$, h} from "#dom";
import {Graph} from "#graph";
import {listen, sheet} from "#keyboard";
import {loadBeside, unpack} from "#load";
import {Registers} from "#registers";
import {search} from "#search";
import {Assembly, Source} from "#source";
import {Slabs, Stacks} from "#stacks";
import {Timeline} from "#timeline";
import {Tour} from "#tour";

const FRAME = 40; // milliseconds between two pictures while it plays
const SPEEDS = [0.04, 0.1, 0.2, 0.4, 0.8, 1.6, 4, 8, 16, 40, 100]; // steps a picture

let app, timeline, tour, graph, source;

// --- playing ---

function play() {
  if (app.playing) {
    clearInterval(app.playing);
    app.playing = null;
    return app.changed();
  }
  if (app.t >= app.view.model.end) app.go(0);
  let due = 0;
  app.playing = setInterval(() => {
    due += SPEEDS[$("speed").value];
    const steps = Math.trunc(due);
    due -= steps;
    if (steps) app.go(app.t + steps);
    if (app.t >= app.view.model.end) play();
  }, FRAME);
  app.changed();
}

// --- actions, by the names that buttons and keys have ---

function act(name) {
  const own = {
    play,
    tour: () => tour.toggle(),
    writer: () => app.goWriter(),
    reader: () => app.goReader(),
    help: () => $("keys").open ? $("keys").close() : $("keys").showModal(),
    search: () => $("query").select(), // focuses it too
    theme,
    other: () => app.activate(1 - app.active),
    "same+": () => source.again(1),
    "same-": () => source.again(-1),
    enlarge: () => {
      document.querySelector("main").classList.toggle("enlarged");
      graph.arrows();
    },
    "zoom-call": () => timeline.showCall(),
    "zoom-all": () => timeline.showAll(),
    "zoom-in": () => timeline.zoom(0.6),
    "zoom-out": () => timeline.zoom(1 / 0.6),
  };
  if (own[name]) own[name]();
  else app.act(name);
}

function theme() {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
  app.changed();
}

// --- the address: #t=512, #step=24, with recording=name ---

function readAddress() {
  const words = new URLSearchParams(location.hash.slice(1));
  const n = app.views.findIndex(view => view.name === words.get("recording"));
  if (n >= 0) app.activate(n);
  const mark = app.view.marks.find(each => each.step === Number(words.get("step")));
  if (words.has("t")) app.go(Number(words.get("t")) || 0);
  else if (mark) app.go(mark.t, mark.step);
}

let addressTimer;
function writeAddress() {
  clearTimeout(addressTimer);
  addressTimer = setTimeout(
      () => history.replaceState(null, "", `#t=${app.t}${app.active ? `&recording=${app.view.name}` : ""}`),
      250);
}

// --- what belongs to no panel ---

// The panels are drawn anew at each change; the focus stays on what it was on.
function keepFocus() {
  const names = ["data-register", "data-field", "data-word", "data-call"];
  let selector = null;
  return {
    note() {
      const element = document.activeElement, name = names.find(each => element?.hasAttribute(each));
      selector = name ? `[${name}="${CSS.escape(element.getAttribute(name))}"]` : null;
    },
    restore() {
      if (selector) document.querySelector(selector)?.focus({preventScroll: true});
    }
  };
}

// Print as on white paper, and of source and assembly what is near the current line.
function connectPrint() {
  const root = document.documentElement;
  let theme = null;
  addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
    app.changed();
    for (const row of document.querySelectorAll(".code tr.here"))
      for (const [side, count] of [["previousElementSibling", 9], ["nextElementSibling", 12]])
        for (let near = row, n = 0; near && n < count; near = near[side], n++) near.classList.add("near");
  });
  addEventListener("afterprint", () => {
    for (const row of document.querySelectorAll(".code tr.near")) row.classList.remove("near");
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    app.changed();
  });
}

function drawNow() {
  const {model, calls} = app.view, ring = model.ring[app.t];
  $("now").replaceChildren(h("b", {class: `ring${ring}`}, `ring ${ring}`), ` t = ${app.t} / ${model.end}`);
  $("play").textContent = app.playing ? "■ stop" : "▶ play";
  $("title").textContent = $("title").title = app.view.recording.title;
  $("recordings").value = String(app.active);
  const inlined = model.insn(app.t).frames.filter(frame => frame.inlined).reverse();
  $("chain").replaceChildren(h(
      "ol", {},
      ...calls.chain(app.t).map(
          (node, n) => h(
              "li", {},
              h("button",
                {type: "button", title: `since t=${node.t0}`, "data-call": n, onclick: () => app.go(node.t0)},
                calls.title(node)))),
      ...inlined.map(frame =>
                         h("li", {class: "inlined", title: "inlined by the compiler"}, ` ${frame.fn}`))));
}

function showResults(list) {
  const box = $("results");
  box.hidden = false;
  box.replaceChildren(
      ...list.map(each => h("li", {},
                            h("button", {
                              type: "button",
                              "data-t": each.t,
                              onclick: () => {
                                app.go(each.t);
                                box.hidden = true;
                              }
                            },
                              h("b", {}, each.what), ` t=${each.t}`, h("span", {}, each.where)))),
      ...(list.length ? [] : [h("li", {}, "Nothing is found.")]));
}

function connectSearch() {
  $("query").oninput = () => {
    if ($("query").value)
      showResults(search($("query").value, app.view.model, app.view.calls, app.view.marks));
    else $("results").hidden = true;
  };
  $("search").onsubmit = event => {
    event.preventDefault();
    $("results").querySelector("button")?.click();
    $("query").blur();
  };
  // Arrows go through the results, from the field on.
  $("search").onkeydown = $("results").onkeydown = event => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const buttons = [...$("results").querySelectorAll("button")];
    const n = buttons.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    (buttons[n] ?? $("query")).focus();
    event.preventDefault();
  };
  addEventListener("keydown", event => {
    if (event.key === "Escape") {
      $("results").hidden = true;
      $("query").blur();
    }
  });
  addEventListener("pointerdown", event => {
    if (!event.target.closest("#results, #search")) $("results").hidden = true;
  });
}

function fillRecordings() {
  $("recordings").replaceChildren(...app.views.map((view, n) => h("option", {value: n}, view.name)));
  $("recordings").onchange = event => app.activate(Number(event.target.value));
}

// Another recording in a file beside this page: `make page-all` puts them there.
function connectOthers() {
  const others = JSON.parse($("others-list").textContent);
  $("beside").hidden = !others.length;
  $("others").append(...others.map(name => h("option", {value: name}, name)));
  $("others").onchange = async event => {
    app.drop();
    if (event.target.value) app.add(await loadBeside(event.target.value));
    fillRecordings();
    app.go(app.t);
  };
}

async function start() {
  if (matchMedia("(prefers-color-scheme: dark)").matches) document.documentElement.dataset.theme = "dark";
  app = new App(await unpack($("shared").textContent));
  for (const block of document.querySelectorAll("script.recording")) app.add(await unpack(block.textContent));
  fillRecordings();
  const keep = keepFocus();
  app.on(keep.note);
  new Compare(app); // before the timeline, which it gives a second flame graph
  timeline = new Timeline(app);
  tour = new Tour(app);
  source = new Source(app);
  new Assembly(app);
  new Registers(app);
  new Stacks(app);
  new Slabs(app);
  graph = new Graph(app);
  app.on(drawNow);
  app.on(writeAddress);
  app.on(keep.restore);
  connectSearch();
  connectOthers();
  connectPrint();
  sheet($("keys"));
  listen(act);
  $("theme").onclick = () => act("theme");
  $("help").onclick = () => act("help");
  for (const button of document.querySelectorAll("[data-act]"))
    button.onclick = () => act(button.dataset.act);
  addEventListener("hashchange", readAddress);
  app.changed();
  readAddress();
  timeline.showCall();
  globalThis.ringwalk = app; // for the browser's console, and the tests
  document.documentElement.dataset.ready = "true";
}

start();
