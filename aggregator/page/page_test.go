package page

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"fanfare/aggregator/rank"
	"fanfare/aggregator/view"
)

// What stands before a cursor and did not when it was made is counted, also if as many
// others have left.
func TestNewBeforeCountsWhatCameIn(t *testing.T) {
	items := func(numbers []int) (all []rank.Item) {
		for _, n := range numbers {
			all = append(all, rank.Item{ID: fmt.Sprint("result ", n), SortBy: rank.Key{int64(n)}})
		}
		rank.Sorted(all)
		return all
	}
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOfNDistinct(rapid.IntRange(0, 40), 1, 20, rapid.ID[int])
		before, after := numbers.Draw(t, "before"), numbers.Draw(t, "after")
		var first Paging
		page, err := paging(&first, "s", "v", nil, items(before), rapid.IntRange(1, 10).Draw(t, "limit"))
		if err != nil {
			t.Fatal(err)
		}
		if first.NextCursor == "" {
			return
		}
		cursor, err := view.ParseCursor(first.NextCursor)
		if err != nil {
			t.Fatal(err)
		}
		last := int(page[len(page)-1].SortBy[0])
		want := 0
		for _, n := range after {
			if n <= last && !slices.Contains(before, n) {
				want++
			}
		}
		var second Paging
		next, err := paging(&second, "s", "v", cursor, items(after), 5)
		if err != nil {
			t.Fatal(err)
		}
		if second.NewBefore != want || len(next) > 0 && int(next[0].SortBy[0]) <= last {
			t.Fatalf("new_before = %d, want %d; page %v goes on behind %d", second.NewBefore, want, next, last)
		}
	})
}

// A cursor far down a long list stays short enough for a URL, and says what it can.
func TestCursorsFarDown(t *testing.T) {
	var items []rank.Item
	for i := range 3000 {
		items = append(items, rank.Item{ID: fmt.Sprint(i), SortBy: rank.Key{int64(i)}})
	}
	for _, limit := range []int{255, 256, 257, 2000} {
		var first, second Paging
		if _, err := paging(&first, "s", "v", nil, items[:2500], limit); err != nil {
			t.Fatal(err)
		}
		cursor, err := view.ParseCursor(first.NextCursor)
		if err != nil || len(first.NextCursor) > 2000 {
			t.Fatalf("a cursor of %d bytes behind %d results: %v", len(first.NextCursor), limit, err)
		}
		more := append([]rank.Item{{ID: "new", SortBy: rank.Key{-1}}}, items...)
		if _, err := paging(&second, "s", "v", cursor, more, 5); err != nil || second.NewBefore != 1 {
			t.Errorf("behind %d results one new one is counted as %d: %v", limit, second.NewBefore, err)
		}
	}
}
