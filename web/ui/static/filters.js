// How the results are looked at: order, filters and currency. All of it is the view
// of the search; changing it asks no partner.
import { el, fill, icon, setText } from "./dom.js";
import { format } from "./money.js";
import { duration } from "./times.js";
import { boards } from "./hotels.js";

const sorts = {
  flights: { best: "Best: price and time together", cheapest: "Cheapest", fastest: "Fastest", departure: "Earliest departure", arrival: "Earliest arrival", choice: "A short choice" },
  hotels: { best: "Best: price, place and comfort", cheapest: "Cheapest", stars: "Most stars", distance: "Nearest to the centre" },
};
const tabs = { flights: ["best", "cheapest", "fastest"], hotels: ["best", "cheapest"] };
const tabWords = { best: "Best", cheapest: "Cheapest", fastest: "Fastest" };
const currencies = "AUD BGN BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF IDR ILS INR ISK JPY KRW MXN MYR NOK NZD PHP PLN RON SEK SGD THB TRY USD ZAR".split(" ");
const options = {
  max_stops: [["", "Any number"], ["0", "Direct only"], ["1", "At most 1"], ["2", "At most 2"]],
  depart_between: [["", "Any time"], ["00:00-06:00", "Night, 00–06"], ["06:00-12:00", "Morning, 06–12"], ["12:00-18:00", "Afternoon, 12–18"], ["18:00-24:00", "Evening, 18–24"]],
  arrive_between: [["", "Any time"], ["00:00-06:00", "Night, 00–06"], ["06:00-12:00", "Morning, 06–12"], ["12:00-18:00", "Afternoon, 12–18"], ["18:00-24:00", "Evening, 18–24"]],
  value_of_time: [["", "As usual for the cabin"], ["0", "Nothing: only the price counts"], ...[10, 20, 40, 80].map((n) => [String(n), `${n} euros`])],
  max_duration_minutes: [["", "Any"], ...[3, 5, 8, 12, 16, 20, 24, 36, 48].map((h) => [String(h * 60), `At most ${h} h`])],
  min_stars: [["", "Any"], ["3", "3 or more"], ["4", "4 or more"], ["5", "5"]],
};
// Boxes with a facet, and the value that they stand for there.
const counted = new Map([["cabin_bag", "cabin_bag"], ["checked_bag", "checked_bag"], ["refundable", "refundable"], ["free_cancellation", "free_cancellation"], ["combine", "one"], ["combined_only", "several"]]);
const perSearch = ["limit"]; // what a change of filter starts anew

// ViewControls holds the panel of filters, the tabs, the order and the currency.
// changed(view) is called with the new view when the reader changes something.
export class ViewControls {
  #filters; #order; #selects; #changed; #product = null; #view = {}; #shown = null; #controls = new Map(); #lists = new Map(); #tabs = new Map(); #sort; #currency; #clear; #summary; #box; #maxHint;

  constructor({ filters, order, selects }, changed) {
    this.#filters = filters;
    this.#order = order;
    this.#selects = selects;
    this.#changed = changed;
  }

