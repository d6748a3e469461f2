// Making elements: h("button", { class: "x", onclick: f }, "text", child).

export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element[key] = value;
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

export const $ = id => document.getElementById(id);

// A colour of the style sheet, for the canvas.
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

// Scroll only when the element is out of sight, and then to the middle.
export function reveal(box, element) {
  const top = element.offsetTop, bottom = top + element.offsetHeight;
  if (top < box.scrollTop + 20 || bottom > box.scrollTop + box.clientHeight - 20)
    box.scrollTop = top - box.clientHeight / 2;
}
