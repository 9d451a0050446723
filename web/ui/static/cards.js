// What the rows of flights and of stays share: the price, its news, the list of
// sellers, and where a price comes from.
import { el, fill, setText } from "./dom.js";
import { format, isZero } from "./money.js";
import { count, instant } from "./times.js";

const labelWords = { best: "Best", cheapest: "Cheapest", fastest: "Fastest" };

// Card is one row. body(result, context, kept) makes the part that opens, which
// may keep what it likes of the row in kept; context.all(id) reads every offer of a result.
export class Card {
  #labels = el("span", { class: "labels" });
  #head = el("div", { class: "head" });
  #summary = el("summary", {}, "");
  #body = el("div", { class: "body" });
  #details = el("details", { class: "more-of" }, this.#summary, this.#body);
  #result; #context; #last = ""; #parts; #full = null; #kept = {};

  constructor(parts) {
    this.#parts = parts;
    this.element = el("li", { class: "card result" }, this.#labels, this.#head, this.#details);
    this.#details.addEventListener("toggle", () => this.#open());
  }

  show(result, context, note) {
    const labels = Object.keys(labelWords).filter((name) => context.labels[name] === result.id);
    if (this.#last !== labels.join()) {
      this.#last = labels.join();
      fill(this.#labels, labels.map((name) => el("span", { class: `label-${name}` }, labelWords[name])));
    }
    const same = this.#result === result && this.#context?.key === context.key && this.noteKey === JSON.stringify(note);
    if (this.#result !== result) this.#full = null;
    this.#result = result;
    this.#context = context;
    this.element.classList.toggle("far", result.hopeless === true);
    if (same) return;
    this.noteKey = JSON.stringify(note);
    fill(this.#head, this.#parts.head(result, context, noteOf(note)));
    setText(this.#summary, this.#parts.summary(result));
    this.#open();
  }

  #open() {
    if (!this.#details.open) return;
    const result = this.#full ?? this.#result;
    fill(this.#body, this.#parts.body(result, this.#context, this.#kept), this.#rest(result));
  }

  // #rest offers what is not among the ten cheapest.
  #rest(result) {
    const { total, list } = this.#parts.sellers(result);
    if (list.length >= total) return null;
    const button = el("button", { type: "button", class: "quiet", onclick: async () => {
      button.disabled = true;
      this.#full = await this.#context.all(result.id).catch(() => null);
      if (this.#full) this.#open();
      else button.disabled = false;
    } }, `Show all ${count(total, "offer")}`);
    return button;
  }
}

// noteOf says how a price has changed under the reader's eyes. While partners answer
// that means a cheaper seller; later, that a price was asked again.
function noteOf(note) {
  if (!note) return null;
  const [mark, word] = note.way < 0 ? ["▼", "down"] : ["▲", "up"];
  return el("span", { class: `note ${word} ${note.live ? "passing" : ""}` }, note.live && note.way < 0 ? `${mark} a cheaper seller answered` : `${mark} was ${format(note.was)}`);
}

const kindWords = { cached: "stored price", indicative: "indicative price, may differ" };

// provenance is where a price comes from and how old it is.
export function provenance(price) {
  const parts = [kindWords[price.kind], `price from ${instant(price.as_of)}`];
  if (Date.parse(price.fresh_until) < Date.now()) parts.push("may have changed since");
  if (price.original && price.fx) parts.push(`${format(price.original)} at ${price.fx.rate}, ${price.fx.source === "embedded" ? "built-in" : price.fx.source} rates of ${price.fx.date}`);
  return parts.filter(Boolean).join(" · ");
}

// unverified says which filters a partner's answer does not settle.
export function unverified(constraints, filterWords) {
  const open = Object.entries(constraints).filter(([, verdict]) => verdict === "unverifiable").map(([name]) => filterWords[name] ?? name.replaceAll("_", " "));
  return open.length ? el("span", { class: "tag warn" }, `not confirmed: ${open.join(", ")}`) : null;
}

// buy is the way to the seller, if there is one.
export function buy(go) {
  return go && /^(\/v1\/|https:\/\/)/.test(go) ? el("a", { class: "primary small", href: go, rel: "noopener noreferrer nofollow", target: "_blank" }, "To the seller") : null;
}

export const noLinks = (list) => (list.every((o) => !o.go) ? el("p", { class: "hint" }, "These partners have no booking links here yet: compare here, and book on their own sites.") : null);

const scoreWords = {
  price: "price", bags: "for the bags asked for", time: "for the travelling time", stops: "for connections", overnight: "for a night on the way", airport_change: "for changing airports",
  self_transfer: "for the risk of separate tickets", early_departure: "for leaving at night", distance: "for the distance", stars: "for stars below five",
  guests: "for what guests find wanting", cancellation: "for what cancelling may lose", meals: "for meals that are not included",
};

// scoreLine explains a result's place: an exact sum, lower is better.
export function scoreLine(score) {
  const parts = score.parts.filter((p) => !isZero({ amount: p.amount }));
  const money = (amount) => format({ amount, currency: score.currency });
  return el("p", { class: "hint score" }, el("a", { href: "/about/ranking" }, "How it is ranked"), ": ", parts.map((p) => `${money(p.amount)} ${scoreWords[p.name] ?? p.name.replaceAll("_", " ")}`).join(" + "), ` = ${money(score.total)}. Lower is better; commission plays no part.`);
}

// partnerName is a partner's display name, or those of a combination's partners.
export const partnerName = (context, name) => name.split("+").map((one) => context.partners.get(one)?.display_name ?? one).join(" and ");
