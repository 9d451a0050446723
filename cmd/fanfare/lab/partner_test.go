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

// partner is a scripted partner on an address of its own. What it sells follows from the
// question alone, so that a traveller can tell whether an offer is what was sold.
type partner struct {
	name    string
	carrier string
	ip      string
	offers  int
	docs    sync.Map // query -> []byte, of what has been asked; see queries.few

	fault atomic.Pointer[faultinject.Fault]
	calls atomic.Int64
	open  atomic.Int64 // requests being answered
	most  atomic.Int64 // of them at once
	conns atomic.Int64 // connections open

	mu       sync.Mutex // guards the fields below
	listener net.Listener
	server   *http.Server
	port     int
	arrived  []time.Time   // when calls came
	left     []time.Time   // when a client was seen to have left, unless the fault took the connection over
	headers  []http.Header // of calls
}

// newPartner listens on a free port of the address.
func newPartner(t *testing.T, name, carrier, ip string) *partner {
	t.Helper()
	p := &partner{name: name, carrier: carrier, ip: ip, offers: 20}
	p.play(normal)
	if err := p.up(0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.down)
	return p
}

func (p *partner) up(port int) error {
	l, err := net.Listen("tcp", fmt.Sprintf("%s:%d", p.ip, port))
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.listener, p.port = l, l.Addr().(*net.TCPAddr).Port
	p.server = &http.Server{Handler: p, ErrorLog: quietLog, ConnState: func(_ net.Conn, s http.ConnState) {
		switch s {
		case http.StateNew:
			p.conns.Add(1)
		case http.StateClosed, http.StateHijacked:
			p.conns.Add(-1)
		}
	}}
	go p.server.Serve(l) //nolint:errcheck // ends with down
	return nil
}

// down closes the listener and every connection.
func (p *partner) down() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.server != nil {
		p.server.Close()
		p.server = nil
	}
}

// again listens at the address from before.
func (p *partner) again(t *testing.T) {
	t.Helper()
	if err := p.up(p.port); err != nil {
		t.Fatal(err)
	}
}

// play makes it answer as the fault has it from now on; normal is how it begins.
func (p *partner) play(f faultinject.Fault) { p.fault.Store(&f) }

func (p *partner) url() string { return fmt.Sprintf("http://%s:%d", p.ip, p.port) }

func (p *partner) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := time.Now()
	p.mu.Lock()
	p.arrived = append(p.arrived, now)
	p.headers = append(p.headers, r.Header.Clone())
	p.mu.Unlock()
	open := p.open.Add(1)
	defer p.open.Add(-1)
	for most := p.most.Load(); open > most && !p.most.CompareAndSwap(most, open); most = p.most.Load() {
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return
	}
	p.calls.Add(1)
	(*p.fault.Load())(w, r, faultinject.Answer{Header: map[string]string{"Content-Type": "application/json"}, Body: p.answer(body)})
	if r.Context().Err() != nil {
		p.mu.Lock()
		p.left = append(p.left, time.Now())
		p.mu.Unlock()
	}
}

// since counts the calls that came at or after an instant.
func (p *partner) since(at time.Time) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return countSince(p.arrived, at)
}

// hungUp counts the clients that were seen to leave at or after an instant.
func (p *partner) hungUp(since time.Time) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return countSince(p.left, since)
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

// sold is what a partner sells for a question: flight and total, in the order of its answer.
func (p *partner) sold(q query) []string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s %s", p.name, q)
	random := rand.New(rand.NewPCG(h.Sum64(), 1))
	list := make([]string, p.offers)
	for i := range list {
		list[i] = fmt.Sprintf("%s%d %d.%02d", p.carrier, 100+i, 50+random.IntN(400), random.IntN(100))
	}
	return list
}

// answer writes what is sold in the words of the duffel protocol.
func (p *partner) answer(request []byte) []byte {
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
	return p.document(query{s.Origin, s.Destination, s.Date})
}

const offerFormat = `{"id":"o%d","total_amount":"%[2]s","total_currency":"GBP","live_mode":true,"owner":{"iata_code":"%[3]s","name":"%[4]s"},"slices":[{"segments":[` +
	`{"origin":{"iata_code":"%[5]s"},"destination":{"iata_code":"%[6]s"},"departing_at":"%[7]sT%02[8]d:%02[9]d:00","arriving_at":"%[7]sT%02[10]d:%02[9]d:00",` +
	`"marketing_carrier":{"iata_code":"%[3]s"},"marketing_carrier_flight_number":"%[11]s","operating_carrier":{"iata_code":"%[3]s"},"operating_carrier_flight_number":"%[11]s",` +
	`"passengers":[{"passenger_id":"p","cabin_class":"first"}]}]}],"passengers":[{"id":"p","type":"adult"}]}`

func (p *partner) document(q query) []byte {
	if doc, ok := p.docs.Load(q); ok {
		return doc.([]byte)
	}
	var b bytes.Buffer
	b.WriteString(`{"data":{"offers":[`)
	for i, s := range p.sold(q) {
		flight, total, _ := strings.Cut(s, " ")
		if i > 0 {
			b.WriteByte(',')
		}
		hour, minute := 6+i/6%10, i%6*10
		fmt.Fprintf(&b, offerFormat, i, total, p.carrier, p.name, q.origin, q.destination, q.date, hour, minute, hour+5, strings.TrimPrefix(flight, p.carrier))
	}
	b.WriteString(`]}}`)
	if q.origin == fewOrigin {
		p.docs.Store(q, b.Bytes())
	}
	return b.Bytes()
}
