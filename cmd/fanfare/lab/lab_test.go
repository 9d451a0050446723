package lab

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The short form runs with the other tests: little load, and only the promises that a slow
// machine keeps too. Everything measured in time counts in the full form alone.
//
// A row needs a server that does what no configuration can order, such as a clock that
// jumps, so the server is this test binary once more: see TestMain.

// row is one kind of fault and the promises that hold through it, as `make faults` prints them.
type row struct {
	number int
	name   string
	short  bool // in the short form too
	run    func(l *lab)
}

// rows are all rows, in the order in which they run.
func rows() []row {
	var all []row
	for _, rows := range [][]row{networkRows(), transportRows(), overloadRows(), stressRows(), lifeRows()} {
		all = append(all, rows...)
	}
	return all
}

// lab is one row at work.
type lab struct {
	*testing.T
	full bool
}

// soakRow runs only when it is asked for.
const soakRow = 44

// TestFaults runs the rows: all that have a short form, or with FAULTS=full all of them, and
// with ROW=n one.
func TestFaults(t *testing.T) {
	full := os.Getenv("FAULTS") == "full"
	only, err := strconv.Atoi(cmp.Or(os.Getenv("ROW"), "0"))
	if err != nil {
		t.Fatalf("ROW=%q; the number of a row", os.Getenv("ROW"))
	}
	if full {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // partners and travellers share one core, the server has the rest
	}
	ran := 0
	for _, row := range rows() {
		if only != 0 && row.number != only || !full && !row.short || only == 0 && row.number == soakRow {
			continue
		}
		ran++
		t.Run(fmt.Sprintf("%02d %s", row.number, row.name), func(t *testing.T) {
			if !full {
				t.Parallel() // nothing is measured
			}
			row.run(&lab{T: t, full: full})
		})
	}
	if ran == 0 {
		t.Fatalf("no row %d", only)
	}
}

// gate is a promise; what was measured is printed, and fails the row if it is not kept.
func (l *lab) gate(kept bool, format string, args ...any) {
	l.Helper()
	mark := "ok  "
	if !kept {
		mark = "FAIL"
		l.Fail()
	}
	l.Logf("%s  %s", mark, fmt.Sprintf(format, args...))
}

// timed is a gate on something that a slow machine may fail: it counts in the full form.
func (l *lab) timed(kept bool, format string, args ...any) {
	l.Helper()
	if l.full {
		l.gate(kept, format, args...)
	}
}

// seconds is how long a phase lasts that the full form gives so many.
func (l *lab) seconds(full float64) time.Duration {
	if !l.full {
		full = min(full, 1)
	}
	return time.Duration(full * float64(time.Second))
}

// timing is a partner's deadline and how long its breaker is open at first and at most, and
// the budget of a search. In the short form there is time enough for a machine that is busy.
func (l *lab) timing() (deadline, open, openMost, budget time.Duration) {
	if l.full {
		return 700 * time.Millisecond, 2 * time.Second, 8 * time.Second, time.Second
	}
	return 7 * time.Second, 300 * time.Millisecond, time.Second, 10 * time.Second
}

// rate is how many searches a second are made.
func (l *lab) rate() float64 {
	if l.full {
		return 20
	}
	return 8
}

// has reports whether one of the words is s.
func has(s string, words ...string) bool {
	for _, w := range words {
		if w == s {
			return true
		}
	}
	return false
}

// tally is the distinct values of a list with their counts, for messages.
func tally(values []string) string {
	counts := map[string]int{}
	var order []string
	for _, v := range values {
		if counts[v]++; counts[v] == 1 {
			order = append(order, v)
		}
	}
	for i, v := range order {
		order[i] = fmt.Sprintf("%s ×%d", cmp.Or(v, "none"), counts[v])
	}
	return strings.Join(order, ", ")
}

// until waits for something to come true, within a time.
func until(ctx context.Context, within time.Duration, so func() bool) bool {
	end := time.Now().Add(within)
	for !so() {
		if time.Now().After(end) || ctx.Err() != nil {
			return false
		}
		time.Sleep(20 * time.Millisecond)
	}
	return true
}

// relaxed is a bound that a slow machine gets more of.
func (w *world) relaxed(d time.Duration) time.Duration {
	if w.full {
		return d
	}
	return 10 * d
}