  // use shows the controls for a product with the view as they stand in it. A new
  // search forgets the airlines of the one before.
  use(product, view, isNew) {
    if (isNew || product !== this.#product) {
      this.#product = product;
      this.#controls.clear();
      this.#lists.clear();
      this.#build();
    }
    this.#view = view;
    for (const [name, set] of this.#controls) set(view[name] ?? "");
    this.#sayActive();
  }

  // show brings counts and prices up to date.
  show(shown) {
    this.#shown = shown;
    const sort = this.#view.sort ?? "best";
    for (const [name, tab] of this.#tabs) {
      const top = shown.highlights[name];
      tab.button.setAttribute("aria-pressed", String(name === sort));
      setText(tab.price, top ? format(top.price) : "–");
      setText(tab.more, top?.duration_minutes ? duration(top.duration_minutes) : "");
    }
    for (const [name, list] of this.#lists) this.#facet(name, list, shown.facets[list.facet]);
    if (this.#product === "flights") this.#counts(shown.facets);
    else this.#stayCounts(shown.facets);
    const range = shown.facets.price;
    const bags = this.#view.cabin_bag || this.#view.checked_bag ? ", with the bags asked for" : "";
    setText(this.#maxHint, range ? `Now ${format(range.min)} to ${format(range.max)}${bags}` : "");
    setText(this.#currency.firstChild, `Default (${shown.results[0]?.price.currency && !this.#view.currency ? shown.results[0].price.currency : "of the market"})`);
  }

  // #counts says at each choice what it would show, the other filters staying as they are.
  #counts({ stops, departures, arrivals, conditions, tickets }) {
    const upTo = (value) => stops.findLast((f) => f.value <= Number(value)); // of more stops than any result has, all results
    const at = (facets) => (value) => facets.find((f) => f.value === value);
    this.#optionCounts("max_stops", upTo);
    this.#optionCounts("depart_between", at(departures));
    this.#optionCounts("arrive_between", at(arrivals));
    this.#conditions([...conditions, ...tickets]);
  }

  #stayCounts({ stars, conditions }) {
    this.#optionCounts("min_stars", (value) => stars.find((f) => f.value === Number(value)));
    this.#conditions(conditions);
  }

  #optionCounts(name, facetOf) {
    for (const option of document.querySelectorAll(`#filter-${name} option`)) {
      const text = options[name].find(([value]) => value === option.value)?.[1];
      if (option.value && text) setText(option, `${text} (${facetOf(option.value)?.count ?? 0})`);
    }
  }

  #conditions(conditions) {
    for (const hint of document.querySelectorAll("[data-count]")) {
      const f = conditions.find((c) => c.value === hint.dataset.count);
      setText(hint, f?.from ? format(f.from) : "–");
      hint.title = f ? `${f.count} results` : "";
    }
  }

  // complain shows the server's word on a view field; it tells whether there is such a control.
  complain({ field, message }) {
    const home = document.querySelector(`[data-view="${CSS.escape(field)}"]`);
    if (!home) return false;
    home.append(el("p", { class: "error" }, message));
    return true;
  }

  #set(name, value) {
    document.querySelectorAll("[data-view] .error").forEach((e) => e.remove());
    const view = { ...this.#view };
    for (const other of perSearch) delete view[other];
    if (value) view[name] = value;
    else delete view[name];
    if (name === "sort" && value === "best") delete view.sort;
    if (name === "currency") delete view.max_price; // it was an amount of the other currency
    this.#changed(view);
  }

  #build() {
    const flights = this.#product === "flights";
    this.#clear = el("button", { type: "button", class: "quiet small", onclick: () => this.#changed(this.#unfiltered()) }, "Clear all filters");
    this.#summary = el("span", {}, "Filters");
    this.#maxHint = el("small", {});
    const parts = flights
      ? [this.#select("max_stops", "Stops"), this.#checks("Bags and refunds", [["cabin_bag", "With a cabin bag"], ["checked_bag", "With a checked bag"], ["refundable", "Refundable, also for a fee"], ["strict", "Only what the price includes for sure"]]),
        this.#checks("Tickets", [["combine", "Only trips on one ticket", "0"], ["combined_only", "Only trips on several tickets"]]),
        this.#maxPrice(), this.#select("depart_between", "Departure of the first flight"), this.#select("arrive_between", "Arrival of the first flight"), this.#select("max_duration_minutes", "Whole travelling time"), this.#select("value_of_time", "What an hour is worth to you"),
        this.#list("carriers", "Only these airlines", "carriers"), this.#list("avoid", "No change in", "airports"), this.#list("partners", "Only from", "partners")]
      : [this.#checks("Conditions", [["free_cancellation", "Free cancellation"], ["strict", "Hide offers that do not say"]]), this.#maxPrice(), this.#select("min_stars", "Stars"),
        this.#list("board", "Board", "boards"), this.#list("partners", "Only from", "partners"), this.#name()];
    const wide = matchMedia("(min-width: 60rem)");
    this.#box = el("details", { class: "card filters", open: wide.matches }, el("summary", {}, this.#summary), parts, this.#clear);
    wide.addEventListener("change", () => { this.#box.open = wide.matches; });
    fill(this.#filters, this.#box);
    this.#buildOrder();
  }

  #buildOrder() {
    this.#tabs.clear();
    for (const name of tabs[this.#product]) {
      const price = el("b", {}), more = el("span", { class: "hint" });
      const button = el("button", { type: "button", class: "tab", "data-sort": name, "aria-pressed": "false", onclick: () => this.#set("sort", name) }, el("span", {}, tabWords[name]), price, more);
      this.#tabs.set(name, { button, price, more });
    }
    this.#sort = el("select", { id: "sort", onchange: (e) => this.#set("sort", e.target.value) }, Object.entries(sorts[this.#product]).map(([value, text]) => el("option", { value }, text)));
    this.#controls.set("sort", (value) => { this.#sort.value = value || "best"; });
    this.#currency = el("select", { id: "currency", onchange: (e) => this.#set("currency", e.target.value) }, el("option", { value: "" }, "Default"), currencies.map((c) => el("option", { value: c }, c)));
    this.#controls.set("currency", (value) => { this.#currency.value = value; });
    fill(this.#order, el("div", { class: "tabs", role: "group", "aria-label": "Order of the results" }, [...this.#tabs.values()].map((t) => t.button)));
    fill(this.#selects, el("div", {}, el("label", { htmlFor: "sort" }, "Sort by"), this.#sort), el("div", { "data-view": "currency" }, el("label", { htmlFor: "currency" }, "Currency"), this.#currency));
  }

  #select(name, label) {
    const id = `filter-${name}`;
    const select = el("select", { id, onchange: () => this.#set(name, select.value) }, options[name].map(([value, text]) => el("option", { value }, text)));
    this.#controls.set(name, (value) => {
      if (value && ![...select.options].some((o) => o.value === value)) select.append(el("option", { value }, value)); // from a link
      select.value = value;
    });
    return el("div", { class: "filter", "data-view": name }, el("label", { htmlFor: id }, label), select);
  }

  #checks(legend, list) {
    return el("fieldset", { class: "filter" }, el("legend", {}, legend), list.map(([name, text, on = "1"]) => {
      const box = el("input", { type: "checkbox", name, onchange: () => this.#set(name, box.checked ? on : "") });
      this.#controls.set(name, (value) => { box.checked = value === on; });
      return el("label", { class: "check", "data-view": name }, box, el("span", { class: "facet-name" }, text), counted.has(name) && el("span", { class: "hint", "data-count": counted.get(name) }));
    }));
  }

  #maxPrice() {
    const input = el("input", { id: "filter-max_price", inputmode: "decimal", maxlength: 12, placeholder: "No limit", onchange: () => this.#set("max_price", input.value.trim().replace(",", ".")) });
    this.#controls.set("max_price", (value) => { input.value = value; });
    return el("div", { class: "filter", "data-view": "max_price" }, el("label", { htmlFor: input.id }, "Total price at most"), input, this.#maxHint);
  }

  #name() {
    const input = el("input", { id: "filter-name", type: "search", maxlength: 80, placeholder: "Part of the name", onchange: () => this.#set("name", input.value.trim()) });
    this.#controls.set("name", (value) => { input.value = value; });
    return el("div", { class: "filter", "data-view": "name" }, el("label", { htmlFor: input.id }, "Name"), input);
  }

  // #list is a list of boxes that grows with what the partners bring.
  #list(name, legend, facet) {
    const box = el("div", { class: "facet" });
    this.#lists.set(name, { facet, box, rows: new Map() });
    this.#controls.set(name, (value) => {
      for (const chosen of value.split(",").filter(Boolean)) this.#row(name, chosen, chosen);
      const wanted = new Set(value.split(","));
      for (const [code, row] of this.#lists.get(name).rows) row.input.checked = wanted.has(code);
    });
    return el("fieldset", { class: "filter", "data-view": name }, el("legend", {}, legend), box);
  }

  #row(name, code, text) {
    const { rows, box } = this.#lists.get(name);
    if (rows.has(code)) return rows.get(code);
    const input = el("input", { type: "checkbox", value: code, onchange: () => this.#set(name, [...rows.values()].filter((r) => r.input.checked).map((r) => r.input.value).join(",")) });
    const row = { input, label: el("span", { class: "facet-name" }, text), count: el("span", { class: "hint" }), text };
    row.element = el("label", { class: "check" }, input, row.label, row.count);
    rows.set(code, row);
    box.append(row.element);
    return row;
  }

  // #facet updates counts. An airline that the filter hides stays in the list, without a count.
  #facet(name, list, facets = []) {
    const now = new Map(facets.map((f) => [f.value, f]));
    for (const f of facets) {
      const row = this.#row(name, f.value, f.name);
      row.text = name === "board" ? (boards[f.value] ?? f.name) : f.name;
      setText(row.label, row.text);
    }
    for (const [code, row] of list.rows) {
      const f = now.get(code);
      // An airport to avoid has no price of its own: the facet's is that of changing there.
      if (name === "avoid") setText(row.count, f?.count ? `${f.count} change here` : "–");
      else setText(row.count, f?.from ? format(f.from) : "–");
      row.element.title = f && name !== "avoid" ? `${f.count} results` : "";
    }
    const order = [...list.rows.values()].sort((a, b) => a.text.localeCompare(b.text));
    order.forEach((row, i) => { if (list.box.children[i] !== row.element) list.box.insertBefore(row.element, list.box.children[i] ?? null); });
  }

  #unfiltered() {
    const { currency, sort } = this.#view;
    return Object.fromEntries(Object.entries({ currency, sort }).filter(([, v]) => v));
  }

  // #sayActive says how many filters are on.
  #sayActive() {
    const n = Object.keys(this.#view).filter((k) => !["currency", "sort", "limit"].includes(k)).length;
    setText(this.#summary, n === 0 ? "Filters" : `Filters (${n} on)`);
    this.#clear.hidden = n === 0;
  }

  // clear takes all filters away.
  clear() { this.#changed(this.#unfiltered()); }
}
