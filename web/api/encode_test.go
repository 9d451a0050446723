package api

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fanfare/providers/travel"
)

// fill makes any value of the shapes: every field, nil and not, odd texts included.
func fill(t *rapid.T, v reflect.Value) {
	switch x := v.Addr().Interface().(type) {
	case *travel.Money:
		*x = rapid.SampledFrom([]travel.Money{{}, {Minor: 41230, Currency: "GBP"}, {Minor: -5, Currency: "JPY"}, {Minor: 7, Currency: "KWD"}}).Draw(t, "money")
		return
	case *Instant:
		*x = Instant{rapid.SampledFrom([]time.Time{{}, time.Date(2027, 3, 1, 10, 5, 0, 0, time.UTC), time.Date(2027, 12, 31, 23, 59, 59, 120_000_000, time.UTC),
			time.Date(2027, 1, 2, 3, 4, 5, 7_999_999, time.FixedZone("", 3600)), time.Date(2027, 1, 2, 3, 4, 5, 340_000_000, time.UTC), time.Date(999, 1, 1, 0, 0, 0, 0, time.UTC)}).Draw(t, "instant")}
		return
	case *travel.LocalTime:
		*x = travel.LocalTime{Unix: int64(rapid.IntRange(0, 4e9).Draw(t, "unix")), OffsetSeconds: int32(rapid.SampledFrom([]int{0, -18000, 20700}).Draw(t, "offset"))}
		return
	case *travel.Date:
		*x = travel.NewDate(2027, 3, 1)
		return
	case *travel.Query:
		*x = travel.Query{Product: travel.Hotels, Market: "GB"}
		x.Destination.Place = rapid.SampledFrom([]string{"PAR", "<b>&\u2028"}).Draw(t, "place")
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(rapid.SampledFrom([]string{"", "BA", "Économie \"légère\"", "<b>&\u2028\x01\n", "bad \xff", `\`, `"results":[]`}).Draw(t, "text"))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(rapid.IntRange(-3, 2000).Draw(t, "int")))
	case reflect.Float64:
		v.SetFloat(rapid.SampledFrom([]float64{0, 3.5, -0.185142159461, 1e-7}).Draw(t, "float"))
	case reflect.Pointer:
		if rapid.Bool().Draw(t, "stated") {
			v.Set(reflect.New(v.Type().Elem()))
			fill(t, v.Elem())
		}
	case reflect.Slice:
		n := rapid.IntRange(0, 2).Draw(t, "n")
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			fill(t, v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"cabin_bag", "a", "é"}), 0, 3, rapid.ID[string]).Draw(t, "names") {
			element := reflect.New(v.Type().Elem()).Elem()
			fill(t, element)
			v.SetMapIndex(reflect.ValueOf(name), element)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	}
}

func TestViewsAreWrittenAsEncodingJSONWould(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, v := range views(t) {
			want, err := marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			if got := writeView(v).text; string(got) != string(want) {
				t.Fatalf("writeView = %s\nwant %s", got, want)
			}
		}
	})
}

// views are any of both products.
func views(t *rapid.T) []rendered {
	flights, stays := &FlightView{}, &StayView{}
	fill(t, reflect.ValueOf(flights).Elem())
	fill(t, reflect.ValueOf(stays).Elem())
	return []rendered{flights, stays}
}

// No list and no object of a view is null, whether or not there is one.
func TestEmptyListsAreWrittenAsSuch(t *testing.T) {
	got := string(writeView(&FlightView{Results: []FlightResult{{Offers: []Offer{{}}}}}).text)
	for _, want := range []string{`"partners":[]`, `"stops":[]`, `"labels":{}`, `"slices":[]`, `"marketing":[]`, `"constraints":{}`} {
		if !strings.Contains(got, want) {
			t.Errorf("writeView = %s, want %s", got, want)
		}
	}
}

// The encoder notes where a parser would find the fields, partners and results of a view.
func TestSpansAreWhereAParserFindsThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, v := range views(t) {
			written := writeView(v)
			var fields map[string]json.RawMessage
			if err := json.Unmarshal(written.text, &fields); err != nil {
				t.Fatal(err)
			}
			if len(fields) != len(written.at.fields) {
				t.Fatalf("%d fields are noted, want %d", len(written.at.fields), len(fields))
			}
			for _, f := range written.at.fields {
				if got := written.text[f.value.from:f.value.to]; string(got) != string(fields[f.name]) {
					t.Fatalf("%s = %s, want %s", f.name, got, fields[f.name])
				}
			}
			if _, early := fields["early_stop"]; !early && written.at.field("early_stop").value != (span{}) {
				t.Fatal("a field that is left out is noted")
			}
			for _, list := range []string{"partners", "results"} {
				var elements []json.RawMessage
				if err := json.Unmarshal(fields[list], &elements); err != nil {
					t.Fatal(err)
				}
				noted := written.at.field(list).elements
				if len(noted) != len(elements) {
					t.Fatalf("%d %s are noted, want %d", len(noted), list, len(elements))
				}
				for i, e := range noted {
					if got := written.text[e.from:e.to]; string(got) != string(elements[i]) {
						t.Fatalf("%s[%d] = %s, want %s", list, i, got, elements[i])
					}
				}
			}
		}
	})
}

// BenchmarkView writes a page of 20 results with 10 offers or rates each, as a stream and everybody
// else gets it.
func BenchmarkView(b *testing.B) {
	flights, stays := &FlightView{}, &StayView{}
	sample(reflect.ValueOf(flights).Elem())
	sample(reflect.ValueOf(stays).Elem())
	for name, v := range map[string]rendered{"flights": flights, "stays": stays} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				b.SetBytes(int64(len(writeView(v).text)))
			}
		})
	}
}

// sample fills a value as a page is filled: everything is stated, with a few of each list.
func sample(v reflect.Value) {
	switch x := v.Addr().Interface().(type) {
	case *travel.Money:
		*x = travel.Money{Minor: 41230, Currency: "GBP"}
		return
	case *Instant:
		*x = Instant{time.Date(2027, 3, 1, 10, 5, 0, 340_000_000, time.UTC)}
		return
	case *travel.LocalTime:
		*x = travel.LocalTime{Unix: 1_803_981_900, OffsetSeconds: 3600}
		return
	case *travel.Date:
		*x = travel.NewDate(2027, 3, 1)
		return
	case *travel.Query:
		*x = travel.Query{Product: travel.Hotels, Market: "GB"}
		x.Destination.Place = "PAR"
		return
	case *[]Ticket, **Combination, **Explain, **StayExplain, **EarlyStop, *[]Link:
		return // most results have none
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("a text of some length")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(1234)
	case reflect.Float64:
		v.SetFloat(48.8566)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		sample(v.Elem())
	case reflect.Slice:
		n := map[reflect.Type]int{reflect.TypeFor[[]FlightResult](): 20, reflect.TypeFor[[]StayResult](): 20, reflect.TypeFor[[]Offer](): 10, reflect.TypeFor[[]Rate](): 10, reflect.TypeFor[[]Partner](): 8}[v.Type()]
		v.Set(reflect.MakeSlice(v.Type(), max(n, 2), max(n, 2)))
		for i := range v.Len() {
			sample(v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for _, name := range []string{"cabin_bag", "checked_bag"} {
			element := reflect.New(v.Type().Elem()).Elem()
			sample(element)
			v.SetMapIndex(reflect.ValueOf(name), element)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			sample(v.Field(i))
		}
	}
}
