package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

func TestPageFlights(t *testing.T) {
	b := openBrowser(t, 1280)
	base, stork := newDemo(t, "stork")
	b.do(chromedp.Navigate(base + "/"))
	b.do(chromedp.Click(`input[name=trip][value=oneway]`))
	b.pick("origin", "heathr", "LHR")
	b.pick("destination", "JFK", "JFK")
	b.setDate("date", day(60))
	if begun := value[string](b, `location.hash`); begun != "" {
		t.Errorf("before the button is pressed a search has begun: %s", begun)
	}
	b.do(chromedp.Click(`button[type=submit]`))

	// The others' results are there while one partner is still being waited for.
	b.until("all but the slow partner's answers", someRows+` && [...document.querySelectorAll("[data-partner][data-status=asking]")].map((p) => p.dataset.partner).join() === "stork"`)
	if status := value[string](b, statusOf); status != "partial" {
		t.Errorf("status with a partner still asked = %q, want partial", status)
	}
	words := value[string](b, `document.querySelector("#partners").textContent`)
	for _, want := range []string{"Still waiting for Stork & Sons", "Dodo Airlines has a problem of its own"} {
		if !strings.Contains(words, want) {
			t.Errorf("the partners' panel says %q, which lacks %q", words, want)
		}
	}
	if said := value[string](b, `document.querySelector("#announce").textContent`); !strings.Contains(said, "First results") {
		t.Errorf("the live region says %q, want first results", said)
	}
	b.sameAsPolled(base, "flights", "")
	offers := value[string](b, `document.querySelector("#freshness").textContent`)

	// A row that is open stays open, and the same element, when more comes in.
	value[bool](b, `(() => { const li = document.querySelector("#list > li"); li.querySelector("details").open = true; window.first = li; return true; })()`)
	b.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, 1, 1)) // the row under the mouse would be the one that stays
	value[bool](b, `(() => { window.read = document.querySelectorAll("#list > li")[4]; read.scrollIntoView(); window.top0 = read.getBoundingClientRect().top; return true; })()`)
	stork.release()
	b.until("the end of the search", terminal)
	if moved := value[float64](b, `read.isConnected ? Math.abs(read.getBoundingClientRect().top - top0) : 0`); moved > 1.5 {
		t.Errorf("the row at the top of the screen has moved by %v px under the reader", moved)
	}
	b.until("the end in words", `(() => { const m = document.querySelector("#announce").textContent.match(/(\d+) of (\d+) partners answered/); return m && m[1] == m[2] - 1; })()`)
	if status := value[string](b, statusOf); status != "degraded" {
		t.Errorf("status at the end = %q, want degraded", status)
	}
	if grown := value[string](b, `document.querySelector("#freshness").textContent`); grown == offers {
		t.Errorf("offers did not grow: %q", grown)
	}
	if !value[bool](b, `!first.isConnected || first.querySelector("details").open`) {
		t.Error("the row that was being read has closed")
	}
	b.sameAsPolled(base, "flights", "")

	// Another order of the same search: the same id, and no partner asked.
	id := value[string](b, searchIDs)
	b.do(chromedp.Click(`.tab[data-sort=cheapest]`))
	b.until("the cheapest first", `document.querySelector("#list > li .label-cheapest") && location.hash.includes("sort=cheapest") && document.querySelector("#list").getAttribute("aria-busy") === "false"`)
	b.sameAsPolled(base, "flights", "?sort=cheapest")
	if now := value[string](b, searchIDs); now != id {
		t.Errorf("search after a change of order = %q, want the same, %q", now, id)
	}

	// Back undoes the order; a reload shows the same search.
	b.do(chromedp.NavigateBack())
	b.until("the order before", `!location.hash.includes("sort") && document.querySelector(".tab[data-sort=best]").getAttribute("aria-pressed") === "true"`)
	b.do(chromedp.Reload())
	b.until("the search after a reload", terminal+" && "+someRows)
	if now := value[string](b, searchIDs); now != id {
		t.Errorf("search after a reload = %q, want %q", now, id)
	}
	b.reasons()
	b.severalTickets()
	b.quiet()
}

