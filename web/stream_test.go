package web_test

import (
	"context"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/providers/fault"
)

func TestStream(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, rich()), asks("bluebird", time.Second, flights(direct(1, "GBP 99.00"))),
			asks("condor", 1060*time.Millisecond, flights(direct(2, "GBP 98.00"))), asks("dodo", 3*time.Second, fails(fault.HTTP5xx)))
		id := b.post(flightPath, flightBody).view().ID
		e := b.follow(flightPath + "/" + id + "/events?limit=2")
		if got := e.names(); got != "snapshot" {
			t.Fatalf("events = %s, want snapshot", got)
		}
		time.Sleep(10 * time.Second)
		if got := e.names(); got != "snapshot update update update done" {
			t.Errorf("events = %s, want snapshot, an update for each revision and done", got)
		}
		all := e.read()
		apart(t, all)
		polled := b.get(flightPath + "/" + id + "?limit=2")
		if got, want := apply(t, all), parse(t, string(polled.body)); !reflect.DeepEqual(got, want) {
			t.Errorf("applied =\n%v, want\n%v", got, want)
		}
		v := polled.view()
		last := all[len(all)-1]
		if want := fmt.Sprintf(`{"id":%q,"revision":%d,"state_hash":%q,"status":"degraded"}`, v.ID, v.Revision, v.StateHash); last.data != want || last.id != strconv.FormatInt(v.Revision, 10) {
			t.Errorf("done = %s with id %s, want %s", last.data, last.id, want)
		}
		time.Sleep(30 * time.Second)
		if all := e.read(); !all[len(all)-1].comment || e.over() {
			t.Error("the stream does not stay open, with comments")
		}
	})
}

func TestStreamOfATerminalSearch(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, richStay()))
		v := b.get(hotelStay).view()
		e := b.follow(stayPath + "/" + v.ID + "/events")
		time.Sleep(time.Second)
		if got := e.names(); got != "snapshot done" {
			t.Errorf("events = %s, want snapshot done", got)
		}
		apart(t, e.read())
	})
}

func TestStreamResume(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, rich()), asks("bluebird", 2*time.Second, flights(direct(1, "GBP 99.00"))))
		id := b.post(flightPath, flightBody).view().ID
		at := flightPath + "/" + id + "/events"
		first := b.follow(at)
		early := first.read()[0].id
		first.close()

		current := b.follow(at, "Last-Event-ID", early)
		if got := current.names(); got != "" {
			t.Errorf("a resume that is current got %s, want nothing", got)
		}
		time.Sleep(3 * time.Second)
		if got := current.names(); got != "update done" {
			t.Errorf("then = %s, want update done", got)
		}
		late := current.read()[1].id
		for _, stale := range []string{early, "1", "x", strings.Repeat("9", 100)} {
			e := b.follow(at, "Last-Event-ID", stale)
			time.Sleep(time.Second)
			if got := e.names(); got != "snapshot done" {
				t.Errorf("a resume from %s = %s, want one snapshot and done", stale, got)
			}
			e.close()
		}
		e := b.follow(at, "Last-Event-ID", late)
		time.Sleep(time.Second)
		if got := e.names(); got != "" {
			t.Errorf("a resume after done = %s, want nothing", got)
		}
	})
}

// TestResumeBeforeDone: whoever left between the last update and done is told.
func TestResumeBeforeDone(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, rich()), asks("bluebird", time.Second, flights(direct(1, "GBP 99.00"))))
		at := flightPath + "/" + b.post(flightPath, flightBody).view().ID + "/events"
		e := b.follow(at)
		time.Sleep(time.Second)
		if got := e.names(); got != "snapshot update" {
			t.Fatalf("events = %s, want snapshot update", got)
		}
		e.close()
		again := b.follow(at, "Last-Event-ID", e.read()[1].id)
		time.Sleep(time.Second)
		if got := again.names(); got != "done" {
			t.Errorf("events = %s, want done", got)
		}
	})
}

