package web_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite what the scenarios expect")

// TestScenarios runs testdata/searches: searches written for people to read, with the
// list that each of them leads to, its prices, scores and reasons.
func TestScenarios(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("..", "testdata", "searches", "*.txt"))
	if err != nil || len(paths) < 12 {
		t.Fatalf("%d scenarios, want at least 12 (%v)", len(paths), err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			s := readScenario(t, path)
			var got string
			inBubble(t, func(t *testing.T) { got = s.run(t) })
			if *update {
				if err := os.WriteFile(path, []byte(s.head+expectation+got), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if got != s.want {
				t.Errorf("%s differs; with -update it is rewritten, and git diff shows how. Got\n%s", path, got)
			}
		})
	}
}

// told is what a scenario shows of an answer.
type told struct {
	Status   string
	Partners []struct {
		Name, Status string
		Drops        map[string]int
	}
	Counts  struct{ Results, Matching, Hopeless int }
	Labels  map[string]string
	Results []toldResult
	Facets  map[string]any
}

type toldResult struct {
	ID     string
	Slices []struct {
		DurationMinutes int `json:"duration_minutes"`
		Segments        []struct {
			Marketing           toldFlight
			Operating           *toldFlight
			SoldAs              []toldFlight `json:"sold_as"`
			Origin, Destination string
			Departs, Arrives    string
			LayoverMinutes      *int `json:"layover_minutes"`
		}
	}
	Price money
	Score struct {
		Total string
		Parts []struct{ Name, Amount string }
	}
	Pareto, Hopeless bool
	Explain          struct {
		DominatedBy []struct {
			ID       string
			BetterIn []string `json:"better_in"`
		} `json:"dominated_by"`
		FirstAt *money `json:"first_at"`
	}
	Fares []struct {
		toldFare
		Price, Step money
		Offers      int
		Partners    []string
		CabinBag    toldBag `json:"with_cabin_bag"`
		CheckedBag  toldBag `json:"with_checked_bag"`
	}
	Offers []struct {
		Partner string
		Seller  struct{ Code *string }
		Price   struct {
			Total    money
			Kind     string
			Original *money
		}
		Fare         toldFare
		Bags         *toldBag
		Constraints  map[string]string
		SelfTransfer bool `json:"self_transfer"`
		MixedCabin   []struct {
			Segment int
			Cabin   string
		} `json:"mixed_cabin"`
	}
}

type toldFlight struct {
	Carrier string
	Number  *string
}

type toldFare struct {
	Brand       *string
	Refundable  *bool
	Changeable  *bool
	CabinBags   *int    `json:"cabin_bags"`
	CheckedBags *int    `json:"checked_bags"`
	RefundFee   *money  `json:"refund_fee"`
	ChangeFee   *money  `json:"change_fee"`
	Seat        *string `json:"seat_selection"`
}

type toldBag struct {
	Status string
	Price  *money
}

func (m money) String() string { return m.Currency + " " + m.Amount }

func (f toldFlight) String() string {
	if f.Number == nil {
		return f.Carrier + " (number unconfirmed)"
	}
	return f.Carrier + *f.Number
}

// run asks, looks, and tells what there is to be seen.
func (s *scenario) run(t *testing.T) string {
	b := newBench(t, noConfig, s.partners...)
	var out strings.Builder
	for _, look := range s.looks {
		what, view, _ := strings.Cut(look, " ")
		v := decode[told](b.get(s.search + "&explain=1&" + view))
		fmt.Fprintf(&out, "%s\n", look)
		if what == "facets" {
			v.facets(&out)
			continue
		}
		fmt.Fprintf(&out, "%s, %d of %d results\n", v.Status, v.Counts.Matching, v.Counts.Results)
		for i := range v.Results {
			v.result(&out, i)
		}
		for _, p := range v.Partners {
			for _, rule := range slices.Sorted(maps.Keys(p.Drops)) {
				fmt.Fprintf(&out, "left out: %d of %s by rule %s\n", p.Drops[rule], p.Name, rule)
			}
			if p.Status != "ok" {
				fmt.Fprintf(&out, "%s: %s\n", p.Name, p.Status)
			}
		}
	}
	return out.String()
}

