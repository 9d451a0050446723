package guard_test

import (
	"context"
	"fmt"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/guard"
	"fanfare/providers/travel"
)

// A partner fails, is not asked while its breaker is open, and is asked again when that is over.
func Example() {
	settings := guard.DefaultBreaker
	settings.Consecutive = 2
	settings.OpenFor = 20 * time.Millisecond // 5 s by default
	g := guard.New(guard.Config{
		Name: "heron", Deadline: time.Second, MaxConcurrency: 4, Breaker: settings,
	}, guard.Deps{Now: time.Now})

	down := true
	call := func(context.Context) travel.Answer {
		if down {
			return travel.Answer{Err: fault.Newf(fault.HTTP5xx, "out of order")}
		}
		return travel.Answer{Offers: make([]travel.Offer, 3)}
	}
	ask := func() (fault.Status, string) {
		a := g.Do(context.Background(), guard.Question{Product: travel.Flights}, call)
		status, _ := fault.Judge(a.OffersKept(), a.Err)
		return status, fmt.Sprintf("%s, attempts: %d, offers: %d", status, a.Attempts, a.OffersKept())
	}

	status, text := ask()
	fmt.Println(text)
	for status != fault.CircuitOpen { // each failure counts, until the breaker opens
		status, text = ask()
	}
	fmt.Println(text)

	down = false
	<-time.After(time.Until(g.HealthOf(travel.Flights).RetryAt))
	_, text = ask()
	fmt.Println(text)

	// Output:
	// error_http, attempts: 1, offers: 0
	// circuit_open, attempts: 0, offers: 0
	// ok, attempts: 1, offers: 3
}
