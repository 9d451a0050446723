// The page: one state (what is asked, and how it is looked at) that stands in the
// link, one search that is followed, and everything that shows it.
import { byID, el, fill, setText } from "./dom.js";
import { flightCard } from "./flights.js";
import { stayCard } from "./hotels.js";
import { SearchForm } from "./form.js";
import { ViewControls } from "./filters.js";
import { ResultList } from "./list.js";
import { isTerminal } from "./model.js";
import { format } from "./money.js";
import { headline, names, PartnerPanel, sorted } from "./partners.js";
import { fetchPlace, placeLabel, placeName } from "./places.js";
import { stateOf } from "./states.js";
import { Follower } from "./stream.js";
import { count, dayWords, daysBetween, instant } from "./times.js";
import { partyWords, roomsWords } from "./travellers.js";
import { decode, encode } from "./url.js";

const pageSize = 20, pageMost = 200; // limit of the view: its default and its maximum
const lostPause = 3000; // a connection that is back by then is not worth a word

let state = null; // {product, query, view} of the search that is shown
let airlineNames = new Map(); // airline code -> name, of everything seen in this search
let unfolded = false; // whether results that cost much more are shown too
let milestone = ""; // what has last been said to those who listen

const list = new ResultList(byID("list"), byID("above"));
const panel = new PartnerPanel(byID("partners"));
const controls = new ViewControls({ filters: byID("filters"), order: byID("order"), selects: byID("selects") }, (view) => setView(view));
const follower = new Follower({ changed: show, refused, connectionLost });
const form = new SearchForm(byID("search"), {
  submitted: (product, query) => startSearch({ product, query, view: state?.product === product ? keep(state.view) : {} }, true),
  productChanged: () => {},
});

// keep is what a new search takes over from the view of the one before.
const keep = ({ currency, sort }) => Object.fromEntries(Object.entries({ currency, sort }).filter(([, v]) => v));

// begin asks a question. pushed makes a step to go back to.
function startSearch(next, pushed) {
  state = next;
  if (pushed) history.pushState(null, "", encode(state));
  airlineNames = new Map();
  milestone = "";
  unfolded = false;
  list.clear(state.product === "flights" ? flightCard : stayCard);
  controls.use(state.product, state.view, true);
  byID("welcome").hidden = true;
  byID("results").hidden = false;
  document.body.classList.add("searching");
  fill(byID("state"));
  fill(byID("more"));
  setText(byID("freshness"), "");
  title();
  follower.search(state.product, state.query, state.view);
  if (pushed) byID("results").focus({ preventScroll: true });
  if (pushed && byID("results").getBoundingClientRect().top > innerHeight / 2) byID("results").scrollIntoView(); // a small screen is full of form
}

// look changes the view of the same search.
function setView(view) {
  state = { ...state, view };
  history.pushState(null, "", encode(state));
  controls.use(state.product, view, false);
  byID("list").setAttribute("aria-busy", "true");
  milestone = "";
  follower.setView(view);
}

const codes = () => (state.product === "flights" ? state.query.slices.flatMap((s) => [s.origin, s.destination]) : [state.query.destination.place]);

// title says what was asked, with the places' names as soon as they are known.
function title() {
  const asked = state;
  const write = () => {
    if (asked.query !== state?.query) return;
    setText(byID("results-title"), question());
    document.title = `${question()} · Fanfare`;
  };
  write();
  Promise.all(codes().map((c) => fetchPlace(c))).then(write, write);
}

function question() {
  const { product, query } = state;
  if (product === "hotels") return `${placeName(query.destination.place)}, ${dayWords(query.check_in)} to ${dayWords(query.check_out)}`;
  const [first, second] = query.slices;
  if (query.slices.length === 1) return `${placeLabel(first.origin)} to ${placeLabel(first.destination)}, ${dayWords(first.date)}`;
  if (query.slices.length === 2 && second.destination === first.origin) {
    return `${placeLabel(first.origin)} to ${placeLabel(first.destination)}, ${dayWords(first.date)} to ${dayWords(second.date)}`;
  }
  return [...query.slices.map((s) => placeLabel(s.origin)), placeLabel(query.slices.at(-1).destination)].join(" → ");
}

// context is what the rows need besides their result.
function context(view) {
  for (const f of view.facets.carriers ?? []) airlineNames.set(f.value, f.name);
  for (const r of view.results) for (const [code, name] of Object.entries(r.airlines ?? {})) airlineNames.set(code, name);
  const { query, product } = state;
  return {
    partners: new Map(view.partners.map((p) => [p.name, p])), names: airlineNames, labels: view.labels, all: (id) => follower.all(id), explained: () => follower.explained(), sort: state.view.sort ?? "best",
    dates: product === "flights" && query.slices.length > 1, place: product === "hotels" ? placeName(query.destination.place) : "",
    totalFor: product === "flights" ? `total for ${partyWords(query.passengers)}${query.slices.length > 1 ? ", all flights" : ""}, taxes included`
      : `total for ${count(daysBetween(query.check_in, query.check_out), "night")}, ${roomsWords(query.rooms)}, taxes and fees included`,
    key: `${airlineNames.size}/${placeName(codes()[0])}`,
  };
}

// show is called with every new revision.
function show(view, { fresh }) {
  if (view.id !== undefined && !state) return;
  const noun = state.product === "flights" ? "offer" : "rate";
  panel.show(view, noun);
  controls.show(view);
  const what = state.product === "flights" ? "flights" : "rooms";
  fill(byID("state"), stateOf(view, { again, clear: () => controls.clear(), what }));
  list.show(view, context(view), { fresh, live: !isTerminal(view.status) });
  const ol = byID("list");
  ol.dataset.revision = view.revision;
  ol.dataset.search = view.id;
  ol.setAttribute("aria-busy", String(!isTerminal(view.status)));
  more(view);
  freshness(view);
  announce(view);
}

