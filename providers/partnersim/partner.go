package partnersim

import (
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"fanfare/providers/faultinject"
	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// Spec is one simulated partner. Name and Protocol are required; every other zero value is useful.
type Spec struct {
	Name        string
	DisplayName string
	Protocol    string            // one of Protocols
	Credentials map[string]string // under the names that feeds of the protocol have for them. A missing one accepts any that is well formed
	Options     map[string]string // what the partner's feed has to declare under options, and nothing else; ndc: version
	Currency    travel.Currency   // what it sells in; "" is EUR
	Share       float64           // of all flights or properties that it sells; 0 is 0.6
	Markup      int               // permille on the world's prices; may be negative
	Carriers    []travel.Carrier  // sells only flights operated by these; empty is all
	Operating   world.Operating
	MaxOffers   int    // offers, or properties, in an answer; 0 is 120
	PerDay      int    // searches of a day that its contract allows, for feeds to declare; 0 is not said
	Version     string // ndc: "17.2" or "21.3"; "" is Options["version"], and without that 21.3
	Combined    bool   // ndc 17.2: offers of whole trips instead of one direction each
	Latin1      bool   // ndc: documents in ISO 8859-1
	Path        string // ndc: where questions go; "" is any path, as every airline has its own
	Behaviour   Behaviour
}

// Partner is a simulated partner: an http.Handler that answers as the vendor of
// its protocol does. It is safe for concurrent use.
type Partner struct {
	world.Inventory
	spec      Spec
	protocol  exchange.Protocol
	behaviour atomic.Pointer[Behaviour]
	calls     atomic.Int64
	quota     window
}

// NewWorld is the world of a seed, of which partners sell parts. now is its clock, on which prices and
// days to departure depend; nil is time.Now.
func NewWorld(seed uint64, atlas *places.Atlas, now func() time.Time) *world.World {
	return world.New(seed, atlas, now)
}

// NewPartner adds a partner to the world. It panics on a protocol that is not one of
// Protocols, and on a version that its protocol does not have.
func NewPartner(w *world.World, spec Spec) *Partner {
	if spec.Currency == "" {
		spec.Currency = "EUR"
	}
	if spec.Share == 0 {
		spec.Share = 0.6
	}
	if spec.MaxOffers == 0 {
		spec.MaxOffers = 120
	}
	if spec.DisplayName == "" {
		spec.DisplayName = spec.Name
	}
	p := &Partner{spec: spec}
	p.Inventory = *world.NewInventory(w, world.Seller{
		Name: spec.Name, DisplayName: spec.DisplayName, Credentials: spec.Credentials, Options: spec.Options, Currency: spec.Currency,
		Share: spec.Share, Markup: spec.Markup, Carriers: spec.Carriers, Operating: spec.Operating, MaxOffers: spec.MaxOffers,
		Version: spec.Version, Combined: spec.Combined, Latin1: spec.Latin1, Path: spec.Path,
	})
	speaks, known := vendors[spec.Protocol]
	if !known {
		panic("partnersim: unknown protocol " + spec.Protocol)
	}
	p.protocol = speaks.protocol(&p.Inventory)
	p.spec.Version = p.Inventory.Seller.Version // ndc fills it in
	for _, m := range speaks.sells {
		w.Join(m, spec.Name)
	}
	p.SetBehaviour(spec.Behaviour)
	return p
}

// Spec is what the partner was made of, defaults filled in.
func (p *Partner) Spec() Spec { return p.spec }

// SetBehaviour changes latency and faults for the requests that arrive from now on.
func (p *Partner) SetBehaviour(b Behaviour) { p.behaviour.Store(&b) }

// Behaviour is what was last set.
func (p *Partner) Behaviour() Behaviour { return *p.behaviour.Load() }

// Calls is how many requests have arrived, refused ones included.
func (p *Partner) Calls() int64 { return p.calls.Load() }

// maxQuestion bounds a request's body; real ones have under 2 kB, or 20 kB with two thousand hotel codes.
const maxQuestion = 256 << 10

// ServeHTTP answers one request: the vendor's answer, as late and as broken as its behaviour has it.
func (p *Partner) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	began := time.Now()
	b := p.behaviour.Load()
	d := p.RNG.Str("call").Num(p.calls.Add(1))
	fault := b.faultOf(d)
	if fault == FaultRefuse {
		b.inject(fault)(rw, r, faultinject.Answer{})
		return
	}
	question, err := io.ReadAll(io.LimitReader(r.Body, maxQuestion))
	if err != nil {
		return // the client left while asking
	}
	if fault == FaultHang {
		b.inject(fault)(rw, r, faultinject.Answer{})
		return
	}
	answer := b.answer(r, p.reply(r, question, b, fault), fault)
	faultinject.After(b.delay(d, fault)-time.Since(began), b.inject(fault))(rw, r, answer)
}

// reply is the vendor's document for a question, which is a refusal where the fault or the quota wants one.
func (p *Partner) reply(r *http.Request, question []byte, b *Behaviour, fault Fault) (rep exchange.Reply) {
	switch {
	case fault.status() != 0:
		rep = p.protocol.Refusal(question, fault.status())
	case b.PerMinute > 0 && !p.quota.take(p.World.Now(), b.PerMinute):
		rep = p.protocol.Refusal(question, http.StatusTooManyRequests)
	default:
		rep = p.protocol.Answer(r, question, b.Offers)
	}
	if rep.Status == http.StatusTooManyRequests && b.RetryAfter != "" {
		rep.Header["Retry-After"] = b.RetryAfter
	}
	if fault == FaultError200 {
		rep = p.protocol.Refusal(question, http.StatusInternalServerError)
		rep.Status = http.StatusOK
	}
	return rep
}