// reasons: a row says why it stands where it does, when it is asked. It is held on to: what
// still comes in may move it.
func (b *browser) reasons() {
	b.t.Helper()
	for n := range 2 {
		b.do(chromedp.Click(fmt.Sprintf(`#list > li:nth-child(%d) details.more-of > summary`, n+1)))
		b.until("the row's details", `window.row = document.querySelector("#list details.more-of[open]:not(.asked)")?.closest("li")`)
		b.until("the question why", `row.querySelector(".why > summary")`)
		value[bool](b, `(() => { row.querySelector("details.more-of").classList.add("asked"); row.querySelector(".why > summary").click(); return true; })()`)
		b.until("the reasons", `row.querySelector(".reasons").textContent`)
		if said := value[string](b, `row.querySelector(".reasons").textContent`); !strings.Contains(said, "the first in this order") || !strings.Contains(said, ": the cheapest offer's total") {
			b.t.Errorf("row %d stands there because: %q; that lacks its place or what the score is made of", n+1, said)
		}
	}
}

// severalTickets: trips on several tickets, which come late in the list, are a click away,
// with their risk in words, and so is the way back.
func (b *browser) severalTickets() {
	b.t.Helper()
	link := `document.querySelector("#freshness .link:last-child")`
	b.until("the way to trips on several tickets", link+`?.textContent.includes("on several tickets, from £")`)
	value[bool](b, link+`.click() ?? true`)
	b.until("trips on several tickets alone", `location.hash.includes("combined_only=1") && `+someRows+` && [...document.querySelectorAll("#list > li")].every((li) => li.querySelector(".risk"))`)
	if risk := value[string](b, `document.querySelector("#list .risk").textContent`); !strings.Contains(risk, "if the first flight is late the second airline does not have to help you") {
		b.t.Errorf("the risk is %q", risk)
	}
	b.until("the way back", link+`?.textContent === "Show all trips"`)
	value[bool](b, link+`.click() ?? true`)
	b.until("all trips", `!location.hash.includes("combined_only") && [...document.querySelectorAll("#list > li")].some((li) => !li.querySelector(".risk"))`)
}

