package rank

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fanfare/providers/travel"
)

// The worked example of the formula, and what a fact more or less changes.
func TestScoreOfStays(t *testing.T) {
	o := StayOptions{Nights: 3, Rooms: 1, Guests: 2}
	example := StayFacts{Metres: 2000, StarTenths: 40, GuestTenths: 85, Board: travel.BedAndBreakfast, Refund: RefundNone}
	for _, test := range []struct {
		name   string
		change func(*StayFacts)
		o      StayOptions
		want   int64 // euros
	}{
		{"the worked example", func(*StayFacts) {}, o, 300 + 24 + 36 + 27 + 15 + 180},
		{"everything included", func(f *StayFacts) {
			*f = StayFacts{Metres: 0, StarTenths: 50, GuestTenths: 100, Board: travel.AllInclusive, Refund: RefundAll}
		}, o, 300},
		{"nothing known", func(f *StayFacts) { *f = StayFacts{Metres: -1} }, o, 300 + 120 + 108 + 54 + 15 + 240},
		{"a fee for cancelling", func(f *StayFacts) { f.Refund = RefundForFee }, o, 582 - 15 + 7},
		{"two rooms for four", func(*StayFacts) {}, StayOptions{3, 2, 4}, 300 + 24 + 72 + 54 + 15 + 360},
		{"one night", func(*StayFacts) {}, StayOptions{1, 1, 2}, 300 + 8 + 12 + 9 + 15 + 60},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := example
			test.change(&f)
			s := OfStay(&f, 300*euro, test.o)
			if s.Micros/euro != test.want {
				t.Errorf("score %d, want %d euros: %+v", s.Micros/euro, test.want, s.Parts())
			}
			sum := int64(0)
			for _, p := range s.Parts() {
				sum += p.Micros
				if StayExplanation(p.Name, test.o) == "" {
					t.Errorf("nobody explains %s", p.Name)
				}
			}
			if sum != s.Micros {
				t.Errorf("parts add up to %d, want %d", sum, s.Micros)
			}
		})
	}
}

func TestRefundOf(t *testing.T) {
	until := time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		c    travel.Cancellation
		want Refund
	}{
		{travel.Cancellation{}, RefundUnknown},
		{travel.Cancellation{Refundable: travel.No}, RefundNone},
		{travel.Cancellation{Refundable: travel.Yes}, RefundForFee},
		{travel.Cancellation{Refundable: travel.Yes, FreeUntil: until}, RefundAll},
		{travel.Cancellation{FreeUntil: until}, RefundAll},
	} {
		if got := RefundOf(&test.c); got != test.want {
			t.Errorf("RefundOf(%+v) = %v, want %v", test.c, got, test.want)
		}
	}
}

func TestStayBetter(t *testing.T) {
	near := StayFacts{Metres: 100, StarTenths: 40, GuestTenths: 80}
	for _, test := range []struct {
		name           string
		b              StayFacts
		priceA, priceB int64
		want           []string
	}{
		{"in everything", StayFacts{Metres: 900, StarTenths: 30, GuestTenths: 70}, 1, 2, []string{"price", "distance", "stars", "guests"}},
		{"in price alone", near, 1, 2, []string{"price"}},
		{"dearer", StayFacts{Metres: 900, StarTenths: 30, GuestTenths: 70}, 3, 2, nil},
		{"fewer stars", StayFacts{Metres: 900, StarTenths: 50, GuestTenths: 70}, 1, 2, nil},
		{"nobody states where the other is", StayFacts{Metres: -1, StarTenths: 30, GuestTenths: 70}, 1, 2, nil},
		{"nobody states its stars", StayFacts{Metres: 900, GuestTenths: 70}, 1, 2, nil},
		{"nobody states what guests give", StayFacts{Metres: 900, StarTenths: 30}, 1, 2, nil},
		{"equal", near, 1, 1, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := StayBetter(&near, &test.b, test.priceA, test.priceB); !slices.Equal(got, test.want) {
				t.Errorf("StayBetter = %v, want %v", got, test.want)
			}
		})
	}
}

