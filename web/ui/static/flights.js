// A flight result: times as on the airports' clocks, stops, who sells and who flies,
// and every seller's price with its conditions.
import { add, el, icon, setText } from "./dom.js";
import { buy, Card, noLinks, partnerName, provenance, scoreLine, unverified } from "./cards.js";
import { compare, format, isZero } from "./money.js";
import { fetchPlace, placeName } from "./places.js";
import { bagTag, changeWords, refundWords, seatWords } from "./fare.js";
import { riskBlock, ticketRows } from "./tickets.js";
import { whyPlace } from "./why.js";
import { clock, count, dayOf, daysBetween, dayWords, duration } from "./times.js";

const airline = (context, code) => context.names.get(code) ?? code;
const flight = (f) => `${f.carrier} ${f.number}`;

// flightCard makes the row of a flight result.
export const flightCard = () => new Card({
  head: (r, context, note) => [
    el("div", { class: "slices" }, r.slices.map((s) => sliceLine(s, context)), r.offers[0] && conditions(r.offers[0], r), linked(r), riskBlock(r, context)),
    priceBlock(r, context, note),
  ],
  summary: (r) => `Flight details and ${r.offers_total === 1 ? "1 offer" : `all ${r.offers_total} offers`}`,
  sellers: (r) => ({ total: r.offers_total, list: r.offers }),
  body: (r, context, kept) => [
    r.slices.map((s) => sliceDetails(s, context)), fareMatrix(r, context), sellers(r, context),
    scoreLine(r.score), whyPlace(r, context, kept),
  ],
});

function sliceLine(slice, context) {
  const carriers = [...new Set(slice.segments.map((s) => s.marketing.carrier))];
  const plus = daysBetween(dayOf(slice.departs), dayOf(slice.arrives));
  const via = slice.segments.slice(1).map((s) => s.origin);
  return el("div", { class: "slice-line" },
    el("span", { class: `badge tone-${tone(carriers[0])}`, "aria-hidden": "true" }, carriers[0]),
    el("div", { class: "when" },
      el("span", { class: "times" }, point(slice.departs, slice.origin, "departs"), el("span", { class: "way" },
        el("span", { class: "duration" }, duration(slice.duration_minutes)),
        el("span", { class: "track", "aria-hidden": "true" }, via.map(() => el("i"))),
        el("span", { class: slice.stops === 0 ? "direct" : "stops" }, slice.stops === 0 ? "Direct" : `${count(slice.stops, "stop")} · ${via.join(", ")}`)),
      point(slice.arrives, slice.destination, "arrives", plus)),
      el("span", { class: "carriers" }, context.dates && `${dayWords(dayOf(slice.departs))} · `, carriers.map((c) => airline(context, c)).join(", "), flownBy(slice, context)),
      slice.segments.map((s) => shortConnection(s, ` in ${s.origin}`))));
}

// shortConnection warns of a layover on one ticket that leaves little time.
const shortConnection = (s, where = "") => (s.short_connection ? el("span", { class: "tag warn" }, `Short connection: ${duration(s.layover_minutes)}${where}`) : null);

function point(local, airport, what, plus = 0) {
  return el("span", { class: "point" }, el("b", {}, clock(local), plus !== 0 && el("sup", { title: `${what} ${dayWords(dayOf(local))}` }, plus > 0 ? `+${plus}` : `−${-plus}`)),
    el("span", { title: placeName(airport) }, airport));
}

// flownBy says who flies where that is not who sells, or not known.
function flownBy(slice, context) {
  const others = new Set(), unsure = slice.segments.some((s) => s.operating === null);
  for (const s of slice.segments) if (s.operating && s.operating.carrier !== s.marketing.carrier) others.add(airline(context, s.operating.carrier));
  return [others.size > 0 && ` · operated by ${[...others].join(", ")}`, unsure && " · operator unconfirmed"];
}

// tone is one of eight colours, always the same for a carrier.
function tone(code) {
  let n = 0;
  for (const c of code) n = (n * 31 + c.charCodeAt(0)) % 997;
  return n % 8;
}

function priceBlock(r, context, note) {
  const cheapest = r.offers[0];
  const others = r.offers_total - 1;
  return el("div", { class: "price" }, note,
    el("strong", { class: "amount" }, format(r.price)), el("span", { class: "for" }, context.totalFor), cheapest?.bags && leastWithBags(r.offers, context),
    cheapest && el("span", { class: "seller" }, `${partnerName(context, cheapest.partner)}${others > 0 ? ` + ${count(others, "more offer")}` : ""}`));
}