// What makes a flight uncertain stands on its row in words: a twin at other times, one that
// may be the same aircraft, and a filter that nobody can confirm. Its fares say what a seat
// and a bag cost.
func TestPageFlightInWords(t *testing.T) {
	b := openBrowser(t, 1280)
	base, _ := newDemo(t, "stork")
	b.do(chromedp.Navigate(base + "/"))
	got := value[string](b, `import("`+value[string](b, `document.querySelector("script[type=module]").src.replace("main.js", "flights.js")`)+`").then(({ flightCard }) => {
		const money = (amount) => ({ amount, currency: "EUR" });
		const fare = (brand, seat) => ({ brand, basis: [], cabin: ["economy"], cabin_bags: 1, checked_bags: 0, refundable: null, changeable: null, change_fee: null, refund_fee: null, seat_selection: seat });
		const choice = (brand, seat, amount) => ({ ...fare(brand, seat), price: money(amount), step: money("0.00"), partners: ["a"], with_cabin_bag: { status: "included", price: money(amount) }, with_checked_bag: { status: "known", price: money("140.00") } });
		const at = { departs: "2027-03-01T10:00:00+00:00", arrives: "2027-03-01T13:00:00-05:00", duration_minutes: 480, origin: "LHR", destination: "JFK" };
		const offer = { id: "o", partner: "a", seller: { code: null, name: null }, fare: fare("Light", "at_a_price"), constraints: { checked_bag: "at_a_price", refundable: "unverifiable", exclude_carriers: "unverifiable" },
			price: { total: money("90.00"), base: null, taxes: null, kind: "live", as_of: "2027-01-01T00:00:00Z", fresh_until: "2127-01-01T00:00:00Z" }, bags: { status: "known", price: money("140.00") }, seats_left: null, self_transfer: false, go: null };
		const card = flightCard();
		card.show({ id: "1", price: money("90.00"), score: { total: "90.00", currency: "EUR", parts: [{ name: "price", amount: "90.00" }] }, offers_total: 2, offers: [offer, { ...offer, id: "p", partner: "heron", price: { ...offer.price, total: money("120.00") }, bags: { status: "included", price: money("120.00") } }],
			linked: [{ id: "2", why: "schedule_conflict" }, { id: "3", why: "probable_codeshare" }, { id: "4", why: "schedule_conflict" }],
			fares: [choice("Light", "at_a_price", "90.00"), choice("Smart", "included", "99.00"), choice("Basic", "not_offered", "99.50"), choice("Plain", null, "99.60")],
			slices: [{ ...at, stops: 0, segments: [{ ...at, marketing: { carrier: "BA", number: "177" }, operating: null, sold_as: [], terminal: { departure: null, arrival: null }, aircraft: null, layover_minutes: null },
				{ ...at, origin: "JFK", destination: "BOS", marketing: { carrier: "BA", number: "178" }, operating: null, sold_as: [], terminal: { departure: null, arrival: null }, aircraft: null, layover_minutes: 40, short_connection: true }] }] },
			{ labels: {}, partners: new Map(), names: new Map(), totalFor: "total", key: "", explained: () => Promise.reject(new Error("gone")) }, null);
		card.element.querySelector("details").open = true;
		document.body.append(card.element);
		return new Promise((done) => setTimeout(() => { card.element.querySelector(".why").open = true; setTimeout(() => done(card.element.innerText), 100); }, 100));
	})`)
	for _, want := range []string{
		"Partners state different times for these flights", "Perhaps the same aircraft as in another row", "not confirmed: refund, operating airline", "operator unconfirmed", "€120.00 with your bags included", "from heron", "€140.00 with your bags", "€140.00 with one",
		"seat choice costs extra", "at a price", "no choice", "not stated", "The reasons could not be read", "Short connection: 40 min in JFK",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the card says %q, which lacks %q", got, want)
		}
	}
	if n := strings.Count(got, "Partners state different times"); n != 1 {
		t.Errorf("two twins at other times are told %d times, want once", n)
	}
	b.quiet()
}

func TestPageHotels(t *testing.T) {
	b := openBrowser(t, 1280)
	base, lantern := newDemo(t, "lantern")
	b.do(chromedp.Navigate(base+"/"), chromedp.Click(`input[name=product][value=hotels]`))
	b.pick("place", "paris", "PAR")
	b.setDate("check_in", day(60))
	b.setDate("check_out", day(63))
	b.do(chromedp.Click(`button[type=submit]`))
	b.until("the first properties", someRows+` && `+statusOf+` === "partial"`)
	if words := value[string](b, `document.querySelector("#partner-details").textContent`); !strings.Contains(words, "Lantern Hotels is still answering") {
		t.Errorf("the partners are %q, want Lantern Hotels still answering", words)
	}
	lantern.release()
	b.until("the end of the search", terminal)
	b.sameAsPolled(base, "hotels", "")
	card := value[string](b, `document.querySelector("#list > li").textContent`)
	for _, want := range []string{"total for 3 nights, 1 room, 2 adults, taxes and fees included", "from the centre of Paris"} {
		if !strings.Contains(card, want) {
			t.Errorf("the first property says %q, which lacks %q", card, want)
		}
	}
	value[bool](b, `document.querySelectorAll("#list > li").forEach((li) => { li.querySelector("details").open = true; }) ?? true`)
	b.until("rooms with their rates", `document.querySelector("#list .room h4") && document.querySelectorAll("#list .room").length > 0`)
	if lost := value[int](b, `[...document.querySelectorAll("#list .offer")].filter((o) => !o.closest(".room")).length`); lost > 0 {
		t.Errorf("%d rates stand under no room", lost)
	}
	b.quiet()
}

