// Who travels: a party for flights, rooms for stays. Both are a button that says it
// in short and opens a panel.
import { el, fill, icon, setText } from "./dom.js";
import { count } from "./times.js";

let serial = 0;

// stepper is a number between two buttons.
function stepper(label, hint, min, max, value, changed) {
  const id = `step-${++serial}`;
  const input = el("input", { id, type: "number", inputmode: "numeric", min, max, value: String(value), onchange: () => set(Number(input.value)) });
  const less = el("button", { type: "button", class: "round", "aria-label": `${label}: one less`, onclick: () => set(get() - 1) }, icon("dash"));
  const more = el("button", { type: "button", class: "round", "aria-label": `${label}: one more`, onclick: () => set(get() + 1) }, "+");
  const get = () => Number(input.value) || 0;
  const limit = () => { less.disabled = get() <= min; more.disabled = get() >= max; };
  const set = (n, quiet) => {
    input.value = String(Math.min(max, Math.max(min, Math.trunc(n) || 0)));
    limit();
    if (!quiet) changed();
  };
  limit();
  return {
    get, set: (n) => set(n, true),
    element: el("div", { class: "step" }, el("label", { htmlFor: id }, label, hint && el("small", {}, hint)), el("span", { class: "stepper" }, less, input, more)),
  };
}

