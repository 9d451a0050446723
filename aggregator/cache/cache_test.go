package cache

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"fanfare/providers/travel"
)

func TestTheBoundHoldsAndTheGroupUsedLeastLatelyGoes(t *testing.T) {
	var gone []string
	c := New(3*(1000+entryOverhead+16), func(group string) { gone = append(gone, group) })
	for _, g := range []string{"a", "b", "c"} {
		c.Put(g, "k", g, 1000, time.Hour)
	}
	c.Get("a", "k")
	c.Put("d", "k", "d", 1000, time.Hour)
	if !slices.Equal(gone, []string{"b"}) {
		t.Errorf("evicted %v, want b, which was used least lately", gone)
	}
	if _, ok := c.Get("b", "k"); ok {
		t.Error("b is still there")
	}
	c.Put("e", "k", "e", 1<<20, time.Hour)
	if _, ok := c.Get("e", "k"); ok {
		t.Error("a value larger than the whole cache was kept")
	}
	if _, ok := c.Get("d", "k"); !ok {
		t.Error("a value that does not fit drove out others")
	}
}

func TestOverwritingIsNotCountedTwice(t *testing.T) {
	c := New(1<<20, nil)
	c.Put("g", "k", 1, 1000, time.Hour)
	once := c.Bytes()
	for range 10 {
		c.Put("g", "k", 2, 1000, time.Hour)
	}
	if c.Bytes() != once {
		t.Errorf("%d bytes after overwriting, want %d", c.Bytes(), once)
	}
	c.Remove("g", "k")
	if c.Bytes() != 0 {
		t.Errorf("%d bytes in an empty cache", c.Bytes())
	}
}

func TestExpiryAndSweep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(1<<20, nil)
		c.Put("g", "short", 1, 10, time.Minute)
		c.Put("g", "long", 2, 10, time.Hour)
		c.Put("g", "never", 3, 10, 0)
		time.Sleep(2 * time.Minute)
		if _, ok := c.Get("g", "short"); ok {
			t.Error("an expired value came back")
		}
		if _, ok := c.Get("g", "long"); !ok {
			t.Error("a value that has not expired is gone")
		}
		if _, ok := c.Get("g", "never"); ok {
			t.Error("a value without time to live was kept")
		}
		before := c.Bytes()
		c.Sweep()
		if c.Bytes() >= before {
			t.Errorf("%d bytes after the sweep, %d before", c.Bytes(), before)
		}
	})
}

// Whatever is done, the accounted bytes are those of what is kept, and within the bound.
func TestAccountingAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const most = 8000
		c := New(most, nil)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			g := fmt.Sprint("g", rapid.IntRange(0, 3).Draw(t, "group"))
			k := fmt.Sprint([]string{"x/", "y/"}[rapid.IntRange(0, 1).Draw(t, "prefix")], rapid.IntRange(0, 2).Draw(t, "key"))
			switch rapid.IntRange(0, 3).Draw(t, "op") {
			case 0:
				c.Remove(g, k)
			case 1:
				c.RemovePrefix(g, "x/")
			default:
				c.Put(g, k, k, int64(rapid.IntRange(1, 3000).Draw(t, "bytes")), time.Hour)
			}
			total := int64(0)
			for _, e := range c.groups {
				for _, bytes := range e.Value.(*group).bytes {
					total += bytes
				}
			}
			if total != c.bytes || total > most || len(c.groups) != c.recent.Len() {
				t.Fatalf("accounted %d, kept %d of at most %d", c.bytes, total, most)
			}
		}
	})
}

func TestLifetime(t *testing.T) {
	now := time.Date(2027, 1, 1, 12, 0, 0, 0, time.UTC)
	flight := func(days int) travel.Query {
		q := travel.Query{Product: travel.Flights}
		q.Slices = []travel.SliceQuery{{Date: travel.DateOf(now).AddDays(days)}}
		return q
	}
	stay := travel.Query{Product: travel.Hotels}
	stay.CheckIn = travel.DateOf(now).AddDays(60)
	for _, test := range []struct {
		name        string
		q           travel.Query
		empty       bool
		maxAge      time.Duration
		fresh, hard time.Duration
	}{
		{"today", flight(0), false, 0, 2 * time.Minute, 5 * time.Minute},
		{"in two days", flight(2), false, 0, 2 * time.Minute, 5 * time.Minute},
		{"in three", flight(3), false, 0, 5 * time.Minute, 10 * time.Minute},
		{"in two months", flight(59), false, 0, 10 * time.Minute, 10 * time.Minute},
		{"later", flight(60), false, 0, 10 * time.Minute, 20 * time.Minute},
		{"a stay", stay, false, 0, 30 * time.Minute, time.Hour},
		{"nothing", flight(60), true, 0, 90 * time.Second, 90 * time.Second},
		{"capped by contract", flight(60), false, time.Minute, time.Minute, time.Minute},
	} {
		t.Run(test.name, func(t *testing.T) {
			fresh, hard := Lifetime(test.q, now, test.empty, test.maxAge)
			if fresh.Sub(now) != test.fresh || hard.Sub(now) != test.hard {
				t.Errorf("Lifetime = %v, %v; want %v, %v", fresh.Sub(now), hard.Sub(now), test.fresh, test.hard)
			}
		})
	}
}
