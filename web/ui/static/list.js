// The list of results while it changes. A row stays the same element as long as its
// result is on the page; new rows go straight to their sorted place; and what the
// reader is looking at stays where it is on the screen.
import { setText } from "./dom.js";
import { compare } from "./money.js";

const slack = 2; // pixels that a row may be cut off by and still be the first to be seen whole

// ResultList keeps the rows of one <ol>. make(result, context) makes a row:
// {element, show(result, context, note), expanded()}.
export class ResultList {
  #ol; #above; #make; #rows = new Map(); #missed = new Set(); #live = true; #pointer = null;

  constructor(ol, above) {
    this.#ol = ol;
    this.#above = above;
    above.addEventListener("click", () => {
      this.#missed.clear();
      this.#sayMissed();
      ol.parentElement.scrollIntoView({ block: "start" });
    });
    ol.addEventListener("pointermove", (e) => { if (e.pointerType === "mouse") this.#pointer = e.target.closest("[data-id]"); });
    ol.addEventListener("pointerleave", () => { this.#pointer = null; });
    window.addEventListener("scroll", () => this.#reached(), { passive: true });
  }

  // clear takes all rows away; make is for the rows to come.
  clear(make) {
    this.#make = make;
    this.#rows.clear();
    this.#missed.clear();
    this.#live = true;
    this.#ol.replaceChildren();
    this.#sayMissed();
  }

  // show makes the list that of the view, and notes whether it is live: whether
  // partners are still answering, so that what comes next is more of the same. fresh says that the list is looked at in
  // another way than before, so that a new row or price is no news.
  show(view, context, { fresh, live }) {
    const anchor = fresh ? null : this.#anchor();
    const before = anchor?.getBoundingClientRect().top;
    const first = this.#rows.size === 0;
    const wanted = new Set(view.results.map((r) => r.id));
    for (const [id, row] of this.#rows) {
      if (wanted.has(id)) continue;
      row.element.remove();
      this.#rows.delete(id);
      this.#missed.delete(id);
    }
    let next = this.#ol.firstElementChild;
    for (const result of view.results) {
      let row = this.#rows.get(result.id);
      if (!row) {
        row = this.#make(result);
        row.element.dataset.id = result.id;
        if (!fresh && !first) this.#arrive(row.element);
        this.#rows.set(result.id, row);
        row.news = !fresh && !first;
      }
      this.#update(row, result, context, fresh);
      if (row.element === next) next = next.nextElementSibling;
      else this.#ol.insertBefore(row.element, next);
    }
    this.#live = live;
    if (anchor?.isConnected) window.scrollBy({ top: anchor.getBoundingClientRect().top - before, behavior: "instant" });
    this.#count();
  }

  // #update hands a row its result and what is to be said about its price.
  #update(row, result, context, fresh) {
    const last = row.result;
    if (fresh || !last) row.note = null;
    else if (last !== result) {
      const way = compare(result.price, last.price);
      row.note = way ? { way, was: last.price, live: this.#live } : row.note;
    }
    row.result = result;
    row.show(result, context, row.note);
  }

  #arrive(element) {
    element.classList.add("arrives");
    element.addEventListener("animationend", () => element.classList.remove("arrives"), { once: true });
  }

  // #anchor is the row that must not move: the one being used, else the one under the
  // mouse, else the first that is fully visible once the list's beginning is not.
  #anchor() {
    const visible = (e) => {
      const box = e.getBoundingClientRect();
      return box.bottom > 0 && box.top < window.innerHeight;
    };
    const focused = document.activeElement?.closest?.("#list > [data-id]");
    if (focused && visible(focused)) return focused;
    if (this.#pointer?.isConnected && visible(this.#pointer)) return this.#pointer;
    if (this.#ol.getBoundingClientRect().top >= 0) return null;
    return [...this.#ol.children].find((e) => e.getBoundingClientRect().top > -slack) ?? null;
  }

  // #count notes which new rows landed above the screen.
  #count() {
    for (const [id, row] of this.#rows) {
      if (row.news && row.element.getBoundingClientRect().bottom < 0) this.#missed.add(id);
      row.news = false;
    }
    this.#sayMissed();
  }

  #reached() {
    if (this.#missed.size === 0) return;
    for (const id of this.#missed) if (this.#rows.get(id)?.element.getBoundingClientRect().bottom >= 0) this.#missed.delete(id);
    this.#sayMissed();
  }

  #sayMissed() {
    const n = this.#missed.size;
    this.#above.hidden = n === 0;
    setText(this.#above, n === 0 ? "" : `↑ ${n} new above`);
  }
}
