package lru

import (
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

func TestTheEntryUnusedForLongestGoes(t *testing.T) {
	c := New[string, int](2, 0)
	c.Put("a", 1)
	c.Put("b", 2)
	c.Get("a")
	c.Put("c", 3)
	if _, ok := c.Get("b"); ok {
		t.Error("b is there, which was not used for longest")
	}
	if a, ok := c.Get("a"); !ok || a != 1 {
		t.Errorf("a = %d, %v; want 1", a, ok)
	}
	c.Put("a", 4)
	if a, _ := c.Get("a"); a != 4 || c.Len() != 2 {
		t.Errorf("a = %d of %d entries, want 4 of 2", a, c.Len())
	}
	if got := New[string, int](0, 0); got.GetOrPut("x", func() int { return 7 }) != 7 || got.Len() != 1 {
		t.Error("a cache of no entries does not hold one")
	}
}

func TestEntriesGrowTooOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New[string, int](9, time.Minute)
		c.Put("a", 1)
		time.Sleep(time.Minute - time.Nanosecond)
		if got := c.GetOrPut("a", func() int { return 2 }); got != 1 {
			t.Errorf("a = %d before its age, want 1", got)
		}
		time.Sleep(time.Nanosecond)
		if _, ok := c.Get("a"); ok || c.Len() != 0 {
			t.Error("a is there past its age, or still counted")
		}
		if got := c.GetOrPut("a", func() int { return 2 }); got != 2 {
			t.Errorf("a = %d after its age, want a new one", got)
		}
	})
}

// Whatever is done, there are never more entries than may be, and a key has its last value or none.
func TestTheBoundHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.IntRange(1, 4).Draw(t, "most")
		c, last := New[int, int](most, 0), map[int]int{}
		for n := range rapid.IntRange(1, 60).Draw(t, "steps") {
			key := rapid.IntRange(0, 6).Draw(t, "key")
			switch rapid.IntRange(0, 2).Draw(t, "op") {
			case 0:
				c.Put(key, n)
				last[key] = n
			case 1:
				if v, ok := c.Get(key); ok && v != last[key] {
					t.Fatalf("%d = %d, want %d", key, v, last[key])
				}
			default:
				last[key] = c.GetOrPut(key, func() int { return n })
			}
			if c.Len() > most || len(c.entries) != c.Len() {
				t.Fatalf("%d entries and %d keys, at most %d", c.Len(), len(c.entries), most)
			}
		}
	})
}

// A value that is put again is good for its age from then on.
func TestPuttingAgainRenews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := New[string, int](2, time.Hour)
		k.Put("a", 1)
		k.Put("b", 2)
		if v, ok := k.Get("a"); !ok || v != 1 {
			t.Errorf("Get(a) = %d, %v", v, ok)
		}
		k.Put("c", 3) // b was unused for longest
		if _, ok := k.Get("b"); ok || k.Len() != 2 {
			t.Errorf("b is still there, or there are %d entries, want 2", k.Len())
		}
		time.Sleep(50 * time.Minute)
		k.Put("c", 4)
		time.Sleep(20 * time.Minute)
		if _, ok := k.Get("a"); ok {
			t.Error("a is older than an hour")
		}
		if v, ok := k.Get("c"); !ok || v != 4 || k.Len() != 1 {
			t.Errorf("Get(c) = %d, %v of %d entries, want the newer value", v, ok, k.Len())
		}
	})
}
