// A key for everything, and the sheet that lists them.
import {$, h} from "#dom";

export const KEYS = [
  ["ArrowRight", "→", "one instruction forwards", "in+"],
  ["ArrowLeft", "←", "one instruction back", "in-"],
  ["n", "n", "over calls", "over+"],
  ["N", "Shift+N", "back over calls", "over-"],
  ["o", "o", "out to the caller", "out+"],
  ["O", "Shift+O", "back out to the call", "out-"],
  ["r", "r", "to the next ring change", "ring+"],
  ["R", "Shift+R", "back to the ring change before", "ring-"],
  ["l", "l", "to the next source line", "line+"],
  ["L", "Shift+L", "back to the line before", "line-"],
  ["s", "s", "the next time that this line runs", "same+"],
  ["S", "Shift+S", "the time before that it ran", "same-"],
  ["]", "]", "next step of the lesson", "step+"],
  ["[", "[", "step of the lesson before", "step-"],
  ["Home", "Home", "to the beginning", "end-"],
  ["End", "End", "to the end", "end+"],
  [" ", "space", "play or stop", "play"],
  ["g", "g", "guided tour", "tour"],
  ["w", "w", "who wrote what is picked", "writer"],
  ["u", "u", "who reads it next", "reader"],
  ["c", "c", "zoom to this system call", "zoom-call"],
  ["a", "a", "zoom to the whole run", "zoom-all"],
  ["+", "+", "closer", "zoom-in"],
  ["-", "−", "farther", "zoom-out"],
  ["/", "/", "search", "search"],
  ["e", "e", "enlarge the objects", "enlarge"],
  ["Tab2", "x", "the other recording", "other"],
  ["d", "d", "light or dark", "theme"],
  ["?", "?", "this sheet", "help"],
].map(row => row[0] === "Tab2" ? ["x", ...row.slice(1)] : row);

// The keys that a focused control of the page uses itself.
function isTheirs(event) {
  const {target} = event;
  if (/^(TEXTAREA|SELECT)$/.test(target.tagName) || target.tagName === "INPUT" && target.type === "search")
    return true;
  if (target.type === "range") return /^(Arrow|Home|End|Page)/.test(event.key);
  return event.key === " " && /^(BUTTON|INPUT)$/.test(target.tagName);
}

export function listen(act) {
  addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || $("keys").open && event.key !== "?") return;
    if (isTheirs(event)) return;
    const row = KEYS.find(([key]) => key === event.key);
    if (!row) return;
    event.preventDefault();
    act(row[3]);
  });
}

export function sheet(dialog) {
  dialog.replaceChildren(
      h("h1", {}, "Keys"),
      h("dl", {},
        ...KEYS.flatMap(([, shown, what]) => [h("dt", {}, h("kbd", {}, shown)), h("dd", {}, what)])),
      h("p", {},
        "Click a line of source: the next time it ran; with Shift, the time before. Click a register, a field or a word of the stack: who wrote it. Tab leads to all of them. ",
        "#t=512 and #step=24 in the address lead to a moment."),
      h("form", {method: "dialog"}, h("button", {}, "Close")));
}
