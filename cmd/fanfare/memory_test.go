package main

import (
	"runtime"
	"runtime/debug"
	"testing"
)

func TestMemoryIsGivenBackOnceACycle(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // cycles are those of the test
	relieved := 0
	g := &memoryGuard{limit: 1}
	for i, collect := range []bool{false, false, true, false} {
		if collect {
			runtime.GC()
		}
		g.look(func() { relieved++ })
		if want := []int{1, 1, 2, 2}[i]; relieved != want {
			t.Errorf("step %d: relieved %d times, want %d", i, relieved, want)
		}
	}
	if !g.full() {
		t.Error("a limit of one byte is not full")
	}
	roomy := &memoryGuard{limit: 1 << 50}
	roomy.look(func() { t.Error("relieved far below the limit") })
	if roomy.full() || (&memoryGuard{}).full() {
		t.Error("full far below the limit, or without one")
	}
}
