package providertest

import (
	"testing"

	"fanfare/providers/assemble"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// Holds checks what is true of a decoder whatever the document: errors are partners'
// faults, answers are Consistent.
func Holds(t *testing.T, body []byte, decode func([]byte, *places.Atlas) (travel.Answer, error)) {
	t.Helper()
	a, err := decode(body, nil)
	if err != nil {
		if e := fault.Of(err); e.Cause == fault.None || a.OffersKept() > 0 {
			t.Fatalf("an error without a cause, or with offers: %v", err)
		}
		return
	}
	Consistent(t, &a)
}

// Consistent checks what is true of every answer of a partner: the counts add up, what is
// kept is bounded and would pass its own rules.
func Consistent(t *testing.T, a *travel.Answer) {
	t.Helper()
	sum := a.OffersKept()
	for rule, n := range a.Drops {
		if sum += n; n <= 0 || rule == "" {
			t.Fatalf("drops %v", a.Drops)
		}
	}
	if a.OffersIn != sum || a.OffersKept() > assemble.MaxOffers {
		t.Fatalf("%d offers in, kept %d and dropped %v", a.OffersIn, a.OffersKept(), a.Drops)
	}
	for i := range a.Offers {
		o := &a.Offers[i]
		n := o.Itinerary.SegmentCount()
		if rule := o.Check(); rule != "" {
			t.Fatalf("an offer is kept against %s: %s", rule, Line(o))
		}
		if len(o.Fare.Basis) != 0 && len(o.Fare.Basis) != n || len(o.Fare.Cabin) != 0 && len(o.Fare.Cabin) != n || o.SeatsLeft < 0 {
			t.Fatalf("an offer of %d segments: %s", n, Line(o))
		}
		for _, at := range o.SelfTransfer {
			if at <= 0 || at >= n {
				t.Fatalf("tickets change before segment %d of %d", at, n)
			}
		}
	}
	for i := range a.Stays {
		if len(a.Stays[i].Rates) == 0 {
			t.Fatalf("property %q is kept without rates", a.Stays[i].Property.ID)
		}
		for j := range a.Stays[i].Rates {
			r := &a.Stays[i].Rates[j]
			if rule := r.Check(); rule != "" {
				t.Fatalf("a rate is kept against %s: %s", rule, RateLine(r))
			}
			if p := r.PayAtProperty; p.Known() && (p.Minor < 0 || p.Currency == r.Price.Total.Currency && p.Minor > r.Price.Total.Minor) {
				t.Fatalf("%s of %s are paid at the property", p, r.Price.Total)
			}
		}
	}
}