// conditions are those of the price shown: the cheapest offer's.
const conditions = (o, r) => el("span", { class: "tags" }, bagTag(o.fare), refundTag(o.fare), o.self_transfer && selfTransfer(), mixedCabin(o, r), seats(o.seats_left), unverified(o.constraints, filterWords));

const linkWords = {
  schedule_conflict: "Partners state different times for these flights: the other times stand in a row of their own. Check them before buying.",
  probable_codeshare: "Perhaps the same aircraft as in another row, sold by another airline: nobody has confirmed who flies.",
};

// linked says that another row may be the same trip, and why it stands apart.
const linked = (r) => [...new Set((r.linked ?? []).map((l) => l.why))].map((why) => el("p", { class: "hint" }, linkWords[why]));

// mixedCabin names the flights of an offer that are in a lower cabin than asked for.
function mixedCabin(o, r) {
  if (!o.mixed_cabin) return null;
  const flown = r.slices.flatMap((s) => s.segments);
  return el("span", { class: "tag warn" }, o.mixed_cabin.map((c) => `only ${cabinWords(c.cabin)} from ${flown[c.segment].origin} to ${flown[c.segment].destination}`).join(", "));
}

const cabinWords = (cabin) => cabin.replaceAll("_", " ");

// knownCabins are the cabins of a fare, each once; of a segment whose cabin is not stated, none.
const knownCabins = (fare) => [...new Set(fare.cabin ?? [])].filter(Boolean).map(cabinWords).join(" / ");

// leastWithBags is what the trip costs with the bags that were asked for: by the cheapest
// offer, or by another that is cheaper with them.
function leastWithBags(offers, context) {
  const [first] = offers;
  const least = offers.reduce((a, b) => (b.bags.price && (!a.bags.price || compare(b.bags.price, a.bags.price) < 0) ? b : a), first);
  return [withBags(least.bags, least === first ? null : format(least.bags.price)), least !== first && el("span", { class: "seller" }, `from ${partnerName(context, least.partner)}`)];
}

// withBags is what an offer costs with the bags that were asked for. total is said too
// where they are included and another price stands above.
function withBags({ status, price }, total = null) {
  const words = { included: total ? `${total} with your bags included` : "your bags included", known: price && `${format(price)} with your bags`, estimated: price && `about ${format(price)} with your bags`, unknown: "bags may cost more: not stated" };
  return el("span", { class: `with-bags ${status}` }, words[status]);
}

const selfTransfer = () => el("span", { class: "tag warn" }, "self-transfer");
const seats = (n) => (n !== null && n <= 4 ? el("span", { class: "tag warn" }, `${count(n, "seat")} left at this price`) : null);

function refundTag(fare) {
  if (fare.refundable === null) return null; // said in the details
  if (!fare.refundable) return el("span", { class: "tag" }, "no refund");
  return el("span", { class: "tag good" }, fare.refund_fee && !isZero(fare.refund_fee) ? `refund for ${format(fare.refund_fee)}` : "refundable");
}

function sliceDetails(slice, context) {
  const rows = [];
  slice.segments.forEach((s, i) => {
    if (i > 0) rows.push(layover(s, slice.segments[i - 1]));
    rows.push(el("li", { class: "segment" },
      el("div", { class: "leg" }, stop(s.departs, s.origin, s.terminal.departure), stop(s.arrives, s.destination, s.terminal.arrival, dayOf(slice.departs))),
      el("p", { class: "hint" }, `${flight(s.marketing)} ${airline(context, s.marketing.carrier)} · `, operator(s, context), ` · ${duration(s.duration_minutes)}`,
        s.aircraft && ` · aircraft ${s.aircraft}`, s.sold_as.length > 0 && ` · also sold as ${s.sold_as.map(flight).join(", ")}`)));
  });
  return el("section", { class: "slice-details" }, el("h3", {}, `${dayWords(dayOf(slice.departs))} · ${slice.origin} to ${slice.destination} · ${duration(slice.duration_minutes)}`), el("ol", { class: "segments" }, rows));
}

function operator(s, context) {
  if (!s.operating) return el("span", { class: "unsure" }, "operating airline unconfirmed");
  if (s.operating.carrier === s.marketing.carrier && (s.operating.number ?? s.marketing.number) === s.marketing.number) return `operated by ${airline(context, s.operating.carrier)}`;
  return `operated by ${airline(context, s.operating.carrier)}${s.operating.number ? ` as ${flight(s.operating)}` : ", number unconfirmed"}`;
}

function stop(local, airport, terminal, first) {
  const plus = first ? daysBetween(first, dayOf(local)) : 0;
  return el("div", { class: "stop" }, el("b", {}, clock(local), plus > 0 && el("sup", {}, `+${plus}`)), el("span", {}, el("b", {}, airport), " ", named(airport), terminal && `, terminal ${terminal}`));
}