// A house that may be another's twin says so, with what guests give; rates of one room
// stand under it once, and a rate says its partner's own words only where they differ.
func TestPageStayInWords(t *testing.T) {
	b := openBrowser(t, 1280)
	base, _ := newDemo(t, "stork")
	b.do(chromedp.Navigate(base + "/"))
	got := value[string](b, `import("`+value[string](b, `document.querySelector("script[type=module]").src.replace("main.js", "hotels.js")`)+`").then(({ stayCard }) => {
		const price = (amount) => ({ total: { amount, currency: "EUR" }, taxes: null, pay_at_property: null, kind: "live", as_of: "2027-01-01T00:00:00Z", fresh_until: "2127-01-01T00:00:00Z" });
		const rate = (partner, room, amount, board) => ({ partner, room, room_id: "double", board, price: price(amount), payment: "pay_now", cancellation: { refundable: false, free_until: null, steps: [] },
			occupancy: [{ rooms: 1, adults: 2, child_ages: [] }], constraints: { board: board ? "verified" : "unverifiable" }, rooms_left: null, go: null });
		const card = stayCard();
		card.show({ id: "1", name: "Pension Bayard", stars: 3, distance_metres: 420, address: null, price: price("90.00").total, score: { total: "90.00", currency: "EUR", parts: [{ name: "price", amount: "90.00" }] },
			guest_score: 8.4, guest_reviews: 120, may_be_same: ["2"], may_be_same_names: ["Bayard, Pension"], rates_total: 2, rooms: [{ id: "double", name: "DOUBLE STANDARD", from: price("90.00").total, rates: 2 }],
			rates: [rate("a", "DOUBLE STANDARD", "90.00", "room_only"), rate("b", "Standard double room", "95.00", null)] }, { labels: {}, partners: new Map(), place: "Lyon", totalFor: "total", key: "" }, null);
		card.element.querySelector("details").open = true;
		document.body.append(card.element);
		return new Promise((done) => setTimeout(() => done(card.element.innerText), 100));
	})`)
	for _, want := range []string{"8.4 of 10 from guests · 120 reviews", "May be the same as “Bayard, Pension”", "1 room type, all 2 rates", "Double standard from €90.00", "Standard double room", "not confirmed: board", "includes taxes and fees"} {
		if !strings.Contains(got, want) {
			t.Errorf("the card says %q, which lacks %q", got, want)
		}
	}
	if n := strings.Count(got, "Double standard"); n != 2 { // beside the price, and over its rates
		t.Errorf("the room is named %d times, want 2, in %q", n, got)
	}
}

func TestPageComplainsAtTheField(t *testing.T) {
	b := openBrowser(t, 1280)
	base, _ := newDemo(t, "stork")
	b.do(chromedp.Navigate(base+"/"), chromedp.Click(`input[name=trip][value=oneway]`))
	b.do(chromedp.Click(`button[type=submit]`)) // no places yet
	b.until("the complaint about the place", `document.querySelector("input[name=origin]").getAttribute("aria-invalid") === "true"`)
	b.pick("origin", "LHR", "LHR")
	b.pick("destination", "JFK", "JFK")
	b.setDate("date", "2020-01-01")
	b.do(chromedp.Click(`button[type=submit]`))
	b.until("the complaint about the date", `document.querySelector("input[name=date]").getAttribute("aria-invalid") === "true"`)
	said := value[string](b, `document.getElementById(document.querySelector("input[name=date]").getAttribute("aria-describedby")).textContent`)
	if !strings.Contains(said, "2020-01-01 is past") {
		t.Errorf("the date's field says %q, want that it is past", said)
	}
	if wrong := value[int](b, `document.querySelectorAll("[aria-invalid=true]").length`); wrong != 1 {
		t.Errorf("%d fields are marked, want the date alone", wrong)
	}
	if at := value[string](b, `document.activeElement.name`); at != "date" {
		t.Errorf("the focus is at %q, want the date", at)
	}
	b.mu.Lock()
	b.complaints = slices.DeleteFunc(b.complaints, func(c string) bool { return strings.Contains(c, "400") }) // the browser's own note of it
	b.mu.Unlock()
	b.quiet()
}

