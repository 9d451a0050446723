package lab

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// query is one question of a traveller.
type query struct{ origin, destination, date string }

var airports = strings.Fields("LHR EDI DUB AMS CDG FRA MAD LIS FCO VIE ZRH BCN CPH PRG BUD HAM MUC GVA NCE LYS")

// queries hands out questions that nobody has asked before.
type queries struct{ next atomic.Int64 }

func (g *queries) one() query {
	n := int(g.next.Add(1))
	size := len(airports)
	from, to := n%size, (n/size)%(size-1)
	if to >= from {
		to++
	}
	return query{airports[from], airports[to], dayAhead(20 + n/(size*(size-1))%300)}
}

// fewOrigin is where the questions of few begin.
const fewOrigin = "LHR"

// few hands out questions that are all different, but about one route, so that writing the
// answers costs partners nothing: they differ in day, market and cabin.
func (g *queries) few() (query, string) {
	markets := strings.Fields("GB IE FR DE ES IT PT NL BE LU CH AT DK SE NO FI IS PL CZ SK HU RO BG HR SI EE LV LT GR CY MT US CA MX BR AR CL CO PE AU NZ JP KR CN IN SG MY TH ID PH VN ZA EG MA TN KE NG IL TR AE")
	cabins := []string{"economy", "premium_economy", "business", "first"}
	n := int(g.next.Add(1))
	q := query{fewOrigin, "VIE", dayAhead(20 + n%60)}
	n /= 60
	return q, "&limit=1&market=" + markets[n%len(markets)] + "&cabin=" + cabins[n/len(markets)%len(cabins)]
}

// dayAhead is a day of travel so many days ahead.
func dayAhead(ahead int) string { return time.Now().UTC().AddDate(0, 0, ahead).Format(time.DateOnly) }

// shot is one search as its traveller saw it.
type shot struct {
	query   query
	at      time.Time     // when it was meant to be sent
	took    time.Duration // from then on
	code    int           // 0 without an answer
	wait    string        // Retry-After
	problem string        // its title
	err     error
	answer  view
	raw     int  // bytes
	leaked  bool // of a secret
}

// view is what a shot reads of a view.
type view struct {
	ID       string
	Revision int64
	Status   string
	Partners []partnerState
	Results  []struct {
		Offers []struct {
			Partner   string
			Marketing []string
			Price     struct{ Total struct{ Amount string } }
		}
	}
}

type partnerState struct {
	Name, Status string
	Cause        string
	Kept         int     `json:"offers_kept"`
	Took         float64 `json:"took_ms"`
	RetryAt      string  `json:"retry_at"`
}

func (s *shot) partner(name string) partnerState {
	for _, p := range s.answer.Partners {
		if p.Name == name {
			return p
		}
	}
	return partnerState{}
}

// good reports whether the traveller was served.
func (s *shot) good() bool { return s.code == http.StatusOK }

func (q query) path() string {
	return fmt.Sprintf("/v1/flights?origin=%s&destination=%s&date=%s", q.origin, q.destination, q.date)
}

// search asks once, from the instant at which it was meant to be asked.
func (w *world) search(ctx context.Context, q query, at time.Time, more string) (s shot) {
	s = shot{query: q, at: at}
	defer func() { s.took = time.Since(at) }()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.server.base+q.path()+more, nil)
	if err != nil {
		s.err = err
		return s
	}
	resp, err := w.client.Do(req)
	if err != nil {
		s.err = err
		return s
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	s.code, s.err, s.raw, s.wait = resp.StatusCode, err, len(body), resp.Header.Get("Retry-After")
	s.leaked = strings.Contains(string(body), canary)
	switch s.took = time.Since(at); {
	case err != nil:
	case s.good():
		s.err = json.Unmarshal(body, &s.answer)
	default:
		var problem struct{ Title string }
		s.err = json.Unmarshal(body, &problem)
		s.problem = problem.Title
	}
	return s
}

const wholePage = "&limit=200"

// load makes searches that nobody has made before at a fixed rate, whatever becomes of them.
func (w *world) load(rate float64, d time.Duration) []shot {
	return w.loadOf(rate, d, func() (query, string) { return w.queries.one(), wholePage })
}

func (w *world) loadOf(rate float64, d time.Duration, next func() (query, string)) []shot {
	n := max(int(rate*d.Seconds()), 1)
	shots := make([]shot, n)
	start := time.Now()
	var all sync.WaitGroup
	for i := range shots {
		at := start.Add(time.Duration(float64(i) / rate * float64(time.Second)))
		time.Sleep(time.Until(at))
		q, more := next()
		all.Go(func() { shots[i] = w.search(w.Context(), q, at, more) })
	}
	all.Wait()
	return shots
}

// quantile of how long the shots took.
func quantile(shots []shot, q float64) time.Duration {
	var all []time.Duration
	for i := range shots {
		all = append(all, shots[i].took)
	}
	return quantileOf(all, q)
}

func quantileOf(all []time.Duration, q float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[min(int(q*float64(len(all))), len(all)-1)]
}

// took is how long a partner took in each of the shots.
func took(shots []shot, partner string) []time.Duration {
	var all []time.Duration
	for i := range shots {
		if p := shots[i].partner(partner); p.Name != "" {
			all = append(all, time.Duration(p.Took*float64(time.Millisecond)))
		}
	}
	return all
}
