// Why a flight stands where it does in the list: what its score is made of, what is better
// in something and worse in nothing, and what price would put it first.
import { el, fill } from "./dom.js";
import { format } from "./money.js";
import { clock, duration } from "./times.js";

const criteria = { price: "price", duration: "travelling time", stops: "connections", risk: "risk of a missed connection" };

// whyPlace is a part of a result's details that reads its reasons when it is opened. kept is
// the row's own: whether the part is open outlives a new price.
export function whyPlace(result, context, kept) {
  const body = el("div", { class: "reasons", "aria-live": "polite" });
  const box = el("details", { class: "why", open: kept.why === true }, el("summary", {}, "Why this place?"), body);
  box.addEventListener("toggle", async () => {
    kept.why = box.open;
    if (!box.open) return;
    const page = await context.explained().catch(() => null);
    const place = page?.results.findIndex((r) => r.id === result.id) ?? -1;
    fill(body, place < 0 ? el("p", { class: "hint" }, "The reasons could not be read: close this and open it again.") : reasons(page.results, place, context.sort));
  });
  return box;
}

function reasons(results, place, sort) {
  const { explain, score } = results[place];
  const bags = score.parts.some((p) => p.name === "bags");
  const words = (c) => (c === "price" && bags ? "price with your bags" : criteria[c] ?? c);
  return [
    place === 0 ? el("p", {}, "It is the first in this order.") : null,
    explain.dominated_by.length > 0
      ? el("ul", {}, explain.dominated_by.map((d) => el("li", {}, `${named(results.find((r) => r.id === d.id))} is better in ${list(d.better_in.map(words))}, and worse in nothing.`)))
      : el("p", {}, "Nothing else here is as good in price, travelling time, connections and risk."),
    place > 0 && sort !== "choice" && el("p", {}, explain.first_at ? `It would be the first in this order at ${format(explain.first_at)} or less${bags ? ", before bags" : ""}.` : "No price would make it the first in this order."),
    el("ul", { class: "hint" }, score.parts.map((p) => el("li", {}, `${format({ amount: p.amount, currency: score.currency })}: ${p.explanation}`))),
  ];
}

// named tells a result from others in a few words.
function named(r) {
  if (!r) return "Another result";
  const ways = r.slices.map((s) => `${s.segments.map((x) => `${x.marketing.carrier} ${x.marketing.number}`).join(" + ")} at ${clock(s.departs)}`);
  return `${ways.join(" / ")}, ${duration(r.slices.reduce((n, s) => n + s.duration_minutes, 0))} for ${format(r.price)},`;
}

const list = (words) => (words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`);