func TestPageFitsANarrowScreen(t *testing.T) {
	b := openBrowser(t, 360)
	base, stork := newDemo(t, "stork")
	stork.release()
	overflow := func(what string) {
		t.Helper()
		wide := value[[]string](b, `[...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() && !e.closest(".unseen, .facet") && e.getBoundingClientRect().right > 360.5).map((e) => e.tagName + "." + e.className)`)
		if w := value[int](b, `document.documentElement.scrollWidth`); w > 360 || len(wide) > 0 {
			t.Errorf("%s is %d px wide at 360 px; beyond the edge: %q", what, w, wide)
		}
	}
	b.do(chromedp.Navigate(base + "/"))
	overflow("the empty form")
	b.do(chromedp.Click(`.pop summary`))
	overflow("the form with its panel open")
	named := func(what string) {
		t.Helper()
		nameless := value[[]string](b, `[...document.querySelectorAll("input, select, button, a, summary")].filter((e) => e.checkVisibility() && !e.labels?.length && !e.getAttribute("aria-label") && !e.textContent.trim()).map((e) => e.outerHTML)`)
		if len(nameless) > 0 {
			t.Errorf("%s has controls without a name: %q", what, nameless)
		}
	}
	named("the form")
	for _, link := range []string{
		"/#flights?slices=LHR-SYD-" + day(60) + ",SYD-NRT-" + day(70) + ",NRT-LHR-" + day(80) + "&adults=2&child_ages=7&infants_lap=1",
		"/#hotels?destination=PAR&check_in=" + day(60) + "&check_out=" + day(63) + "&rooms=2,1-7",
	} {
		b.do(chromedp.Navigate("about:blank"), chromedp.Navigate(base+link))
		b.until("the end of "+link, terminal+" && "+someRows)
		value[bool](b, `document.querySelectorAll("details:not(.pop)").forEach((d) => { d.open = true; }) ?? true`)
		b.until("an open row", `document.querySelector("#list .offer")`)
		overflow(link)
		named(link)
	}
	b.quiet()
}

// The policy is no decoration: what it forbids does not happen.
func TestPagePolicyHolds(t *testing.T) {
	b := openBrowser(t, 1280)
	base, _ := newDemo(t, "stork")
	b.do(chromedp.Navigate(base + "/"))
	b.until("the page at work", `document.querySelector("input[name=origin]")`)
	b.quiet()
	value[bool](b, `(() => {
		const script = document.createElement("script");
		script.textContent = "window.ran = true";
		document.body.append(script);
		const image = new Image();
		image.src = "http://127.0.0.1:9/x.png";
		document.body.append(image);
		document.body.setAttribute("style", "outline: 7px solid red");
		return true;
	})()`)
	b.until("three violations", `violations.length >= 3`)
	if value[bool](b, `window.ran === true`) {
		t.Error("an inline script ran")
	}
	if outline := value[string](b, `getComputedStyle(document.body).outlineWidth`); outline == "7px" {
		t.Error("an inline style was taken")
	}
	got := strings.Join(value[[]string](b, `violations`), " ")
	for _, want := range []string{"script-src", "img-src", "style-src"} {
		if !strings.Contains(got, want) {
			t.Errorf("violations are %q, want one of %s", got, want)
		}
	}
}
