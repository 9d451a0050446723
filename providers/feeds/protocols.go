package feeds

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"

	"fanfare/providers"
	"fanfare/providers/admission"
	"fanfare/providers/amadeus"
	"fanfare/providers/document"
	"fanfare/providers/duffel"
	"fanfare/providers/guard"
	"fanfare/providers/hotelbeds"
	"fanfare/providers/kiwi"
	"fanfare/providers/mapped"
	"fanfare/providers/ndc"
	"fanfare/providers/ota"
	"fanfare/providers/places"
	"fanfare/providers/rapid"
	"fanfare/providers/sabre"
	"fanfare/providers/travel"
	"fanfare/providers/travelport"
	"fanfare/providers/wire"
)

// protocol is one row of the table: what a protocol needs, sells, and is made by.
type protocol struct {
	products    []travel.Product
	credentials []wire.Setting
	options     []wire.Setting
	client      func(wire.Config, *places.Atlas) (providers.Client, error)
	decode      func([]byte, *places.Atlas) (travel.Answer, error)
}

// protocols is the one table from a protocol's name to its constructor.
var protocols = map[string]protocol{
	"amadeus-air": {
		products: []travel.Product{travel.Flights}, credentials: amadeus.AirCredentials, options: amadeus.AirOptions,
		client: func(c wire.Config, a *places.Atlas) (providers.Client, error) { return amadeus.NewAir(c, a) },
		decode: amadeus.DecodeAir,
	},
	"amadeus-hotel": {
		products: []travel.Product{travel.Hotels}, credentials: amadeus.HotelCredentials, options: amadeus.HotelOptions,
		client: func(c wire.Config, a *places.Atlas) (providers.Client, error) { return amadeus.NewHotel(c, a) },
		decode: amadeus.DecodeHotel,
	},
	"duffel": {
		products: []travel.Product{travel.Flights}, credentials: duffel.Credentials, options: duffel.Options,
		client: func(c wire.Config, a *places.Atlas) (providers.Client, error) { return duffel.New(c, a) },
		decode: duffel.Decode,
	},
	"duffel-stays": {
		products: []travel.Product{travel.Hotels}, credentials: duffel.StaysCredentials, options: duffel.StaysOptions,
		client: func(c wire.Config, a *places.Atlas) (providers.Client, error) { return duffel.NewStays(c, a) },
		decode: duffel.DecodeStays,
	},
	"hotelbeds": {
		products: []travel.Product{travel.Hotels}, credentials: hotelbeds.Credentials, options: hotelbeds.Options,
		client: func(c wire.Config, a *places.Atlas) (providers.Client, error) { return hotelbeds.New(c, a) },
		decode: hotelbeds.Decode,
	},
	"travelport": {
		products: []travel.Product{travel.Flights, travel.Hotels}, credentials: travelport.Credentials, options: travelport.Options,
		client: func(c wire.Config, a *places.Atlas) (providers.Client, error) { return travelport.New(c, a) },
		decode: travelport.Decode,
	},
	"kiwi": {
		products: []travel.Product{travel.Flights}, credentials: kiwi.Credentials, options: kiwi.Options,
		client: func(c wire.Config, a *places.Atlas) (providers.Client, error) { return kiwi.New(c, a) },
		decode: kiwi.Decode,
	},
	mappedProtocol: {products: []travel.Product{travel.Flights, travel.Hotels}}, // made by its declaration: see client
	"ndc": {
		products: []travel.Product{travel.Flights}, credentials: ndc.Credentials, options: ndc.Options,
		client: func(c wire.Config, a *places.Atlas) (providers.Client, error) { return ndc.New(c, a) },
		decode: ndc.Decode,
	},
	"ota-hotel": {
		products: []travel.Product{travel.Hotels}, credentials: ota.HotelCredentials, options: ota.HotelOptions,
		client: func(c wire.Config, a *places.Atlas) (providers.Client, error) { return ota.NewHotel(c, a) },
		decode: ota.DecodeHotel,
	},
	"ota-air": {
		products: []travel.Product{travel.Flights}, credentials: ota.AirCredentials, options: ota.AirOptions,
		client: func(c wire.Config, a *places.Atlas) (providers.Client, error) { return ota.NewAir(c, a) },
		decode: ota.DecodeAir,
	},
	"sabre-bfm": {
		products: []travel.Product{travel.Flights}, credentials: sabre.Credentials, options: sabre.Options,
		client: func(c wire.Config, a *places.Atlas) (providers.Client, error) { return sabre.New(c, a) },
		decode: sabre.Decode,
	},
	"rapid": {
		products: []travel.Product{travel.Hotels}, credentials: rapid.Credentials, options: rapid.Options,
		client: func(c wire.Config, a *places.Atlas) (providers.Client, error) { return rapid.New(c, a) },
		decode: rapid.Decode,
	},
}