func (v *told) result(out *strings.Builder, i int) {
	r := &v.Results[i]
	for j, slice := range r.Slices {
		if j == 0 {
			fmt.Fprintf(out, "%2d. %s  ", i+1, r.Price)
		} else {
			out.WriteString("    and back  ")
		}
		for k, s := range slice.Segments {
			if k > 0 {
				fmt.Fprintf(out, ", %d min, ", *s.LayoverMinutes)
			}
			fmt.Fprintf(out, "%s %s %s %s %s", s.Marketing, s.Origin, s.Departs[11:16], s.Destination, s.Arrives[11:16])
			switch {
			case s.Operating == nil:
				out.WriteString(" (operator unconfirmed)")
			case s.Operating.Number == nil || s.Operating.String() != s.Marketing.String():
				fmt.Fprintf(out, " (operated by %s)", s.Operating)
			}
			if len(s.SoldAs) > 0 {
				fmt.Fprintf(out, " (sold as %s)", joined(s.SoldAs))
			}
		}
		fmt.Fprintf(out, ", %d min in all\n", slice.DurationMinutes)
	}
	v.place(out, r)
	if len(r.Fares) > 1 {
		for _, f := range r.Fares {
			fmt.Fprintf(out, "    fare %s %s (+ %s): %s; cabin bag %s, checked bag %s; %s\n", named(f.Brand), f.Price, f.Step.Amount,
				conditions(&f.toldFare), &f.CabinBag, &f.CheckedBag, strings.Join(f.Partners, ", "))
		}
	}
	v.offers(out, r)
}

// place says where a result stands and why.
func (v *told) place(out *strings.Builder, r *toldResult) {
	var marks []string
	for _, label := range []string{"best", "cheapest", "fastest"} {
		if v.Labels[label] == r.ID {
			marks = append(marks, label)
		}
	}
	if r.Pareto {
		marks = append(marks, "undominated")
	}
	if r.Hopeless {
		marks = append(marks, "hopeless")
	}
	for _, d := range r.Explain.DominatedBy {
		n := slices.IndexFunc(v.Results, func(x toldResult) bool { return x.ID == d.ID }) + 1
		marks = append(marks, fmt.Sprintf("beaten by %d in %s", n, strings.Join(d.BetterIn, ", ")))
	}
	if r.Explain.FirstAt != nil {
		marks = append(marks, fmt.Sprintf("first at %s", r.Explain.FirstAt))
	}
	var parts []string
	for _, p := range r.Score.Parts {
		parts = append(parts, p.Amount+" "+p.Name)
	}
	fmt.Fprintf(out, "    score %s = %s\n", r.Score.Total, strings.Join(parts, " + "))
	fmt.Fprintf(out, "    %s\n", strings.Join(marks, "; "))
}

func (v *told) offers(out *strings.Builder, r *toldResult) {
	for _, o := range r.Offers {
		fmt.Fprintf(out, "    %s %s", o.Partner, o.Price.Total)
		if o.Price.Original != nil {
			fmt.Fprintf(out, " (%s)", o.Price.Original)
		}
		if o.Price.Kind != "live" {
			fmt.Fprintf(out, ", %s price", o.Price.Kind)
		}
		fmt.Fprintf(out, ", %s", named(o.Fare.Brand))
		if o.Seller.Code != nil {
			fmt.Fprintf(out, ", ticket by %s", *o.Seller.Code)
		}
		if o.SelfTransfer {
			out.WriteString(", self-transfer")
		}
		for _, c := range o.MixedCabin {
			fmt.Fprintf(out, ", flight %d only in %s", c.Segment+1, c.Cabin)
		}
		if o.Bags != nil {
			fmt.Fprintf(out, ", bags %s", o.Bags)
		}
		for _, name := range slices.Sorted(maps.Keys(o.Constraints)) {
			fmt.Fprintf(out, ", %s %s", name, o.Constraints[name])
		}
		out.WriteString("\n")
	}
}

func (b *toldBag) String() string {
	if b.Price == nil {
		return b.Status
	}
	return b.Status + " " + b.Price.Amount
}

func joined(flights []toldFlight) string {
	var all []string
	for _, f := range flights {
		all = append(all, f.String())
	}
	return strings.Join(all, ", ")
}

func named(brand *string) string {
	if brand == nil {
		return "no brand"
	}
	return *brand
}

func conditions(f *toldFare) string {
	word := func(allowed *bool, fee *money, what string) string {
		switch {
		case allowed == nil:
			return what + " not stated"
		case !*allowed:
			return "no " + what
		case fee == nil:
			return what + " for an unknown fee"
		}
		return what + " for " + fee.Amount
	}
	words := word(f.Refundable, f.RefundFee, "refund") + ", " + word(f.Changeable, f.ChangeFee, "change")
	if f.Seat != nil {
		words += ", seat " + *f.Seat
	}
	return words
}

// facets tells each facet on a line: value, count and cheapest.
func (v *told) facets(out *strings.Builder) {
	for _, name := range slices.Sorted(maps.Keys(v.Facets)) {
		values, ok := v.Facets[name].([]any)
		if !ok || len(values) == 0 {
			continue
		}
		fmt.Fprintf(out, "    %s:", name)
		for _, x := range values {
			f := x.(map[string]any)
			from := f["from"].(map[string]any)
			fmt.Fprintf(out, " %v=%v from %v;", f["value"], f["count"], from["amount"])
		}
		out.WriteString("\n")
	}
}
