// The search form: what is asked, and the server's complaints beside the field that
// each is about. What is valid is the server's to say; the form only helps.
import { el, fill, icon, setText } from "./dom.js";
import { PlaceField } from "./places.js";
import { Party, Rooms } from "./travellers.js";
import { addDays, today } from "./times.js";

const maxSlices = 6;
let serial = 0;

// field wraps a control with the place for its complaint. paths are the query's
// fields that it stands for.
function field(paths, className, ...children) {
  return el("div", { class: `field ${className}`, "data-field": paths }, children, el("p", { class: "error", id: `error-${++serial}`, hidden: true }));
}

function dateInput(label, name, value, changed = () => {}) {
  const id = `date-${++serial}`;
  const input = el("input", { id, name, type: "date", min: addDays(today(), -1), max: addDays(today(), 366), value, onchange: () => changed(input.value) });
  return { input, element: el("div", { class: "dated" }, el("label", { htmlFor: id }, label), input) };
}

function choice(name, legend, className, options, chosen, changed) {
  return el("fieldset", { class: className }, el("legend", { class: "unseen" }, legend), options.map(([value, text, drawing]) => el("label", {},
    el("input", { type: "radio", name, value, checked: value === chosen, onchange: () => changed(value) }), el("span", {}, drawing && icon(drawing), text))));
}

// SearchForm fills the form element. submitted(product, query) is called with a
// query that has its places; productChanged(product) when flights or hotels are chosen.
export class SearchForm {
  #form; #fields; #product = "flights"; #trip = "return"; #slices = []; #returnDate; #stay; #party = new Party(); #rooms = new Rooms(); #hooks; #alert;

  constructor(form, hooks) {
    this.#form = form;
    this.#hooks = hooks;
    this.#returnDate = dateInput("Return", "return", addDays(today(), 37));
    this.#stay = {
      place: new PlaceField({ label: "Where to", name: "place", stays: true }),
      checkIn: dateInput("Check in", "check_in", addDays(today(), 30), (day) => {
        if (day && this.#stay.checkOut.input.value <= day) this.#stay.checkOut.input.value = addDays(day, 1);
      }),
      checkOut: dateInput("Check out", "check_out", addDays(today(), 33)),
    };
    this.#slices = [this.#slice(addDays(today(), 30))];
    this.#fields = el("div", { class: "fields" });
    this.#alert = el("p", { class: "error form-error", role: "alert", hidden: true });
    form.addEventListener("submit", (e) => {
      e.preventDefault();
      this.#submit();
    });
    this.#draw();
  }

  // set shows a query, as it stands in a link.
  set(product, query) {
    this.#product = product;
    if (product === "flights") {
      const [first, second] = query.slices;
      const back = query.slices.length === 2 && first.origin === second.destination && first.destination === second.origin;
      this.#trip = back ? "return" : query.slices.length > 1 ? "multi" : "oneway";
      if (back) this.#returnDate.input.value = second.date;
      this.#slices = (back ? [first] : query.slices).map((s) => this.#slice(s.date, s.origin, s.destination));
      this.#party.set(query);
    } else {
      this.#stay.place.set(query.destination.place);
      this.#stay.checkIn.input.value = query.check_in;
      this.#stay.checkOut.input.value = query.check_out;
      this.#rooms.set(query.rooms);
    }
    this.#draw();
  }

