package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// parsed is FlightUpdate or StayUpdate, out of views that a parser has taken apart.
type parsed struct {
	ID         json.RawMessage   `json:"id"`
	Revision   json.RawMessage   `json:"revision"`
	StateHash  json.RawMessage   `json:"state_hash"`
	Status     json.RawMessage   `json:"status"`
	UpdatedAt  json.RawMessage   `json:"updated_at"`
	Coverage   json.RawMessage   `json:"coverage"`
	Counts     json.RawMessage   `json:"counts"`
	Labels     json.RawMessage   `json:"labels"`
	Highlights json.RawMessage   `json:"highlights"`
	NextCursor json.RawMessage   `json:"next_cursor"`
	EarlyStop  json.RawMessage   `json:"early_stop,omitempty"`
	Partners   []json.RawMessage `json:"partners"`
	Facets     json.RawMessage   `json:"facets,omitempty"`
	Order      []string          `json:"order"`
	Upsert     []json.RawMessage `json:"upsert"`
	Removed    []string          `json:"removed"`
}

// changed are the elements that are not among the last, or otherwise there, and all names.
func changed(t *rapid.T, list, last json.RawMessage, key string) (changed []json.RawMessage, names, lastNames []string) {
	named := func(list json.RawMessage) (all []json.RawMessage, names []string) {
		if err := json.Unmarshal(list, &all); err != nil {
			t.Fatal(err)
		}
		names = []string{}
		for _, element := range all {
			var fields map[string]any
			if err := json.Unmarshal(element, &fields); err != nil {
				t.Fatal(err)
			}
			names = append(names, fields[key].(string))
		}
		return all, names
	}
	all, names := named(list)
	lastAll, lastNames := named(last)
	changed = []json.RawMessage{}
	for i, element := range all {
		if at := slices.Index(lastNames, names[i]); at < 0 || !bytes.Equal(element, lastAll[at]) {
			changed = append(changed, element)
		}
	}
	return changed, names, lastNames
}

// fromParsed is since, by parsing both views.
func fromParsed(t *rapid.T, next, last []byte) []byte {
	var u parsed
	if err := json.Unmarshal(next, &u); err != nil {
		t.Fatal(err)
	}
	var fields, lastFields map[string]json.RawMessage
	if err := json.Unmarshal(next, &fields); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(last, &lastFields); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(fields["facets"], lastFields["facets"]) {
		u.Facets = nil
	}
	u.Partners, _, _ = changed(t, fields["partners"], lastFields["partners"], "name")
	var before []string
	u.Upsert, u.Order, before = changed(t, fields["results"], lastFields["results"], "id")
	u.Removed = slices.DeleteFunc(before, func(id string) bool { return slices.Contains(u.Order, id) })
	body, err := marshal(u)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// drawFollowed is two views of one search, of which the later has some of the earlier's partners
// and results as they were.
func drawFollowed(t *rapid.T) (last, next rendered) {
	ids := func(name string) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "ü", `"`}), 0, 4, rapid.ID[string]).Draw(t, name)
	}
	partners := func(v *Snapshot) {
		fill(t, reflect.ValueOf(v).Elem())
		v.Partners = make([]Partner, 2)
		for i := range v.Partners {
			v.Partners[i] = Partner{Name: fmt.Sprint("p", i), OffersIn: rapid.IntRange(0, 1).Draw(t, "offers")}
		}
	}
	if rapid.Bool().Draw(t, "stays") {
		stays := func() *StayView {
			v := &StayView{}
			partners(&v.Snapshot)
			v.Facets.Price = &MoneyRange{}
			for _, id := range ids("results") {
				v.Results = append(v.Results, StayResult{ID: id, RatesTotal: rapid.IntRange(0, 1).Draw(t, "rates")})
			}
			return v
		}
		return stays(), stays()
	}
	flights := func() *FlightView {
		v := &FlightView{}
		partners(&v.Snapshot)
		if rapid.Bool().Draw(t, "early") {
			v.EarlyStop = &EarlyStop{}
		}
		v.Facets.DurationMinutes = &IntRange{Max: int64(rapid.IntRange(0, 1).Draw(t, "facet"))}
		for _, id := range ids("results") {
			v.Results = append(v.Results, FlightResult{ID: id, OffersTotal: rapid.IntRange(0, 1).Draw(t, "offers")})
		}
		return v
	}
	return flights(), flights()
}

// An update is, to the byte, what parsing both views would find.
func TestUpdatesAreWhatAParserFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		last, next := drawFollowed(t)
		before := &renderedView{viewJSON: writeView(last), partners: []string{"p0", "p1"}}
		after := &renderedView{viewJSON: writeView(next), partners: []string{"p0", "p1"}}
		if got, want := after.since(before), fromParsed(t, after.text, before.text); string(got) != string(want) {
			t.Fatalf("since = %s\nwant %s", got, want)
		}
	})
}

// A client is told of a partner that is gone by a whole view.
func TestLacks(t *testing.T) {
	for _, test := range []struct {
		last, next []string
		want       bool
	}{
		{nil, []string{"a"}, false}, {[]string{"a"}, []string{"a", "b"}, false}, {[]string{"a", "b"}, []string{"a", "c"}, true}, {[]string{"a"}, nil, true},
	} {
		next, last := renderedView{partners: test.next}, renderedView{partners: test.last}
		if got := next.lacks(&last); got != test.want {
			t.Errorf("%v lacks one of %v = %v, want %v", test.next, test.last, got, test.want)
		}
	}
}

// BenchmarkUpdate tells a client of a page of which one result has changed.
func BenchmarkUpdate(b *testing.B) {
	flights := &FlightView{}
	sample(reflect.ValueOf(flights).Elem())
	for i := range flights.Results {
		flights.Results[i].ID = fmt.Sprint("result ", i)
	}
	partners := make([]string, len(flights.Partners))
	for i := range partners {
		partners[i] = fmt.Sprint("p", i)
		flights.Partners[i].Name = partners[i]
	}
	last := &renderedView{viewJSON: writeView(flights), partners: partners}
	flights.Results[7].OffersTotal++
	b.ReportAllocs()
	for b.Loop() {
		next := &renderedView{viewJSON: writeView(flights), partners: partners}
		if len(next.since(last)) >= len(next.text) {
			b.Fatal("nothing is left out")
		}
	}
}
