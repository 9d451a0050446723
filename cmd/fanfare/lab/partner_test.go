package lab

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fanfare/providers/faultinject"
)

// actor is a scripted partner on an address of its own. What it sells follows from the
// question alone, so that a traveller can tell whether an offer is what was sold.
type actor struct {
	name    string
	carrier string
	ip      string
	offers  int
	docs    sync.Map // labQuery -> []byte, of what has been asked; see labQueries.few

	fault atomic.Pointer[faultinject.Fault]
	calls atomic.Int64
	open  atomic.Int64 // requests being answered
	most  atomic.Int64 // of them at once
	conns atomic.Int64 // connections open

	mu       sync.Mutex // guards the fields below
	listener net.Listener
	server   *http.Server
	port     int
	seen     []time.Time   // when calls came
	gone     []time.Time   // when a client was seen to have left, unless the fault took the connection over
	headers  []http.Header // of calls
	paths    []string
}

// newActor listens on a free port of the address.
func newActor(t *testing.T, name, carrier, ip string) *actor {
	t.Helper()
	a := &actor{name: name, carrier: carrier, ip: ip, offers: 20}
	a.play(normal)
	if err := a.up(0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.down)
	return a
}

func (a *actor) up(port int) error {
	l, err := net.Listen("tcp", fmt.Sprintf("%s:%d", a.ip, port))
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.listener, a.port = l, l.Addr().(*net.TCPAddr).Port
	a.server = &http.Server{Handler: a, ErrorLog: quietLog, ConnState: func(_ net.Conn, s http.ConnState) {
		switch s {
		case http.StateNew:
			a.conns.Add(1)
		case http.StateClosed, http.StateHijacked:
			a.conns.Add(-1)
		}
	}}
	go a.server.Serve(l) //nolint:errcheck // ends with down
	return nil
}

// down closes the listener and every connection.
func (a *actor) down() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.server != nil {
		a.server.Close()
		a.server = nil
	}
}

// again listens at the address from before.
func (a *actor) again(t *testing.T) {
	t.Helper()
	if err := a.up(a.port); err != nil {
		t.Fatal(err)
	}
}

// play makes it answer as the fault has it from now on; normal is how it begins.
func (a *actor) play(f faultinject.Fault) { a.fault.Store(&f) }

func (a *actor) url() string { return fmt.Sprintf("http://%s:%d", a.ip, a.port) }

func (a *actor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := time.Now()
	a.mu.Lock()
	a.seen = append(a.seen, now)
	a.headers = append(a.headers, r.Header.Clone())
	a.paths = append(a.paths, r.URL.Path)
	a.mu.Unlock()
	open := a.open.Add(1)
	defer a.open.Add(-1)
	for most := a.most.Load(); open > most && !a.most.CompareAndSwap(most, open); most = a.most.Load() {
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return
	}
	a.calls.Add(1)
	(*a.fault.Load())(w, r, faultinject.Answer{Header: map[string]string{"Content-Type": "application/json"}, Body: a.answer(body)})
	if r.Context().Err() != nil {
		a.mu.Lock()
		a.gone = append(a.gone, time.Now())
		a.mu.Unlock()
	}
}

// since counts the calls that came at or after an instant.
func (a *actor) since(at time.Time) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return countSince(a.seen, at)
}

// hungUp counts the clients that were seen to leave at or after an instant.
func (a *actor) hungUp(since time.Time) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return countSince(a.gone, since)
}

func countSince(all []time.Time, at time.Time) (n int) {
	for _, t := range all {
		if !t.Before(at) {
			n++
		}
	}
	return n
}

// normal answers after a log-normal time with a median of 40 ms.
var normal = logNormal(40 * time.Millisecond)

// logNormal answers after a log-normal time.
func logNormal(median time.Duration) faultinject.Fault {
	return faultinject.Delay(func() time.Duration {
		return time.Duration(float64(median) * math.Exp(0.25*rand.NormFloat64()))
	}, faultinject.Send)
}

// after answers after a fixed time.
func after(d time.Duration) faultinject.Fault { return faultinject.After(d, faultinject.Send) }

// status answers at once with a status and headers, in pairs.
func status(code int, headers ...string) faultinject.Fault {
	return faultinject.Status(code, `{"errors":[]}`, headers...)
}

// sold is what an actor sells for a question: flight and total, in the order of its answer.
func (a *actor) sold(q labQuery) []string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s %s", a.name, q)
	random := rand.New(rand.NewPCG(h.Sum64(), 1))
	list := make([]string, a.offers)
	for i := range list {
		list[i] = fmt.Sprintf("%s%d %d.%02d", a.carrier, 100+i, 50+random.IntN(400), random.IntN(100))
	}
	return list
}

// answer writes what is sold in the words of the duffel protocol.
func (a *actor) answer(request []byte) []byte {
	var asked struct {
		Data struct {
			Slices []struct {
				Origin, Destination string
				Date                string `json:"departure_date"`
			}
		}
	}
	if json.Unmarshal(request, &asked) != nil || len(asked.Data.Slices) == 0 {
		return []byte(`{"data":{"offers":[]}}`)
	}
	s := asked.Data.Slices[0]
	return a.document(labQuery{s.Origin, s.Destination, s.Date})
}

const labOffer = `{"id":"o%d","total_amount":"%[2]s","total_currency":"GBP","live_mode":true,"owner":{"iata_code":"%[3]s","name":"%[4]s"},"slices":[{"segments":[` +
	`{"origin":{"iata_code":"%[5]s"},"destination":{"iata_code":"%[6]s"},"departing_at":"%[7]sT%02[8]d:%02[9]d:00","arriving_at":"%[7]sT%02[10]d:%02[9]d:00",` +
	`"marketing_carrier":{"iata_code":"%[3]s"},"marketing_carrier_flight_number":"%[11]s","operating_carrier":{"iata_code":"%[3]s"},"operating_carrier_flight_number":"%[11]s",` +
	`"passengers":[{"passenger_id":"p","cabin_class":"first"}]}]}],"passengers":[{"id":"p","type":"adult"}]}`

func (a *actor) document(q labQuery) []byte {
	if doc, ok := a.docs.Load(q); ok {
		return doc.([]byte)
	}
	var b bytes.Buffer
	b.WriteString(`{"data":{"offers":[`)
	for i, s := range a.sold(q) {
		flight, total, _ := strings.Cut(s, " ")
		if i > 0 {
			b.WriteByte(',')
		}
		hour, minute := 6+i/6%10, i%6*10
		fmt.Fprintf(&b, labOffer, i, total, a.carrier, a.name, q.origin, q.destination, q.date, hour, minute, hour+5, strings.TrimPrefix(flight, a.carrier))
	}
	b.WriteString(`]}}`)
	if q.origin == fewOrigin {
		a.docs.Store(q, b.Bytes())
	}
	return b.Bytes()
}
