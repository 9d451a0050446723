// Making elements. Text is always text: nothing here parses markup, so whatever a
// partner sends can only be read, never run.

const properties = new Set(["value", "checked", "disabled", "hidden", "selected", "open", "htmlFor", "tabIndex", "className"]);

// el makes an element. Keys of props that are functions are listeners (onclick);
// null, undefined and false leave an attribute out. Children are nodes, texts, lists
// of them, or null.
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(key.slice(2), value);
    else if (key === "class") node.className = value;
    else if (properties.has(key)) node[key] = value;
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  add(node, children);
  return node;
}

// add appends children as el takes them.
export function add(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child);
  }
  return node;
}

// fill replaces what a node holds.
export function fill(node, ...children) {
  node.replaceChildren();
  return add(node, children);
}

// setText changes a text only if it differs, so that screen readers and selections rest.
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export const byID = (id) => document.getElementById(id);

// unseen is text for those who listen.
export const unseen = (text) => el("span", { class: "unseen" }, text);

const paths = {
  plane: "M21 15.500v-1.700L13.400 9V4a1.400 1.400 0 0 0-2.800 0v5L3 13.800v1.700l7.600-2.400v4.700L8.700 19.300v1.200l3.300-1 3.300 1v-1.200l-1.900-1.500v-4.700z",
  bed: "M3 6v12M3 15h18v3M21 15v-2.500A2.500 2.500 0 0 0 18.500 10H10v5M6.500 12.500a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3z",
  swap: "M7 8h11l-3.500-3.500M17 16H6l3.500 3.500",
  search: "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM15.500 15.500L21 21",
  person: "M12 11.500a3.700 3.700 0 1 0 0-7.400 3.700 3.700 0 0 0 0 7.400zM4.500 20c.8-3.700 3.800-5.500 7.500-5.500s6.700 1.800 7.500 5.500",
  place: "M12 21s7-6.300 7-11.300A7 7 0 0 0 5 9.700C5 14.700 12 21 12 21zM12 12.200a2.400 2.400 0 1 0 0-4.800 2.400 2.400 0 0 0 0 4.800z",
  check: "M5 12.500l4.500 4.500L19 7.500", cross: "M6.500 6.500l11 11M17.500 6.500l-11 11", clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7.500V12l3 2",
  dash: "M6 12h12", bag: "M8 8V6.500A2.500 2.500 0 0 1 10.500 4h3A2.500 2.500 0 0 1 16 6.500V8M5 8h14v11.500H5z", up: "M12 19V5M6 11l6-6 6 6", warn: "M12 4L2.500 20h19zM12 10.500v4.500M12 17.300v.4",
};

// icon is a drawing that screen readers pass over.
export function icon(name) {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon icon-" + name);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(ns, "path");
  path.setAttribute("d", paths[name]);
  svg.append(path);
  return svg;
}