// Ages is one select for each child.
class Ages {
  #from; #to; #box = el("div", { class: "ages" }); #changed; #prefix;
  constructor(from, to, prefix, changed) {
    Object.assign(this, { element: this.#box });
    this.#from = from; this.#to = to; this.#prefix = prefix; this.#changed = changed;
  }
  get value() { return [...this.#box.querySelectorAll("select")].map((s) => Number(s.value)); }
  set(ages) { fill(this.#box, ages.map((age, i) => this.#select(age, i))); }
  resize(n) {
    const ages = this.value.slice(0, n);
    while (ages.length < n) ages.push(8);
    this.set(ages);
  }
  #select(age, i) {
    const id = `age-${++serial}`;
    const options = [];
    for (let a = this.#from; a <= this.#to; a++) options.push(el("option", { value: String(a), selected: a === age }, a === 0 ? "under 1" : String(a)));
    return el("div", { class: "age" }, el("label", { htmlFor: id }, `${this.#prefix} ${i + 1}, age`), el("select", { id, onchange: () => this.#changed() }, options));
  }
}

// popover is a button with a panel below it, which Escape and a click elsewhere close.
function popover(label, panel) {
  const text = el("span", { class: "pop-text" });
  const summary = el("summary", {}, el("span", { class: "label" }, label), icon("person"), text);
  const box = el("details", { class: "pop" }, summary, el("div", { class: "panel" }, panel,
    el("button", { type: "button", class: "quiet", onclick: () => { box.open = false; summary.focus(); } }, "Done")));
  box.addEventListener("keydown", (e) => {
    if (e.key !== "Escape" || !box.open) return;
    box.open = false;
    summary.focus();
  });
  document.addEventListener("pointerdown", (e) => { if (!box.contains(e.target)) box.open = false; });
  box.addEventListener("focusout", (e) => { if (e.relatedTarget && !box.contains(e.relatedTarget)) box.open = false; });
  return { element: box, say: (words) => setText(text, words) };
}

const cabins = { economy: "Economy", premium_economy: "Premium economy", business: "Business", first: "First" };

// Party is the passengers and the cabin.
export class Party {
  #adults; #children; #ages; #lap; #seat; #cabin; #pop;
  constructor() {
    const changed = () => this.#say();
    this.#adults = stepper("Adults", "18 and over, or travelling as one", 1, 9, 1, changed);
    this.#children = stepper("Children", "2 to 17 at the first departure", 0, 8, 0, () => { this.#ages.resize(this.#children.get()); changed(); });
    this.#ages = new Ages(2, 17, "Child", changed);
    this.#lap = stepper("Infants on a lap", "under 2", 0, 9, 0, changed);
    this.#seat = stepper("Infants with a seat", "under 2", 0, 8, 0, changed);
    const id = `cabin-${++serial}`;
    this.#cabin = el("select", { id, name: "cabin", onchange: changed }, Object.entries(cabins).map(([value, text]) => el("option", { value }, text)));
    this.#pop = popover("Travellers and cabin", [this.#adults.element, this.#children.element, this.#ages.element, this.#lap.element, this.#seat.element,
      el("div", { class: "step" }, el("label", { htmlFor: id }, "Cabin"), this.#cabin)]);
    this.element = this.#pop.element;
    this.#say();
  }
  get value() {
    return {
      passengers: { adults: this.#adults.get(), child_ages: this.#ages.value, infants_lap: this.#lap.get(), infants_seat: this.#seat.get() },
      cabin: this.#cabin.value,
    };
  }
  set({ passengers, cabin }) {
    this.#adults.set(passengers.adults);
    this.#children.set(passengers.child_ages.length);
    this.#ages.set(passengers.child_ages);
    this.#lap.set(passengers.infants_lap);
    this.#seat.set(passengers.infants_seat);
    this.#cabin.value = cabin in cabins ? cabin : "economy";
    this.#say();
  }
  #say() { this.#pop.say(`${count(seatsOf(this.value.passengers), "traveller")}, ${cabins[this.#cabin.value].toLowerCase()}`); }
}

const seatsOf = (p) => p.adults + p.child_ages.length + p.infants_lap + p.infants_seat;

// partyWords is "2 adults, 1 child".
export function partyWords({ adults, child_ages, infants_lap, infants_seat }) {
  const infants = infants_lap + infants_seat;
  return [count(adults, "adult"), child_ages.length && count(child_ages.length, "child", "children"), infants && count(infants, "infant")].filter(Boolean).join(", ");
}

// Rooms is who sleeps in which room.
export class Rooms {
  #rooms = []; #box = el("div", { class: "rooms" }); #more; #pop;
  constructor() {
    this.#more = el("button", { type: "button", class: "quiet", onclick: () => { this.#rooms.push(this.#room({ adults: 2, child_ages: [] })); this.#draw(); } }, "Add a room");
    this.#pop = popover("Rooms and guests", [this.#box, this.#more]);
    this.element = this.#pop.element;
    this.set([{ adults: 2, child_ages: [] }]);
  }
  get value() { return this.#rooms.map((r) => ({ adults: r.adults.get(), child_ages: r.ages.value })); }
  set(rooms) {
    this.#rooms = rooms.map((r) => this.#room(r));
    this.#draw();
  }
  #room(of) {
    const changed = () => this.#say();
    const room = { adults: stepper("Adults", "", 1, 9, of.adults, changed), ages: new Ages(0, 17, "Child", changed) };
    room.children = stepper("Children", "0 to 17", 0, 8, of.child_ages.length, () => { room.ages.resize(room.children.get()); changed(); });
    room.ages.set(of.child_ages);
    return room;
  }
  #draw() {
    fill(this.#box, this.#rooms.map((room, i) => el("fieldset", {}, el("legend", {}, `Room ${i + 1}`), room.adults.element, room.children.element, room.ages.element,
      this.#rooms.length > 1 && el("button", { type: "button", class: "quiet small", onclick: () => { this.#rooms.splice(i, 1); this.#draw(); } }, `Remove room ${i + 1}`))));
    this.#more.hidden = this.#rooms.length >= 9;
    this.#say();
  }
  #say() {
    const guests = this.value.reduce((n, r) => n + r.adults + r.child_ages.length, 0);
    this.#pop.say(`${count(this.value.length, "room")}, ${count(guests, "guest")}`);
  }
}

// roomsWords is "2 rooms, 3 adults, 1 child".
export function roomsWords(rooms) {
  const adults = rooms.reduce((n, r) => n + r.adults, 0), children = rooms.reduce((n, r) => n + r.child_ages.length, 0);
  return [count(rooms.length, "room"), count(adults, "adult"), children && count(children, "child", "children")].filter(Boolean).join(", ");
}
