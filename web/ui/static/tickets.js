// A trip put together from several tickets: what that risks, in words, and what each of
// the tickets is, who sells it and what it costs.
import { el, icon } from "./dom.js";
import { buy, partnerName, provenance } from "./cards.js";
import { bagTag, changeWords, refundWords, seatWords } from "./fare.js";
import { format } from "./money.js";
import { clock, dayOf, dayWords } from "./times.js";

// riskBlock stands on the row of a combination, nothing on that of a single ticket.
export function riskBlock(r, context) {
  if (!r.combination) return null;
  const cheapest = r.offers[0];
  return el("div", { class: "risk" },
    el("p", {}, icon("warn"), r.combination.risk),
    cheapest && el("ol", { class: "ticket-list" }, cheapest.tickets.map((t) => el("li", {},
      el("span", {}, `${t.origin} to ${t.destination}, `, el("b", {}, partnerName(context, t.partner))), el("b", {}, format(t.price.total))))));
}

// ticketRows are the tickets of one offer with their conditions, each to be bought by itself.
export function ticketRows(o, context) {
  if (!o.tickets) return null;
  return el("ol", { class: "tickets" }, o.tickets.map((t, i) => el("li", {},
    el("div", { class: "offer-what" }, el("b", {}, `Ticket ${i + 1}: ${t.origin} to ${t.destination}`),
      el("span", {}, `${partnerName(context, t.partner)}${t.seller.name ? `, ticket by ${t.seller.name}` : ""} · ${t.marketing.join(", ")} · ${dayWords(dayOf(t.departs))}, ${clock(t.departs)}`),
      el("span", { class: "tags" }, bagTag(t.fare)), el("span", { class: "hint" }, `${t.fare.brand ?? "Fare brand not stated"} · ${refundWords(t.fare)} · ${changeWords(t.fare)} · ${seatWords(t.fare)}`),
      el("span", { class: "hint" }, provenance(t.price))),
    el("div", { class: "offer-price" }, el("strong", {}, format(t.price.total)), buy(t.go)))));
}