// named is an airport's name, as soon as it is known.
function named(airport) {
  const name = el("span", {}, placeName(airport));
  fetchPlace(airport).then((full) => setText(name, full)).catch(() => {});
  return name;
}

function layover(s, last) {
  const moved = s.origin !== last.destination;
  const night = dayOf(last.arrives) !== dayOf(s.departs);
  return el("li", { class: "layover" }, icon("clock"), el("span", {}, s.layover_minutes === null ? "" : duration(s.layover_minutes), " in ", named(s.origin), ` (${s.origin})`),
    moved && el("span", { class: "tag warn" }, `change of airport ${last.destination} → ${s.origin}`), night && el("span", { class: "tag warn" }, "overnight"), shortConnection(s));
}

// fareMatrix sets the fares of these flights side by side: what the next one costs more,
// and what it brings.
function fareMatrix(r, context) {
  if (r.fares.length < 2) return null;
  return el("section", { class: "fares" }, el("h3", {}, "Fares side by side"),
    el("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": "Fares side by side" }, el("table", {},
      el("thead", {}, el("tr", {}, ["Fare", "Cabin bag", "Checked bag", "Seat", "Refund", "Changes", "Price"].map((h) => el("th", { scope: "col" }, h)))),
      el("tbody", {}, r.fares.map((f) => fareRow(f, context))))));
}

function fareRow(f, context) {
  const cabins = knownCabins(f);
  const who = f.partners.length === 1 ? partnerName(context, f.partners[0]) : count(f.partners.length, "partner");
  return el("tr", {},
    el("th", { scope: "row" }, f.brand ?? "Not named", cabins && el("small", {}, cabins), el("small", {}, who)),
    el("td", { "data-what": "Cabin bag" }, bagCell(f.cabin_bags, f.with_cabin_bag)), el("td", { "data-what": "Checked bag" }, bagCell(f.checked_bags, f.with_checked_bag)),
    el("td", { "data-what": "Seat" }, seatCells[f.seat_selection] ?? "not stated"),
    el("td", { "data-what": "Refund" }, refundWords(f).replace(/^refund: /, "")), el("td", { "data-what": "Changes" }, changeWords(f).replace(/^changes: /, "")),
    el("td", { "data-what": "Price", class: "money" }, el("b", {}, format(f.price)), !isZero(f.step) && el("small", {}, `+ ${format(f.step)}`)));
}

const seatCells = { included: "included", at_a_price: "at a price", not_included: "not included", not_offered: "no choice" };

// bagCell says how many bags a fare has, else what these flights cost with one.
function bagCell(pieces, { status, price }) {
  if (status === "included") return el("span", { class: "yes" }, icon("check"), pieces > 1 ? `${pieces}` : "included");
  const without = pieces === 0 ? "none" : "not stated";
  return [without, price && el("small", {}, `${status === "known" ? "" : "about "}${format(price)} with one`)];
}

const filterWords = { cabin_bag: "cabin bag", checked_bag: "checked bag", refundable: "refund", exclude_carriers: "operating airline" };

function sellers(r, context) {
  return add(el("section", { class: "sellers" }, el("h3", {}, "Who sells it")),
    [el("ul", {}, r.offers.map((o) => offerRow(o, r, context))), noLinks(r.offers)]);
}

function offerRow(o, r, context) {
  const seller = o.seller.name && o.seller.name !== partnerName(context, o.partner) ? `ticket by ${o.seller.name}` : null;
  const cabins = knownCabins(o.fare);
  return el("li", { class: "offer", "data-partner": o.partner },
    el("div", { class: "offer-what" }, el("b", {}, partnerName(context, o.partner)), seller && el("span", { class: "hint" }, seller),
      el("span", { class: "brand-name" }, [o.fare.brand ?? "Fare brand not stated", cabins].filter(Boolean).join(" · ")),
      el("span", { class: "tags" }, bagTag(o.fare), o.self_transfer && selfTransfer(), mixedCabin(o, r), seats(o.seats_left), unverified(o.constraints, filterWords)),
      el("span", { class: "hint" }, `${refundWords(o.fare)} · ${changeWords(o.fare)} · ${seatWords(o.fare)}`), el("span", { class: "hint" }, provenance(o.price))),
    el("div", { class: "offer-price" }, el("strong", {}, format(o.price.total)), o.bags && o.bags.status !== "included" && withBags(o.bags),
      o.price.base && o.price.taxes && el("span", { class: "hint" }, `fare ${format(o.price.base)} + taxes ${format(o.price.taxes)}${o.price.fees ? ` + fees ${format(o.price.fees)}` : ""}`), buy(o.go)),
    ticketRows(o, context));
}