// metroCodes is the option that every protocol of flights has besides its own. By the vendors'
// documents all of them take codes of metro areas (Duffel's and Amadeus' "city code", the
// location codes of IATA's and OpenTravel's messages, Travelport's City, Kiwi's metropolitan
// codes), but not every partner behind a protocol does.
var metroCodes = wire.Setting{Name: "metro_codes", About: "no if the partner takes airports only: up to 4 pairs of airports are then asked for in place of metro areas; yes by default"}

// allOptions are all options of a protocol.
func (p *protocol) allOptions() []wire.Setting {
	if !slices.Contains(p.products, travel.Flights) {
		return p.options
	}
	return append(slices.Clone(p.options), metroCodes)
}

// Protocols lists the protocols that can be declared, sorted.
func Protocols() []string { return slices.Sorted(maps.Keys(protocols)) }

// Protocol is what a feed of a protocol may declare.
type Protocol struct {
	Name        string
	Products    []travel.Product
	Credentials []wire.Setting
	Options     []wire.Setting
}

// Describe is the protocols with what their feeds may declare, sorted by name. What is in
// it must not be modified.
func Describe() []Protocol {
	all := make([]Protocol, 0, len(protocols))
	for _, name := range Protocols() {
		p := protocols[name]
		all = append(all, Protocol{name, p.products, p.credentials, p.allOptions()})
	}
	return all
}

// Products is what a protocol sells, nil for a name that is no protocol. It must not be modified.
func Products(name string) []travel.Product { return protocols[name].products }

// DecodeDocument is what Fanfare makes of a partner's document by itself: the
// document's own rules are applied, and nothing is checked against a question. The
// error of a document that is no answer of the protocol, or of which nothing was read though it
// states prices, is a *fault.Error; a name that is no protocol is an error too.
func DecodeDocument(name string, body []byte, atlas *places.Atlas) (travel.Answer, error) {
	p, ok := protocols[name]
	if !ok {
		return travel.Answer{}, fmt.Errorf("unknown protocol %q; one of %v", name, Protocols())
	}
	if p.decode == nil {
		return travel.Answer{}, fmt.Errorf("%s has no documents of its own: fanfare feed check FILE --sample reads one by its declaration", name)
	}
	a, err := p.decode(body, atlas)
	if err == nil && a.OffersIn == 0 && document.StatesPrices(body) {
		return travel.Answer{}, unread()
	}
	return a, err
}

// Deps is what all partners share.
type Deps struct {
	providers.Deps
	Slots  *admission.Slots
	Egress []netip.Prefix
	// Resolver looks up partners' names; nil is the system's.
	Resolver        *net.Resolver
	RelaxedTimeouts bool // for tests: see wire.HTTPConfig
}

// Build makes the provider of a checked feed.
func Build(f *Feed, deps Deps) (*providers.Provider, error) {
	http, err := wire.NewHTTP(wire.HTTPConfig{
		BaseURL: f.BaseURL, AllowPrivateNetwork: f.AllowPrivateNetwork, IdleConnections: f.MaxConcurrency,
		Egress: wire.Egress{Allow: deps.Egress}, Slots: deps.Slots, Resolver: deps.Resolver, Redirects: f.Redirects, Deadline: f.Deadline, RelaxedTimeouts: deps.RelaxedTimeouts,
	})
	if err != nil {
		return nil, fmt.Errorf("partner %s: %w", f.Name, err)
	}
	p := protocols[f.Protocol]
	client, err := f.client(p, wire.Config{
		Name: f.Name, BaseURL: f.BaseURL, Credentials: f.Credentials, Options: f.protocolOptions(),
		HTTP: http, Deadline: f.Deadline, Now: deps.Now, MaxBody: int64(f.MaxBody),
	}, deps.Atlas)
	if err != nil {
		return nil, fmt.Errorf("partner %s: %w", f.Name, err)
	}
	cfg := f.config(p)
	cfg.Warm, cfg.Release = http.Warm, http.Close
	return providers.New(cfg, understood{client}, deps.Deps), nil
}