  // complain shows errors ({field, message}) beside their fields, and returns those
  // that belong to none.
  complain(errors) {
    this.calm();
    const homeless = [];
    let first = null;
    for (const { field: path, message } of errors) {
      const home = this.#home(path);
      if (!home) {
        homeless.push({ field: path, message });
        continue;
      }
      const slot = home.querySelector(".error");
      setText(slot, (slot.textContent ? slot.textContent + "; " : "") + sentence(message));
      slot.hidden = false;
      home.classList.add("wrong");
      const control = home.querySelector("input, select, summary");
      control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-describedby", slot.id);
      first ??= control;
    }
    setText(this.#alert, homeless.map((e) => sentence(e.message)).join(" "));
    this.#alert.hidden = homeless.length === 0;
    first?.focus();
    return homeless;
  }

  // calm takes all complaints back.
  calm() {
    this.#alert.hidden = true;
    for (const home of this.#form.querySelectorAll("[data-field]")) {
      home.classList.remove("wrong");
      const slot = home.querySelector(".error");
      slot.hidden = true;
      setText(slot, "");
      const control = home.querySelector("input, select, summary");
      control.removeAttribute("aria-invalid");
      control.removeAttribute("aria-describedby");
    }
  }

  // #home is the field for a path, or for the path it is part of: passengers.child_ages[0] belongs to passengers.
  #home(path) {
    for (let p = path; p; p = p.replace(/(^|\.|\[)[^.[]*$/, "")) {
      for (const home of this.#form.querySelectorAll("[data-field]")) {
        if (home.dataset.field.split(" ").includes(p)) return home;
      }
    }
    return null;
  }

  #slice(date, origin = "", destination = "") {
    const slice = {
      from: new PlaceField({ label: "From", name: "origin" }),
      to: new PlaceField({ label: "To", name: "destination" }),
      date: dateInput("Depart", "date", date, (day) => this.#follow(slice, day)),
    };
    slice.from.set(origin);
    slice.to.set(destination);
    return slice;
  }

  // #follow keeps later dates from being before an earlier one that has just been changed.
  #follow(slice, day) {
    if (!day) return;
    if (this.#trip === "return" && this.#returnDate.input.value < day) this.#returnDate.input.value = addDays(day, 7);
    const at = this.#slices.indexOf(slice);
    for (const later of this.#slices.slice(at + 1)) if (later.date.input.value < day) later.date.input.value = day;
  }

  #draw() {
    const flights = this.#product === "flights";
    fill(this.#form,
      el("div", { class: "choices" },
        choice("product", "What to search", "products", [["flights", "Flights", "plane"], ["hotels", "Hotels", "bed"]], this.#product, (p) => this.#choose(p)),
        flights && choice("trip", "Kind of trip", "trips", [["return", "Return"], ["oneway", "One way"], ["multi", "Multi-city"]], this.#trip, (t) => this.#travel(t))),
      fill(this.#fields, flights ? this.#flightFields() : this.#stayFields()), this.#alert);
    this.#fields.className = `fields ${flights ? this.#trip : "stay"}`;
  }

  #flightFields() {
    const back = this.#trip === "return", multi = this.#trip === "multi";
    const shown = multi ? this.#slices : this.#slices.slice(0, 1);
    return [
      shown.map((slice, i) => el("div", { class: "slice", role: "group", "aria-label": multi ? `Flight ${i + 1}` : "Flight" },
        field(`slices[${i}].origin` + (back ? " slices[1].destination" : ""), "place", slice.from.element),
        el("button", { type: "button", class: "swap", "aria-label": "Swap from and to", onclick: () => swap(slice) }, icon("swap")),
        field(`slices[${i}].destination slices[${i}]` + (back ? " slices[1].origin" : ""), "place", slice.to.element),
        field(`slices[${i}].date`, "day", slice.date.element),
        back && field("slices[1].date", "day", this.#returnDate.element),
        multi && shown.length > 2 && el("button", { type: "button", class: "swap remove", "aria-label": `Remove flight ${i + 1}`, onclick: () => this.#remove(i) }, icon("cross")))),
      multi && shown.length < maxSlices && el("button", { type: "button", class: "quiet add", onclick: () => this.#add() }, "+ Add a flight"),
      field("passengers cabin slices", "party", this.#party.element), this.#button(),
    ];
  }

  #stayFields() {
    const s = this.#stay;
    return [el("div", { class: "slice" }, field("destination", "place", s.place.element), field("check_in", "day", s.checkIn.element), field("check_out", "day", s.checkOut.element)),
      field("rooms", "party", this.#rooms.element), this.#button()];
  }

  #button() { return el("button", { type: "submit", class: "primary go" }, icon("search"), "Search"); }

  #choose(product) {
    this.#product = product;
    this.calm();
    this.#draw();
    this.#form.querySelector("input[name=product]:checked").focus();
    this.#hooks.productChanged(product);
  }

  #travel(trip) {
    this.#trip = trip;
    if (trip === "multi" && this.#slices.length < 2) this.#add(true);
    this.calm();
    this.#draw();
    this.#form.querySelector("input[name=trip]:checked").focus();
  }

  #add(quiet) {
    const last = this.#slices.at(-1);
    const slice = this.#slice(addDays(last.date.input.value || today(), 4), last.to.value, "");
    this.#slices.push(slice);
    if (quiet) return;
    this.#draw();
    (slice.from.value ? slice.to : slice.from).input.focus();
  }

  #remove(i) {
    this.#slices.splice(i, 1);
    this.#draw();
    this.#slices.at(-1).from.input.focus();
  }

  async #submit() {
    const flights = this.#product === "flights";
    const shown = !flights ? [] : this.#trip === "multi" ? this.#slices : this.#slices.slice(0, 1);
    const places = flights ? shown.flatMap((s) => [s.from, s.to]) : [this.#stay.place];
    await Promise.all(places.map((p) => p.settle()));
    const unknown = (p) => (p.text ? `“${p.text}” is no place that we know; choose one from the list` : "choose a place from the list");
    const errors = flights
      ? shown.flatMap((s, i) => [[s.from, "origin"], [s.to, "destination"]].filter(([p]) => !p.value).map(([p, name]) => ({ field: `slices[${i}].${name}`, message: unknown(p) })))
      : places.filter((p) => !p.value).map((p) => ({ field: "destination", message: unknown(p) }));
    if (errors.length > 0) return this.complain(errors);
    this.calm();
    this.#hooks.submitted(this.#product, flights ? this.#flightQuery(shown) : this.#stayQuery());
  }

  #flightQuery(shown) {
    const slices = shown.map((s) => ({ origin: s.from.value, destination: s.to.value, date: s.date.input.value }));
    if (this.#trip === "return") slices.push({ origin: slices[0].destination, destination: slices[0].origin, date: this.#returnDate.input.value });
    return { slices, ...this.#party.value };
  }

  #stayQuery() {
    const s = this.#stay;
    return { destination: { place: s.place.value }, check_in: s.checkIn.input.value, check_out: s.checkOut.input.value, rooms: this.#rooms.value };
  }
}

function swap(slice) {
  const [from, to] = [slice.from.value, slice.to.value];
  slice.from.set(to);
  slice.to.set(from);
}

const sentence = (message) => message.charAt(0).toUpperCase() + message.slice(1) + (/[.?!]$/.test(message) ? "" : ".");
