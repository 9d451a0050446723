package api

import (
	"reflect"
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
			v.SetMapIndex(reflect.ValueOf(name), reflect.ValueOf("verified"))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	}
}

func TestResultsAreWrittenAsEncodingJSONWould(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		flights := &FlightView{Snapshot: Snapshot{ID: `"results":[]`}}
		fill(t, reflect.ValueOf(&flights.Results).Elem())
		stays := &StayView{}
		fill(t, reflect.ValueOf(&stays.Results).Elem())
		for _, v := range []rendered{flights, stays} {
			want, err := marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := v.marshal(); err != nil || string(got) != string(want) {
				t.Fatalf("marshal = %s, %v\nwant %s", got, err, want)
			}
		}
	})
}
