package partnersim

import (
	"strings"
	"testing"
	"time"

	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// ndcSold is an offer as a reader of the standard sees it.
type ndcSold struct {
	id, owner string
	total     travel.Money
	sum       int64 // of the items that must be bought, each times its passengers
	extras    int
	slices    [][]ndcFlown // alternatives of each slice
	expires   time.Time
}

// ndcFlown is a journey: its flights by operating number, time and places.
type ndcFlown string

// ndcSoldIn reads a document of either version, and complains about loose ends.
func ndcSoldIn(t *testing.T, root *element) []ndcSold {
	t.Helper()
	if root.XMLName.Local == "AirShoppingRS" {
		return sold172(t, root)
	}
	return sold213(t, root)
}

func money(t *testing.T, e *element, currency string) travel.Money {
	t.Helper()
	text := strings.TrimSpace(e.Text)
	if _, fraction, ok := strings.Cut(text, "."); ok && len(fraction) == 1 {
		text += "0"
	}
	m, err := travel.ParseMoney(text, travel.Currency(currency))
	if err != nil || m.Minor < 0 {
		t.Fatalf("amount %q: %v", e.Text, err)
	}
	return m
}

// first is the first element at path, which must be there.
func first(t *testing.T, e *element, path ...string) *element {
	t.Helper()
	all := e.every(path...)
	if len(all) == 0 {
		t.Fatalf("%s has no %v", e.XMLName.Local, path)
	}
	return all[0]
}

// ndcMinutes reads a duration in any of the spellings.
func ndcMinutes(t *testing.T, text string) int {
	t.Helper()
	n, total := 0, 0
	inTime := false
	for _, c := range strings.TrimPrefix(text, "P") {
		switch {
		case c >= '0' && c <= '9':
			n = n*10 + int(c-'0')
			continue
		case c == 'T':
			inTime = true
		case c == 'D':
			total += n * 1440
		case c == 'H':
			total += n * 60
		case c == 'M' && inTime:
			total += n
		case c == 'S' && n != 0, !strings.ContainsRune("YMS", c):
			t.Fatalf("duration %q", text)
		}
		n = 0
	}
	return total
}

func localTime(t *testing.T, text string, at string) time.Time {
	t.Helper()
	zone := places.Default().Zone(travel.Airport(at))
	if zone == nil {
		t.Fatalf("no zone of %q", at)
	}
	when, err := time.ParseInLocation("2006-01-02T15:04", text[:16], zone)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

// flown checks and names one flight.
func flown(t *testing.T, carrier, number, from, dep, to, arr, duration string) ndcFlown {
	t.Helper()
	leaves, lands := localTime(t, dep, from), localTime(t, arr, to)
	if got := ndcMinutes(t, duration); got != int(lands.Sub(leaves)/time.Minute) || got <= 0 {
		t.Errorf("%s%s: %s to %s in %s", carrier, number, leaves, lands, duration)
	}
	return ndcFlown(carrier + strings.TrimLeft(number, "0") + "@" + dep[:16] + from + to)
}

func sold213(t *testing.T, root *element) []ndcSold {
	t.Helper()
	lists := first(t, root, "Response", "DataLists")
	key := func(name, id string) map[string]*element {
		m := map[string]*element{}
		for _, e := range lists.every(name+"List", name) {
			if m[e.one(id)] != nil || e.one(id) == "" {
				t.Errorf("%s %q twice, or without id", name, e.one(id))
			}
			m[e.one(id)] = e
		}
		return m
	}
	marketing, operating := key("DatedMarketingSegment", "DatedMarketingSegmentId"), key("DatedOperatingSegment", "DatedOperatingSegmentId")
	segments, journeys := key("PaxSegment", "PaxSegmentID"), key("PaxJourney", "PaxJourneyID")
	bags, classes, pax := key("BaggageAllowance", "BaggageAllowanceID"), key("PriceClass", "PriceClassID"), key("Pax", "PaxID")
	known := func(m map[string]*element, refs []*element) {
		for _, r := range refs {
			if m[r.Text] == nil {
				t.Errorf("%s %q leads nowhere", r.XMLName.Local, r.Text)
			}
		}
	}
	fly := func(j *element) (out ndcFlown) {
		for _, ref := range j.every("PaxSegmentRefID") {
			m := marketing[segments[ref.Text].one("DatedMarketingSegmentRefId")]
			o := operating[m.one("DatedOperatingSegmentRefId")]
			carrier, number := o.one("CarrierDesigCode"), o.one("OperatingCarrierFlightNumberText")
			out += flown(t, carrier, number, m.one("Dep", "IATA_LocationCode"), m.one("Dep", "AircraftScheduledDateTime"),
				m.one("Arrival", "IATA_LocationCode"), m.one("Arrival", "AircraftScheduledDateTime"), o.one("Duration")) + " "
		}
		return out
	}
	var all []ndcSold
	for _, e := range root.every("Response", "OffersGroup", "CarrierOffers", "Offer") {
		total := first(t, e, "TotalPrice", "TotalAmount")
		o := ndcSold{id: e.one("OfferID"), owner: e.one("OwnerCode"), total: money(t, total, total.at("CurCode"))}
		o.expires, _ = time.Parse(time.RFC3339, e.one("OfferExpirationTimeLimitDateTime"))
		for _, item := range e.every("OfferItem") {
			price := money(t, first(t, item, "Price", "TotalAmount"), total.at("CurCode"))
			people := item.every("Service", "PaxRefID")
			known(pax, people)
			if item.one("MandatoryInd") == "false" {
				o.extras++
				continue
			}
			base := money(t, first(t, item, "Price", "BaseAmount"), total.at("CurCode"))
			tax := money(t, first(t, item, "Price", "TaxSummary", "TotalTaxAmount"), total.at("CurCode"))
			if base.Minor+tax.Minor != price.Minor {
				t.Errorf("%s: %v + %v is not %v", o.id, base, tax, price)
			}
			o.sum += price.Minor * int64(len(people))
			known(segments, item.every("FareDetail", "FareComponent", "PaxSegmentRefID"))
			known(classes, item.every("FareDetail", "FareComponent", "PriceClassRefID"))
			o.slices = nil
			refs := item.every("Service", "OfferServiceAssociation", "PaxJourneyRef", "PaxJourneyRefID")
			known(journeys, refs)
			for _, ref := range refs {
				o.slices = append(o.slices, []ndcFlown{fly(journeys[ref.Text])})
			}
		}
		known(bags, e.every("BaggageAssociations", "BaggageAllowanceRefID"))
		all = append(all, o)
	}
	return all
}

func sold172(t *testing.T, root *element) []ndcSold {
	t.Helper()
	lists := first(t, root, "DataLists")
	key := func(list, name, id string) map[string]*element {
		m := map[string]*element{}
		for _, e := range lists.every(list, name) {
			if m[e.at(id)] != nil || e.at(id) == "" {
				t.Errorf("%s %q twice, or without key", name, e.at(id))
			}
			m[e.at(id)] = e
		}
		return m
	}
	segments, ods := key("FlightSegmentList", "FlightSegment", "SegmentKey"), key("OriginDestinationList", "OriginDestination", "OriginDestinationKey")
	flights, pax := key("FlightList", "Flight", "FlightKey"), key("PassengerList", "Passenger", "PassengerID")
	classes, penalties := key("PriceClassList", "PriceClass", "PriceClassID"), key("PenaltyList", "Penalty", "ObjectKey")
	fly := func(refs string) (out ndcFlown) {
		for _, ref := range strings.Fields(refs) {
			g := segments[ref]
			if g == nil {
				t.Fatalf("segment %q leads nowhere", ref)
			}
			when := func(side string) string { return g.one(side, "Date") + "T" + g.one(side, "Time") }
			out += flown(t, g.one("OperatingCarrier", "AirlineID"), g.one("OperatingCarrier", "FlightNumber"), g.one("Departure", "AirportCode"), when("Departure"),
				g.one("Arrival", "AirportCode"), when("Arrival"), g.one("FlightDetail", "FlightDuration", "Value")) + " "
		}
		return out
	}
	var all []ndcSold
	for _, e := range root.every("OffersGroup", "AirlineOffers", "Offer") {
		total := first(t, e, "TotalPrice", "DetailCurrencyPrice", "Total")
		o := ndcSold{id: e.at("OfferID"), owner: e.at("Owner"), total: money(t, total, total.at("Code"))}
		o.expires, _ = time.Parse(time.RFC3339, first(t, e, "TimeLimits", "OfferExpiration").at("DateTime"))
		for _, item := range e.every("OfferItem") {
			price := money(t, first(t, item, "TotalPriceDetail", "TotalAmount", "SimpleCurrencyPrice"), total.at("Code"))
			people := strings.Fields(item.one("Service", "PassengerRefs"))
			for _, id := range people {
				if pax[id] == nil {
					t.Errorf("passenger %q leads nowhere", id)
				}
			}
			if item.at("MandatoryInd") == "false" {
				o.extras++
				continue
			}
			base := money(t, first(t, item, "TotalPriceDetail", "BaseAmount"), total.at("Code"))
			tax := money(t, first(t, item, "TotalPriceDetail", "Taxes", "Total"), total.at("Code"))
			if extra := item.every("TotalPriceDetail", "Surcharges", "Surcharge", "Total"); len(extra) > 0 {
				base.Minor += money(t, extra[0], total.at("Code")).Minor
			}
			if base.Minor+tax.Minor != price.Minor || classes[item.one("Service", "ServiceRef")] == nil {
				t.Errorf("%s: %v + %v is not %v, class %q", o.id, base, tax, price, item.one("Service", "ServiceRef"))
			}
			for _, p := range item.every("FareDetail", "FareComponent", "FareRules", "Penalty") {
				if penalties[p.at("refs")] == nil {
					t.Errorf("penalty %q leads nowhere", p.at("refs"))
				}
			}
			o.sum += price.Minor * int64(len(people))
			o.slices = nil
			var alternatives []ndcFlown
			for _, ref := range strings.Fields(item.one("Service", "FlightRefs")) {
				if f := flights[ref]; f != nil {
					o.slices = append(o.slices, []ndcFlown{fly(f.one("SegmentReferences"))})
				} else {
					alternatives = append(alternatives, fly(first(t, ods[ref], "FlightReferences").Text))
				}
			}
			if alternatives != nil {
				o.slices = [][]ndcFlown{alternatives}
			}
		}
		all = append(all, o)
	}
	return all
}