// Being better is transitive, never mutual, and never claimed of what nobody states.
func TestStayBetterIsAnOrder(t *testing.T) {
	draw := rapid.Custom(func(t *rapid.T) StayFacts {
		return StayFacts{Metres: rapid.IntRange(-1, 1).Draw(t, "metres"), StarTenths: 10 * rapid.IntRange(0, 2).Draw(t, "stars"), GuestTenths: 10 * rapid.IntRange(0, 2).Draw(t, "guests")}
	})
	price := rapid.Int64Range(1, 3)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := draw.Draw(t, "a"), draw.Draw(t, "b"), draw.Draw(t, "c")
		pa, pb, pc := price.Draw(t, "price a"), price.Draw(t, "price b"), price.Draw(t, "price c")
		better := StayBetter(&a, &b, pa, pb) != nil
		if better && StayBetter(&b, &c, pb, pc) != nil && StayBetter(&a, &c, pa, pc) == nil {
			t.Fatalf("%+v is better than %+v, that than %+v, but the first not than the last", a, b, c)
		}
		if better && StayBetter(&b, &a, pb, pa) != nil {
			t.Fatalf("%+v and %+v are better than each other", a, b)
		}
		asGood := pa <= pb && a.Metres >= 0 && a.Metres <= b.Metres && b.StarTenths > 0 && a.StarTenths >= b.StarTenths && b.GuestTenths > 0 && a.GuestTenths >= b.GuestTenths
		if better && !asGood {
			t.Fatalf("%+v at %d is not known to be as good as %+v at %d", a, pa, b, pb)
		}
	})
}

// Inserting a property moves no other, in any order; a better fact never costs a place.
func TestOrderOfStays(t *testing.T) {
	orders := []StaySort{StaysBest, StaysCheapest, StaysStars, StaysDistance}
	boards := append([]travel.Board{travel.BoardUnknown}, travel.Boards...)
	rapid.Check(t, func(t *rapid.T) {
		by := rapid.SampledFrom(orders).Draw(t, "by")
		o := StayOptions{rapid.IntRange(1, 5).Draw(t, "nights"), rapid.IntRange(1, 3).Draw(t, "rooms"), rapid.IntRange(1, 6).Draw(t, "guests")}
		var items []Item
		for i := range rapid.IntRange(2, 10).Draw(t, "n") {
			f := StayFacts{rapid.IntRange(-1, 3).Draw(t, "metres") * 500, rapid.IntRange(0, 5).Draw(t, "stars") * 10, rapid.IntRange(0, 5).Draw(t, "points") * 20,
				rapid.SampledFrom(boards).Draw(t, "board"), Refund(rapid.IntRange(0, 3).Draw(t, "refund"))}
			f.Metres = max(f.Metres, -1)
			price := int64(rapid.IntRange(1, 4).Draw(t, "price")) * 100 * euro
			score := OfStay(&f, price, o).Micros
			items = append(items, Item{ID: string(rune('a' + i)), Price: price, SortBy: StayKey(by, price, score, &f)})
			better := f
			better.StarTenths, better.GuestTenths, better.Metres, better.Refund, better.Board = 50, 100, 0, RefundAll, travel.AllInclusive
			if OfStay(&better, price, o).Micros > score {
				t.Fatalf("a better property costs more: %+v", f)
			}
		}
		shuffled := rapid.Permutation(items).Draw(t, "order")
		Sorted(items)
		Sorted(shuffled)
		if !slices.Equal(ids(items), ids(shuffled)) {
			t.Fatalf("%s: %v and %v", by, ids(items), ids(shuffled))
		}
		gone := rapid.SampledFrom(ids(items)).Draw(t, "gone")
		without := slices.DeleteFunc(slices.Clone(shuffled), func(it Item) bool { return it.ID == gone })
		Sorted(without)
		if want := slices.DeleteFunc(ids(items), func(id string) bool { return id == gone }); !slices.Equal(ids(without), want) {
			t.Fatalf("without %s: %v, want %v", gone, ids(without), want)
		}
	})
}
