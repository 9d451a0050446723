package server

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

func TestMemoryIsGivenBackOnceACycle(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // cycles are those of the test
	relieved := 0
	g := &memoryGuard{limit: 1, collected: time.Now()} // which is not for it to do
	for i, collect := range []bool{false, false, true, false} {
		if collect {
			runtime.GC()
		}
		g.look(func(int64) { relieved++ })
		if want := []int{1, 1, 2, 2}[i]; relieved != want {
			t.Errorf("step %d: relieved %d times, want %d", i, relieved, want)
		}
	}
	roomy := &memoryGuard{limit: 1 << 50}
	roomy.look(func(int64) { t.Error("relieved far below the limit") })
	if roomy.full() || (&memoryGuard{}).full() {
		t.Error("full far below the limit, or without one")
	}
}

// TestAFullProcessCollects: while it refuses searches it would not by itself.
func TestAFullProcessCollects(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	g := &memoryGuard{limit: 1}
	_, before := memoryHeld()
	for range 3 {
		g.look(func(int64) {})
	}
	if _, after := memoryHeld(); after != before+1 {
		t.Errorf("%d collections, want one a second", after-before)
	}
	if !g.full() {
		t.Error("a limit of one byte is not full")
	}
}

func TestMemoryIsGivenBackAfterABurst(t *testing.T) {
	start := time.Now()
	var m idleMemory
	for _, step := range []struct {
		after    time.Duration
		resident int64
		cycles   uint64
		want     bool
		what     string
	}{
		{0, 500 << 20, 10, false, "just looked for the first time"},
		{4 * time.Second, 500 << 20, 12, false, "the collector runs: it is busy"},
		{8 * time.Second, 500 << 20, 12, false, "quiet for four seconds"},
		{9 * time.Second, 500 << 20, 12, true, "quiet for five"},
	} {
		if got := m.wasteful(step.resident, step.cycles, start.Add(step.after)); got != step.want {
			t.Errorf("%s: wasteful = %v, want %v", step.what, got, step.want)
		}
	}
	m.gaveBack(200<<20, 14)
	if m.wasteful(210<<20, 14, start.Add(time.Minute)) {
		t.Error("gives back what it needs")
	}
	if m.wasteful(400<<20, 15, start.Add(2*time.Minute)); !m.wasteful(400<<20, 15, start.Add(3*time.Minute)) {
		t.Error("keeps the memory of another burst")
	}
}
