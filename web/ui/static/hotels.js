// A stay result: the property, what its cheapest rate gives, and every partner's rate
// by room, with board, cancellation and what is paid where.
import { el } from "./dom.js";
import { buy, Card, noLinks, partnerName, provenance, scoreLine, unverified } from "./cards.js";
import { compare, format, isZero } from "./money.js";
import { count, instant } from "./times.js";

export const boards = {
  room_only: "Room only", bed_and_breakfast: "Breakfast included", half_board: "Half board", full_board: "Full board", all_inclusive: "All inclusive",
};
const payments = { pay_now: "paid now", pay_at_property: "paid at the property", deposit: "deposit now, rest at the property", guarantee: "card as guarantee" };

// stayCard makes the row of a property.
export const stayCard = () => new Card({
  head: (r, context, note) => [
    el("div", { class: "property" },
      el("h3", {}, r.name, " ", stars(r.stars)),
      el("p", { class: "hint" }, [distance(r.distance_metres, context), r.address].filter(Boolean).join(" · ") || "Location not stated"),
      guests(r), twins(r),
      r.rates[0] && el("p", {}, [calm(r.rates[0].room) ?? "Room not stated", board(r.rates[0].board)].join(" · ")),
      r.rates[0] && el("span", { class: "tags" }, cancellation(r.rates[0].cancellation), left(r.rates[0].rooms_left))),
    priceBlock(r, context, note),
  ],
  summary: (r) => `${count(r.rooms.length, "room type")}, ${r.rates_total === 1 ? "1 rate" : `all ${r.rates_total} rates`}`,
  sellers: (r) => ({ total: r.rates_total, list: r.rates }),
  body: (r, context) => [
    el("section", { class: "sellers" }, el("h3", {}, "Rooms and who sells them"), rooms(r, context), noLinks(r.rates)),
    scoreLine(r.score),
  ],
});

// guests says what guests give.
function guests({ guest_score: score, guest_reviews: reviews }) {
  if (score === null) return null;
  return el("p", { class: "guests" }, el("b", {}, score.toFixed(1)), ` of 10 from guests${reviews ? ` · ${count(reviews, "review")}` : ""}`);
}

// twins names the results that may be the same house: much speaks for it, not enough to
// put them together.
function twins({ may_be_same: ids, may_be_same_names: names }) {
  if (ids.length === 0) return null;
  return el("p", { class: "hint" }, `May be the same as ${names.map((name) => `“${name}”`).join(" or ")}, listed apart: the partners' descriptions differ.`);
}

// rooms is what is sold, room by room: a room's rates stand together, whoever sells them.
function rooms(r, context) {
  return r.rooms.map((room) => {
    const rates = r.rates.filter((rate) => rate.room_id === room.id);
    if (rates.length === 0) return null; // beyond the ten cheapest: "show all" brings it
    const more = room.rates - rates.length;
    return el("section", { class: "room" },
      el("h4", {}, calm(room.name) ?? "Room not stated", el("span", { class: "hint" }, ` from ${format(room.from)}${rates[0].occupancy.length ? ` · ${occupancy(rates[0].occupancy)}` : ""}`)),
      el("ul", {}, rates.map((rate) => rateRow(rate, room, context))),
      more > 0 && el("p", { class: "hint" }, `${count(more, "dearer rate")} of this room below`));
  });
}

function stars(n) {
  if (n === null) return el("span", { class: "hint" }, "stars not stated");
  return el("span", { class: "stars", role: "img", "aria-label": count(n, "star") }, "★".repeat(Math.floor(n)) + (n % 1 ? "½" : ""));
}

function distance(metres, context) {
  if (metres === null) return null;
  return `${metres < 950 ? `${Math.round(metres / 50) * 50} m` : `${(metres / 1000).toFixed(1)} km`} from the centre of ${context.place}`;
}

// calm is a room's name without the shouting that reservation systems are used to.
function calm(text) {
  if (text === null || text !== text.toUpperCase()) return text;
  return text.charAt(0) + text.slice(1).toLowerCase();
}

const board = (b) => (b === null ? "Board not stated" : (boards[b] ?? b));
const left = (n) => (n !== null && n <= 3 ? el("span", { class: "tag warn" }, `${count(n, "room")} left at this price`) : null);

function cancellation({ refundable, free_until }) {
  if (free_until && Date.parse(free_until) > Date.now()) return el("span", { class: "tag good" }, `Free cancellation until ${instant(free_until)}`);
  if (refundable === null) return el("span", { class: "tag" }, "Cancellation not stated");
  return refundable ? el("span", { class: "tag" }, "Cancellation for a fee") : el("span", { class: "tag" }, "No refund");
}

// paid says what of the total is paid at the property, fees included.
function paid(rate) {
  const there = rate.price.pay_at_property;
  if (there === null || isZero(there)) return payments[rate.payment] ?? "payment not stated";
  return compare(there, rate.price.total) === 0 ? "paid at the property" : `of which ${format(there)} is paid at the property`;
}

function priceBlock(r, context, note) {
  const cheapest = r.rates[0], others = r.rates_total - 1;
  return el("div", { class: "price" }, note, el("strong", { class: "amount" }, format(r.price)), el("span", { class: "for" }, context.totalFor),
    cheapest && el("span", { class: "for" }, paid(cheapest)),
    cheapest && el("span", { class: "seller" }, `${partnerName(context, cheapest.partner)}${others > 0 ? ` + ${count(others, "more rate")}` : ""}`));
}

const filterWords = { free_cancellation: "free cancellation", board: "board", min_stars: "stars", bbox: "where it is" };

function occupancy(rooms) {
  return rooms.map((o) => `${count(o.rooms, "room")} for ${count(o.adults, "adult")}${o.child_ages.length ? ` + ${count(o.child_ages.length, "child", "children")}` : ""}`).join(", ");
}

function steps(rate) {
  const { steps: list } = rate.cancellation;
  if (list.length === 0) return null;
  return "Cancelling: " + list.map((s) => `${Date.parse(s.from) <= Date.now() ? "now" : `from ${instant(s.from)}`} ${s.fee ? format(s.fee) : "a fee not stated in this currency"}`).join(", ") + " (your time)";
}

// included says what the total covers.
function included(rate) {
  const taxes = rate.price.taxes && !isZero(rate.price.taxes) ? `taxes and fees of ${format(rate.price.taxes)}` : "taxes and fees";
  return `includes ${taxes}`;
}

// rateRow is one partner's rate; the room's name stands only where the partner has another for it.
function rateRow(rate, room, context) {
  const own = calm(rate.room);
  return el("li", { class: "offer", "data-partner": rate.partner },
    el("div", { class: "offer-what" }, el("b", {}, board(rate.board)), el("span", { class: "brand-name" }, [partnerName(context, rate.partner), own !== calm(room.name) && own].filter(Boolean).join(" · ")),
      el("span", { class: "tags" }, cancellation(rate.cancellation), left(rate.rooms_left), unverified(rate.constraints, filterWords)),
      rate.cancellation.refundable !== false && el("span", { class: "hint" }, steps(rate)), el("span", { class: "hint" }, provenance(rate.price))),
    el("div", { class: "offer-price" }, el("strong", {}, format(rate.price.total)), el("span", { class: "hint" }, paid(rate)), el("span", { class: "hint" }, included(rate)), buy(rate.go)));
}
