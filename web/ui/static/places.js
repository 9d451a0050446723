// A field for a place: an ARIA combobox over /v1/places. Arrows move, Enter takes,
// Escape closes, Tab takes what is highlighted. The field's value is a code; what is
// written in it is for people.
import { el, icon, setText } from "./dom.js";

const known = new Map(); // code or id -> place, of everything looked up
const typingPause = 120;

// lookUp is the places that match, best first; empty if the server cannot say.
async function lookUp(q, signal) {
  const answer = await fetch(`/v1/places?${new URLSearchParams({ q, limit: 8 })}`, { signal });
  if (!answer.ok) return [];
  const { places } = await answer.json();
  for (const place of places) {
    known.set(place.id, place);
    if (place.type !== "city") known.set(place.code, place);
  }
  return places;
}

// placeName is the name of an airport, metro area or city; the code until it is known.
export const placeName = (code) => known.get(code)?.name ?? code;

// short is an airport's name as people say it: without "International Airport".
const short = (place) => place.name.replace(/,? (International )?Airport$/, "");

// placeLabel is a place within a title: "London (LHR)", "London (all airports)".
export function placeLabel(code) {
  const place = known.get(code);
  if (!place) return code;
  return place.type === "airport" ? `${place.city || short(place)} (${place.code})` : place.type === "metro" && place.airports.length > 1 ? `${place.name} (all airports)` : place.name;
}

// fetchPlace makes sure that a code's name is known, if the server knows it.
export async function fetchPlace(code) {
  if (!known.has(code)) await lookUp(code).catch(() => []);
  return placeName(code);
}

let regionNames;
function country(code) {
  try {
    regionNames ??= new Intl.DisplayNames(["en"], { type: "region" });
    return regionNames.of(code);
  } catch {
    return code;
  }
}

const kinds = {
  metro: (p) => `${country(p.country)} · all airports: ${p.airports.slice(0, 6).join(", ")}`,
  airport: (p) => (p.name.includes(p.city) ? country(p.country) : `${p.city}, ${country(p.country)}`),
  city: (p) => country(p.country),
};

let serial = 0;

// PlaceField is one such field. valueOf says which of a place's names is its value:
// its code for flights, its id for stays. changed is called when the value changes.
export class PlaceField {
  #input; #list; #status; #options = []; #active = -1; #value = ""; #typed = ""; #abort; #timer; #valueOf; #changed; #stays; #looking = null;

  constructor({ label, name, stays = false, changed = () => {} }) {
    const id = `place-${++serial}`;
    this.#stays = stays;
    this.#valueOf = stays ? (p) => p.id : (p) => p.code;
    this.#changed = changed;
    this.#input = el("input", {
      id, name, type: "text", role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list`,
      autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "next",
      placeholder: stays ? "City or area" : "City or airport",
      oninput: () => this.#type(), onkeydown: (e) => this.#key(e), onblur: () => this.#leave(), onfocus: (e) => e.target.select(),
    });
    this.#list = el("ul", { id: `${id}-list`, role: "listbox", class: "options", hidden: true, "aria-label": label, onpointerdown: (e) => e.preventDefault() });
    this.#status = el("span", { class: "unseen", role: "status" });
    this.element = el("div", { class: "combo" }, el("label", { htmlFor: id }, label), icon("place"), this.#input, this.#list, this.#status);
  }

  get value() { return this.#value; }
  get text() { return this.#input.value.trim(); }
  get input() { return this.#input; }

  // set takes a code, and shows it until its name is known.
  async set(code) {
    this.#value = code;
    this.#input.value = code;
    if (!code) return;
    await fetchPlace(code);
    if (this.#value === code) this.#show(code);
  }

  // settle makes the best of what is typed: a whole code, or the first suggestion.
  async settle() {
    if (this.#value || !this.text) return;
    const asked = this.text;
    if (this.#typed !== asked || this.#looking) await this.#look(asked);
    if (this.text === asked && this.#typed === asked && !this.#value) this.#take(Math.max(0, this.#active)); // else the reader has gone on typing
  }

  #show(code) {
    const place = known.get(code);
    if (!place) return;
    const all = place.type === "metro" && place.airports.length > 1 ? ", all airports" : "";
    this.#input.value = place.type === "city" || this.#stays ? place.name : `${place.code} · ${short(place)}${all}`; // the code first: a narrow field cuts the end
  }

  #type() {
    this.#value = "";
    clearTimeout(this.#timer);
    this.#abort?.abort();
    if (!this.text) return this.#close();
    this.#timer = setTimeout(() => this.#look(this.text).then(() => document.activeElement === this.#input && this.#open()), typingPause);
  }

  async #look(q) {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    const abort = (this.#abort = new AbortController());
    this.#looking = q;
    try {
      const places = await lookUp(q, abort.signal);
      if (abort.signal.aborted) return;
      this.#options = places;
      this.#active = places.length > 0 ? 0 : -1;
      this.#typed = q;
    } catch {
      // left for a newer look-up, or the server is away: the form will say so
    } finally {
      if (this.#abort === abort) this.#looking = null;
    }
  }

  #open() {
    if (this.#value || this.#typed !== this.text) return;
    this.#list.replaceChildren(...this.#options.map((place, i) => this.#option(place, i)));
    if (this.#options.length === 0) this.#list.replaceChildren(el("li", { class: "none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, "No place found"));
    this.#list.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
    setText(this.#status, this.#options.length ? `${this.#options.length} places` : "No place found");
    this.#highlight(this.#active);
  }

  #option(place, i) {
    return el("li", { id: `${this.#list.id}-${i}`, role: "option", "aria-selected": "false", class: `option ${place.type}`, "data-value": this.#valueOf(place), onclick: () => this.#take(i) },
      el("span", { class: "option-name" }, place.name, el("small", {}, kinds[place.type]?.(place) ?? country(place.country))),
      this.#stays && place.type !== "airport" ? null : el("span", { class: "code" }, place.code));
  }

  #close() {
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
    setText(this.#status, "");
  }

  #highlight(i) {
    this.#active = i;
    [...this.#list.children].forEach((li, at) => li.setAttribute("aria-selected", String(at === i && this.#options.length > 0)));
    if (i < 0) return this.#input.removeAttribute("aria-activedescendant");
    this.#input.setAttribute("aria-activedescendant", `${this.#list.id}-${i}`);
    this.#list.children[i]?.scrollIntoView({ block: "nearest" });
  }

  #take(i) {
    const place = this.#options[i];
    if (!place) return;
    this.#value = this.#valueOf(place);
    known.set(this.#value, place);
    this.#show(this.#value);
    this.#close();
    this.#changed(this.#value);
  }

  #key(e) {
    const shown = !this.#list.hidden && this.#options.length > 0;
    const n = this.#options.length;
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      if (shown) this.#highlight((this.#active + (e.key === "ArrowDown" ? 1 : n - 1)) % n);
      else if (this.text && !this.#value) this.#look(this.text).then(() => this.#open());
    } else if (e.key === "Enter" && shown) {
      e.preventDefault(); // takes the place; the next Enter searches
      this.#take(this.#active);
    } else if (e.key === "Escape" && !this.#list.hidden) {
      e.preventDefault();
      e.stopPropagation();
      this.#close();
    }
  }

  #leave() {
    this.#close();
    this.settle();
  }
}