// client makes the client of the protocol, or of the declared mapping.
func (f *Feed) client(p protocol, cfg wire.Config, atlas *places.Atlas) (providers.Client, error) {
	if f.Protocol != mappedProtocol {
		return p.client(cfg, atlas)
	}
	m, complaints := f.mapping()
	if len(complaints) > 0 {
		return nil, errors.New(complaints[0].String())
	}
	return mapped.NewClient(cfg, m, atlas)
}

// DecodeSample is what a feed makes of one document of its partner, as DecodeDocument, and
// what its mapping has complained about.
func (f *Feed) DecodeSample(ctx context.Context, body []byte, atlas *places.Atlas) (travel.Answer, []mapped.Complaint, error) {
	if f.Protocol != mappedProtocol {
		a, err := DecodeDocument(f.Protocol, body, atlas)
		return a, nil, err
	}
	m, complaints := f.mapping()
	if len(complaints) > 0 {
		return travel.Answer{}, complaints, errors.New("the declaration is not valid")
	}
	d, err := m.Decode(ctx, body, nil, atlas)
	if err == nil && d.Answer.OffersIn == 0 && document.StatesPrices(body) {
		err = unread()
	}
	return d.Answer, d.Complaints, err
}

func (f *Feed) config(p protocol) providers.Config {
	maxAge, _ := f.maxAge() // checked
	display := f.DisplayName
	if display == "" {
		display = f.Name
	}
	products := p.products
	if len(f.Coverage.Products) > 0 {
		products = as[travel.Product](f.Coverage.Products)
	}
	b := f.Breaker
	return providers.Config{
		Config: guard.Config{
			Name: f.Name, Account: f.Account(), Products: products, Deadline: f.Deadline, MaxConcurrency: f.MaxConcurrency,
			Rate: guard.RateConfig{PerSecond: f.Rate.PerSecond, PerDay: f.Rate.PerDay}, SearchesPerDay: f.LookToBook.SearchesPerDay, Hedge: f.Hedge.Enabled,
			Breaker: guard.BreakerConfig{Window: b.Window, MinCalls: b.MinCalls, FailureRatio: b.FailureRatio,
				Consecutive: b.Consecutive, OpenFor: b.OpenFor, OpenForMax: b.OpenForMax},
		},
		DisplayName: display, FeedVersion: f.Version(),
		CacheAllowed: f.Cache.Allowed, CacheMaxAge: maxAge, AllowTestOffers: f.AllowTestOffers, Combine: f.Combine.Allowed, AirportsOnly: f.Options[metroCodes.Name] == "no",
		Coverage: providers.Coverage{Origins: as[travel.Airport](f.Coverage.Origins),
			Destinations: as[travel.Airport](f.Coverage.Destinations), Markets: as[travel.Country](f.Coverage.Markets)},
	}
}

// protocolOptions are the options without those that feeds itself reads.
func (f *Feed) protocolOptions() map[string]string {
	own := maps.Clone(f.Options)
	delete(own, metroCodes.Name)
	return own
}

func as[T ~string](texts []string) []T {
	out := make([]T, len(texts))
	for i, s := range texts {
		out[i] = T(s)
	}
	return out
}

// Version names the declaration's content: another one makes another provider, and
// its answers are kept apart. Secrets are in it only as part of a hash.
func (f *Feed) Version() string {
	body, err := json.Marshal(f)
	if err != nil {
		panic("feeds: " + err.Error()) // impossible: plain data
	}
	sum := sha256.Sum256(body)
	return travel.EncodeID(sum[:8])
}
