package fanout_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/aggregator/fanout"
	"fanfare/providers/travel"
)

// source answers after a while, or fails when ctx ends first.
type source struct {
	name  string
	after time.Duration
}

func (s source) Name() string { return s.name }

func (s source) Ask(ctx context.Context, _ travel.Query) travel.Answer {
	select {
	case <-time.After(s.after):
		return travel.Answer{Partner: s.name}
	case <-ctx.Done():
		return travel.Answer{Partner: s.name, Err: ctx.Err()}
	}
}

// One partner that fails does not end the others: each has an answer.
func ExampleAll() {
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	var mu sync.Mutex
	ended := map[string]error{}
	fanout.All(ctx, travel.Query{}, []source{{"quick", 0}, {"never", time.Hour}}, func(_ int, a travel.Answer) {
		mu.Lock()
		defer mu.Unlock()
		ended[a.Partner] = a.Err
	})
	fmt.Println("quick:", ended["quick"])
	fmt.Println("never:", ended["never"])
	// Output:
	// quick: <nil>
	// never: context deadline exceeded
}

// Answers are handed over as they come, with the position of their source, and All returns after the
// last one.
func TestAnswersComeOneByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		at := make([]time.Duration, 3)
		fanout.All(t.Context(), travel.Query{}, []source{{"c", 3 * time.Second}, {"a", time.Second}, {"b", 2 * time.Second}}, func(i int, a travel.Answer) {
			at[i] = time.Since(start)
		})
		for i, want := range []time.Duration{3 * time.Second, time.Second, 2 * time.Second} {
			if at[i] != want {
				t.Errorf("answer %d came after %v, want %v", i, at[i], want)
			}
		}
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("All returned after %v, want 3s: all at once, and all of them", took)
		}
	})
}

// Whoever ends ctx gets an answer of every source all the same.
func TestEverySourceAnswersWhenContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		var mu sync.Mutex
		failed := 0
		fanout.All(ctx, travel.Query{}, []source{{"a", time.Minute}, {"b", time.Minute}}, func(_ int, a travel.Answer) {
			mu.Lock()
			defer mu.Unlock()
			if errors.Is(a.Err, context.Canceled) {
				failed++
			}
		})
		if failed != 2 {
			t.Errorf("%d sources answered that they were cancelled, want 2", failed)
		}
	})
}