func TestStreamsEnd(t *testing.T) {
	bye := func(t *testing.T, e *events) {
		t.Helper()
		all := e.read()
		if last := all[len(all)-1]; !e.over() || last.name != "bye" || last.data != "{}" || last.retry == "" {
			t.Errorf("last event = %+v, over %v, want bye with retry", last, e.over())
		}
		apart(t, all)
	}
	t.Run("drain", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			b := newBench(t, noConfig, asks("albatross", time.Minute, rich()))
			e := b.follow(flightPath + "/" + b.post(flightPath, flightBody).view().ID + "/events")
			b.drain()
			time.Sleep(time.Second)
			bye(t, e)
		})
	})
	t.Run("30 minutes", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			b := newBench(t, noConfig, asks("albatross", 0, rich()))
			b.keepFresh() // else the stream would end with its prices
			e := b.follow(flightPath + "/" + b.post(flightPath, flightBody).view().ID + "/events")
			time.Sleep(30*time.Minute - time.Millisecond)
			if synctest.Wait(); e.over() {
				t.Error("ended early")
			}
			time.Sleep(time.Second)
			bye(t, e)
		})
	})
	t.Run("expired", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			b := newBench(t, noConfig, asks("albatross", 0, rich()))
			id := b.post(flightPath, flightBody).view().ID
			at := flightPath + "/" + id + "/events"
			e := b.follow(at)
			time.Sleep(21 * time.Minute) // prices of 60 days ahead may be shown for 20
			if v := b.get(flightPath + "/" + id).view(); v.Status != "expired" {
				t.Errorf("status = %s, want expired", v.Status)
			}
			time.Sleep(16 * time.Second)
			if got := e.names(); got != "snapshot done update bye" {
				t.Errorf("events = %s, want the update to expired and bye", got)
			}
			bye(t, e)
			if code := b.get(at, "Last-Event-ID", "1").Code; code != 204 {
				t.Errorf("a reconnect to an expired search = %d, want 204", code)
			}
			anew := b.follow(at)
			time.Sleep(16 * time.Second)
			if got := anew.names(); got != "snapshot done bye" {
				t.Errorf("a new stream of an expired search = %s, want snapshot done bye", got)
			}
		})
	})
	t.Run("expired, and asked again meanwhile", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			b := newBench(t, noConfig, &partner{name: "albatross", script: []scripted{{0, rich()}, {3 * time.Second, rich()}}})
			id := b.get(oneWay).view().ID
			time.Sleep(21 * time.Minute)
			if v := b.get(flightPath + "/" + id).view(); v.Status != "expired" {
				t.Errorf("status = %s, want expired", v.Status)
			}
			b.post(flightPath, flightBody).want(200)
			e := b.follow(flightPath + "/" + id + "/events")
			time.Sleep(20 * time.Second)
			if got := e.names(); got != "snapshot update done" || e.over() {
				t.Errorf("events = %s, want a search that is pending again, the new answers and no end", got)
			}
		})
	})
	t.Run("not held", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			b := newBench(t, noConfig, asks("albatross", 0, rich()))
			run(t, b)
			id := b.get(oneWay).view().ID
			if code := b.get(stayPath+"/"+id+"/events", "Last-Event-ID", "1").Code; code != 204 {
				t.Errorf("a reconnect to a search of the other product = %d, want 204", code)
			}
			time.Sleep(31 * time.Minute)
			if code := b.get(flightPath+"/"+id+"/events", "Last-Event-ID", "1").Code; code != 204 {
				t.Errorf("a reconnect to a search that is not held = %d, want 204", code)
			}
			b.get(flightPath + "/" + id + "/events").problem(404)
			b.get(flightPath + "/" + id).problem(404)
		})
	})
	t.Run("the client leaves", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			b := newBench(t, noConfig, asks("albatross", time.Minute, rich()))
			e := b.follow(flightPath + "/" + b.post(flightPath, flightBody).view().ID + "/events")
			e.cancel()
			if synctest.Wait(); !e.over() {
				t.Error("the handler goes on")
			}
		})
	})
}

// run keeps the aggregator's refreshing going.
func run(t *testing.T, b *bench) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.agg.Run(ctx)
	}()
	t.Cleanup(func() { cancel(); <-done })
}

func TestStreamRefusals(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, flights(manyDirect(0, 5)...)))
		v := b.get(oneWay + "&limit=2").view()
		at := flightPath + "/" + v.ID + "/events"
		b.get(at + "?limit=0").problem(400)
		b.get(at + "?wait=1s").problem(400)
		if p := b.get(at + "?limit=3&cursor=" + *v.NextCursor).problem(400); p.Errors[0].Field != "cursor" {
			t.Errorf("errors = %v, want one of the cursor", p.Errors)
		}
		e := b.follow(at + "?limit=2&cursor=" + *v.NextCursor)
		if got := len(apply(t, e.read())["results"].([]any)); got != 2 {
			t.Errorf("a stream of the second page has %d results, want 2", got)
		}
	})
}

// TestStreamWithManyRevisions: bursts become few events, and the newest is never missed.
func TestStreamWithManyRevisions(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var partners []*partner
		for i := range 20 {
			partners = append(partners, asks(fmt.Sprintf("p%02d", i), time.Duration(500+i*55)*time.Millisecond, flights(direct(i, "GBP 100.00"))))
		}
		b := newBench(t, noConfig, partners...)
		id := b.post(flightPath, flightBody).view().ID
		e := b.follow(flightPath + "/" + id + "/events")
		time.Sleep(5 * time.Second)
		all := e.read()
		apart(t, all)
		got, want := apply(t, all), parse(t, string(b.get(flightPath+"/"+id).body))
		if !reflect.DeepEqual(got, want) || len(all) > 15 {
			t.Errorf("%d events, applied equal to polled: %v", len(all), reflect.DeepEqual(got, want))
		}
	})
}

func TestStreamOfEarlyStop(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, flights(direct(1, "GBP 100.00"))), asks("bluebird", time.Second, flights(direct(2, "GBP 101.00"))),
			asks("condor", 6*time.Second, rich()))
		e := b.follow(flightPath + "/" + b.post(flightPath, flightBody).view().ID + "/events?stop_when_saving_below=10")
		time.Sleep(2 * time.Second)
		if view := apply(t, e.read()); view["early_stop"] == nil || view["status"] != "partial" {
			t.Errorf("early_stop = %v, status %v, want one while partial", view["early_stop"], view["status"])
		}
		time.Sleep(10 * time.Second)
		if view := apply(t, e.read()); view["early_stop"] != nil || view["status"] != "complete" {
			t.Errorf("early_stop = %v, status %v, want none when complete", view["early_stop"], view["status"])
		}
	})
}

// TestStreamWhenAPartnerIsRemoved: an update cannot say that, so a snapshot does.
func TestStreamWhenAPartnerIsRemoved(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, rich()), asks("bluebird", 0, flights(direct(1, "GBP 99.00"))))
		id := b.get(oneWay).view().ID
		e := b.follow(flightPath + "/" + id + "/events")
		time.Sleep(time.Second)
		b.agg.SetPartners(nil)
		time.Sleep(time.Second)
		if got := e.names(); got != "snapshot done snapshot" {
			t.Errorf("events = %s, want a snapshot of what is left", got)
		}
		if got, want := apply(t, e.read()), parse(t, string(b.get(flightPath+"/"+id).body)); !reflect.DeepEqual(got, want) {
			t.Errorf("applied = %v, want %v", got, want)
		}
	})
}
