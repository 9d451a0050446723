package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"fanfare/web/api"
)

// head is what the views of both products begin with, as far as is compared here.
type head struct {
	ID        string        `json:"id"`
	Revision  int64         `json:"revision"`
	StateHash string        `json:"state_hash"`
	Status    string        `json:"status"`
	Partners  []api.Partner `json:"partners"`
}

const stageBody = `{"slices":[{"origin":"LHR","destination":"JFK","date":"` + stageDay + `"}]}`

// TestParity asks the same by every transport: the state is the same on all of them,
// and on another server with the same partners that answer in another order.
func TestParity(t *testing.T) {
	for _, c := range []struct{ name, oneShot, command string }{
		{"flights", stageFlights, "search flights LHR JFK " + stageDay},
		{"hotels", stageHotels, "search hotels PAR " + stageDay + " 2027-03-04"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel() // a server takes its time to drain
			first := newStage(t, []string{"albatross", "heron", "kestrel", "hammock"})
			first.openAll()
			var oneShot, polled, streamed head
			get(t, first.base+c.oneShot, &oneShot)
			body := get(t, first.base+"/v1/"+c.name+"/searches/"+oneShot.ID, &polled)
			var out, errOut bytes.Buffer
			args := append(strings.Fields(c.command), "--json", "--server", first.base)
			if code := runWith(t.Context(), args, streams{nil, &out, &errOut, noMotion}); code != exitDone {
				t.Fatalf("run(%v) = %d: %s", args, code, errOut.String())
			}
			if err := json.Unmarshal(out.Bytes(), &streamed); err != nil {
				t.Fatal(err)
			}
			if oneShot.Status != "complete" || oneShot.StateHash == "" || polled.StateHash != oneShot.StateHash || streamed.StateHash != oneShot.StateHash {
				t.Errorf("one-shot %s %s, poll %s, stream %s", oneShot.Status, oneShot.StateHash, polled.StateHash, streamed.StateHash)
			}
			if !bytes.Equal(bytes.TrimSpace(out.Bytes()), body) {
				t.Errorf("the command printed another view than the poll's")
			}

			second := newStage(t, []string{"kestrel", "hammock", "heron", "albatross"})
			streamedLast := streamInOrder(t, second, c.name, c.command, "hammock", "kestrel", "heron", "albatross")
			if streamedLast.StateHash != oneShot.StateHash || streamedLast.ID != oneShot.ID {
				t.Errorf("in another order the state is %s of %s, want %s of %s", streamedLast.StateHash, streamedLast.ID, oneShot.StateHash, oneShot.ID)
			}
		})
	}
}

// streamInOrder follows the search by its stream while the partners answer one by one.
func streamInOrder(t *testing.T, s *stage, product, command string, order ...string) head {
	t.Helper()
	var out, errOut bytes.Buffer
	done := make(chan int, 1)
	args := append(strings.Fields(command), "--json", "--server", s.base)
	go func() { done <- runWith(t.Context(), args, streams{nil, &out, &errOut, noMotion}) }()
	for _, name := range order {
		if (product == "hotels") == strings.HasPrefix(name, "h") {
			<-s.gates[name].came
		}
		s.gates[name].release()
	}
	if code := <-done; code != exitDone {
		t.Fatalf("run(%v) = %d: %s", args, code, errOut.String())
	}
	var h head
	if err := json.Unmarshal(out.Bytes(), &h); err != nil {
		t.Fatal(err)
	}
	return h
}

// TestOneCall: forty who ask the same at once are one call to each partner, and all
// see the same state.
func TestOneCall(t *testing.T) {
	t.Parallel()
	s := newStage(t, []string{"albatross", "kestrel", "puffin"})
	hashes := make(chan string, 40)
	var posts, gets sync.WaitGroup
	for i := range 40 {
		if i%2 == 0 {
			posts.Go(func() { post(t, s.base+"/v1/flights/searches", stageBody, nil) })
			continue
		}
		gets.Go(func() {
			var h head
			get(t, s.base+stageFlights, &h)
			hashes <- h.Status + " " + h.StateHash
		})
	}
	posts.Wait()
	s.openAll()
	gets.Wait()
	close(hashes)
	states := map[string]bool{}
	for h := range hashes {
		states[h] = true
	}
	if len(states) != 1 {
		t.Errorf("equal questions have the answers %v, want one", states)
	}
	for name, p := range s.partners {
		if n := p.Calls(); n != 1 {
			t.Errorf("%s was called %d times, want 1", name, n)
		}
	}
}

// TestLeaver: whoever started the search may leave; the others get all of it, from
// the same calls.
func TestLeaver(t *testing.T) {
	t.Parallel()
	s := newStage(t, []string{"albatross", "kestrel"})
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+stageFlights, nil)
		if err != nil {
			left <- err
			return
		}
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			_, err = io.Copy(io.Discard, res.Body)
			res.Body.Close()
		}
		left <- err
	}()
	<-s.gates["albatross"].came
	<-s.gates["kestrel"].came
	var joined, last head
	post(t, s.base+"/v1/flights/searches", stageBody, &joined)
	leave()
	if err := <-left; err == nil {
		t.Error("the starter was answered before the partners")
	}
	s.openAll()
	get(t, s.base+"/v1/flights/searches/"+joined.ID+"?wait=20s", &last)
	if last.Status != "complete" {
		t.Errorf("after the starter has left the search is %s, want complete: %+v", last.Status, last.Partners)
	}
	for name, p := range s.partners {
		if n := p.Calls(); n != 1 {
			t.Errorf("%s was called %d times, want 1", name, n)
		}
	}
}

// TestPartnerDies: a partner that dies in mid-search takes nothing of the others with
// it: the results are those of a server that never had it.
func TestPartnerDies(t *testing.T) {
	t.Parallel()
	names := []string{"albatross", "kestrel", "puffin"}
	s := newStage(t, names)
	answer := make(chan []string, 1)
	type view struct {
		head
		Results []api.FlightResult
	}
	var v, w view
	go func() {
		get(t, s.base+stageFlights+"&limit=200", &v)
		answer <- pricesOf(v.Results)
	}()
	<-s.gates["kestrel"].came
	s.servers["kestrel"].Close()
	s.openAll()
	got := <-answer
	if v.Status != "degraded" {
		t.Errorf("the search is %s, want degraded", v.Status)
	}
	for _, p := range v.Partners {
		if want := map[bool]string{true: "error_network", false: "ok"}[p.Name == "kestrel"]; p.Status != want {
			t.Errorf("%s is %s, want %s", p.Name, p.Status, want)
		}
	}

	never := newStage(t, names, "kestrel")
	never.openAll()
	get(t, never.base+stageFlights+"&limit=200", &w)
	want := pricesOf(w.Results)
	if len(want) == 0 || strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("without the dead partner's offers there are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// pricesOf is every result in its order with every inlined offer.
func pricesOf(results []api.FlightResult) []string {
	var lines []string
	for i := range results {
		r := &results[i]
		line := r.ID + " " + r.Price.String() + " " + r.Score.Total
		for j := range r.Offers {
			o := &r.Offers[j]
			line += fmt.Sprintf(" %s %s %s", o.ID, o.Partner, o.Price.Total)
		}
		lines = append(lines, line)
	}
	return lines
}
