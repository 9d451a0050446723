package server

import (
	"context"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// gcPercent makes the heap grow by this much of what lives before it is collected: the
// toolchain's 100 peaks higher with large answers, a smaller one costs time with small ones
// (BenchmarkFigureSearch). GOGC in the environment outweighs it.
const gcPercent = 78

// TuneCollector sets the collector of the whole process for a server, unless GOGC is set.
func TuneCollector() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
}

// memoryGuard decides when the process holds so much that kept answers have to go, and then
// that new searches are refused.
type memoryGuard struct {
	limit int64 // bytes at which searches are refused; 0 is none known
	over  atomic.Bool

	cycles    uint64    // of the collector, when watch last gave back
	collected time.Time // when watch last made the collector run
	idle      idleMemory
}

// memoryShare of GOMEMLIMIT or of the cgroup's limit is the default (docs/reliability.md 3).
const memoryShare = 0.8

// relieveShare of the limit is where kept answers begin to go: 80 % of the process's memory,
// as against 95 % at which it refuses (docs/reliability.md 2, row 40), seen from the limit.
const relieveShare = 0.8 / 0.95

// newMemoryGuard uses limit bytes, or for 0 a share of what the process may have.
func newMemoryGuard(limit int64) *memoryGuard {
	if limit == 0 {
		if most := processLimit(); most > 0 {
			limit = int64(memoryShare * float64(most))
		}
	}
	return &memoryGuard{limit: limit}
}

func processLimit() int64 {
	if most := debug.SetMemoryLimit(-1); most != math.MaxInt64 {
		return most
	}
	text, err := os.ReadFile("/sys/fs/cgroup/memory.max")
	if err != nil {
		return 0
	}
	most, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil { // "max"
		return 0
	}
	return most
}

// checkEvery is how often watch looks; memory does not change faster than it matters.
const checkEvery = 100 * time.Millisecond

// full reports whether the limit was reached when watch last looked.
func (g *memoryGuard) full() bool { return g.over.Load() }

// watch calls relieve with what is held too much when memory runs short, until ctx ends: at
// most once for each cycle of the collector, which alone shows what it has brought. After a burst
// it gives memory back to the system.
func (g *memoryGuard) watch(ctx context.Context, relieve func(bytes int64)) {
	if g.limit > 0 {
		// The runtime collects sooner near its own limit: garbage alone must not refuse searches.
		debug.SetMemoryLimit(min(debug.SetMemoryLimit(-1), g.limit))
	}
	t := time.NewTicker(checkEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		if g.limit > 0 {
			g.look(relieve)
		}
		if resident, cycles := memoryResident(); g.idle.wasteful(resident, cycles, time.Now()) {
			debug.FreeOSMemory()
			g.idle.gaveBack(memoryResident())
		}
	}
}

const (
	// quietFor is how long the collector must not have run for the server to be taken for idle:
	// giving back costs a whole collection, which a busy server does not need one more of.
	quietFor = 5 * time.Second
	// worthGiving is how much the process must have grown since it last gave back.
	worthGiving = 64 << 20
)

// idleMemory finds out when a process that was busy holds memory for nothing. The runtime by itself
// gives back slowly, and nothing at all of garbage that no allocation makes it collect.
type idleMemory struct {
	cycles   uint64
	quiet    time.Time // since when the collector has not run
	resident int64     // after the last giving back
}

// wasteful reports whether it is time to give memory back.
func (m *idleMemory) wasteful(resident int64, cycles uint64, now time.Time) bool {
	if m.quiet.IsZero() || cycles != m.cycles {
		m.cycles, m.quiet = cycles, now
		return false
	}
	return now.Sub(m.quiet) >= quietFor && resident > m.resident+worthGiving
}

// gaveBack notes what the process holds after giving back.
func (m *idleMemory) gaveBack(resident int64, cycles uint64) { m.resident, m.cycles = resident, cycles }

// memoryResident is what the process has from the system, in bytes, and how often the collector
// has run.
func memoryResident() (resident int64, cycles uint64) {
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}, {Name: "/gc/cycles/total:gc-cycles"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64() - sample[1].Value.Uint64()), sample[2].Value.Uint64()
}

// collectEvery is how often the collector is made to run at the limit. While searches are
// refused hardly anything is allocated, so it would not run by itself, and what has become
// garbage would keep refusing them.
const collectEvery = time.Second

func (g *memoryGuard) look(relieve func(bytes int64)) {
	held, cycles := memoryHeld()
	g.over.Store(held > g.limit)
	over := held - int64(relieveShare*float64(g.limit))
	if over <= 0 {
		return
	}
	if cycles != g.cycles {
		g.cycles = cycles
		relieve(over)
	}
	if held > g.limit && time.Since(g.collected) >= collectEvery {
		g.collected = time.Now()
		runtime.GC()
	}
}

// memoryHeld is what the process has in use, in bytes, and how often the collector has run.
// What is free but not given back to the system is there to be used: under GOMEMLIMIT the
// runtime keeps it up to the limit.
func memoryHeld() (held int64, cycles uint64) {
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"},
		{Name: "/memory/classes/heap/free:bytes"}, {Name: "/gc/cycles/total:gc-cycles"}}
	metrics.Read(sample)
	bytes := func(i int) int64 { return int64(sample[i].Value.Uint64()) }
	return bytes(0) - bytes(1) - bytes(2), sample[3].Value.Uint64()
}