// more says how much there is, and offers the rest. In the order of best, results that
// cost much more time or money than the first wait behind a button.
function more(view) {
  const far = (state.view.sort ?? "best") === "best" ? view.results.filter((r) => r.hopeless).length : 0;
  const folded = far > 0 && !unfolded;
  byID("list").classList.toggle("folded", folded);
  if (folded) {
    const all = view.counts.hopeless;
    return fill(byID("more"), el("p", { class: "hint" }, `${view.results.length - far} of ${count(view.counts.matching, "result")}`),
      el("button", { type: "button", class: "quiet", onclick: () => { unfolded = true; more(view); } }, `Show ${all} more ${all === 1 ? "that costs" : "that cost"} much more time or money`));
  }
  const shown = view.results.length, all = view.counts.matching;
  const words = all === 0 ? "" : shown < all ? `${shown} of ${count(all, "result")}` : count(all, "result");
  const further = shown < all && shown < pageMost && (state.view.sort ?? "best") !== "choice";
  fill(byID("more"), el("p", { class: "hint" }, words, all > pageMost && shown >= pageMost && ". Filters narrow the rest down."),
    further && el("button", { type: "button", class: "quiet", onclick: () => setView({ ...state.view, limit: String(Math.min(pageMost, shown + 2 * pageSize)) }) }, "Show more"));
}

// freshness says how old the prices on the page are: the oldest one counts.
function freshness(view) {
  const prices = view.results.map((r) => (r.offers ?? r.rates)[0]?.price).filter(Boolean);
  if (prices.length === 0) return setText(byID("freshness"), "");
  const oldest = prices.reduce((a, b) => (a.as_of < b.as_of ? a : b)).as_of;
  const stale = prices.some((p) => Date.parse(p.fresh_until) < Date.now());
  const many = count(view.counts.matching, "result") + (view.counts.matching === view.counts.results ? "" : ` of ${view.counts.results}`);
  fill(byID("freshness"), `${many} from ${count(view.counts.offers, state.product === "flights" ? "offer" : "rate")} · prices from ${instant(oldest)}`,
    stale && [" and may have changed since. ", el("button", { type: "button", class: "link", onclick: again }, "Ask again")], severalTickets(view));
}

// severalTickets leads to the trips on several tickets, which often come late in the list,
// and back.
function severalTickets(view) {
  const found = view.facets.tickets?.find((f) => f.value === "several");
  const { combine, combined_only, limit, ...rest } = state.view;
  if (combined_only) return [" · ", el("button", { type: "button", class: "link", onclick: () => setView(rest) }, "Show all trips")];
  if (!found || combine === "0") return null;
  return [" · ", el("button", { type: "button", class: "link", onclick: () => setView({ ...rest, combined_only: "1" }) }, `${count(found.count, "trip")} on several tickets, from ${format(found.from)}`)];
}

// announce tells those who listen when something matters has happened, and not more often.
function announce(view) {
  const ended = isTerminal(view.status);
  const step = ended ? `ended ${view.status} ${view.counts.matching}` : view.counts.matching > 0 ? "first" : "asked";
  if (step === milestone) return;
  milestone = step;
  const by = sorted(view);
  const failed = by.bad.length ? ` Without ${names(by.bad)}.` : "";
  setText(byID("announce"), ended ? `${headline(view)}. ${count(view.counts.matching, "result")}.${failed}`
    : step === "first" ? `First results: ${view.counts.matching}. More partners are still answering.` : `Asking ${count(view.coverage.asked, "partner")}.`);
}

function again() {
  follower.search(state.product, state.query, state.view);
}

// refused shows what the server says is wrong with the query or the view.
function refused(problem) {
  const rest = problem.errors.filter((e) => !controls.complain(e));
  form.complain(rest.length === 0 && problem.errors.length === 0 ? [{ field: "", message: problem.message }] : rest);
  if (byID("list").children.length > 0) return;
  byID("results").hidden = problem.errors.length > rest.length ? false : true;
  byID("welcome").hidden = !byID("results").hidden;
}

let lostTimer = 0;

// connectionLost says that the connection is away, unless it is soon back.
function connectionLost(away, problem) {
  const box = byID("connection");
  if (away && lostTimer && !problem) return; // each attempt to come back fails anew
  clearTimeout(lostTimer);
  lostTimer = 0;
  if (!away) {
    box.hidden = true;
    return;
  }
  lostTimer = setTimeout(() => {
    setText(box, problem ? `${problem.title ?? "The server is busy"}. Trying again${problem.retryAfter ? ` in ${count(problem.retryAfter, "second")}` : ""}…`
      : "The connection is lost. Trying again… What is shown may be out of date.");
    box.hidden = false;
  }, problem ? 0 : lostPause);
}

// openFromURL shows what the link says.
function openFromURL() {
  const next = decode(location.hash);
  if (!next) {
    follower.stop();
    state = null;
    byID("results").hidden = true;
    byID("welcome").hidden = false;
    document.body.classList.remove("searching");
    document.title = "Fanfare: flights and hotels from many partners at once";
    return;
  }
  const same = state && encode({ ...state, view: {} }) === encode({ ...next, view: {} });
  if (same) {
    state = next;
    controls.use(state.product, state.view, false);
    follower.setView(state.view);
    return;
  }
  form.set(next.product, next.query);
  form.calm();
  startSearch(next, false);
}

window.addEventListener("popstate", openFromURL);
openFromURL();
