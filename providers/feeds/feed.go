// Package feeds reads and checks what partners and operators declare, and holds the
// one table from a protocol's name to its constructor. How a partner is guarded is
// left to providers.
package feeds

import (
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"fanfare/providers/guard"
	"fanfare/providers/mapped"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// Feed is one partner's declaration (examples/fanfare.yaml).
type Feed struct {
	Name                string            `yaml:"name"`
	DisplayName         string            `yaml:"display_name"`
	Protocol            string            `yaml:"protocol"`
	BaseURL             string            `yaml:"base_url"`
	Credentials         map[string]string `yaml:"credentials"`
	Options             map[string]string `yaml:"options"`
	AllowPrivateNetwork bool              `yaml:"allow_private_network"`
	Redirects           int               `yaml:"redirects"` // that may be followed, to the same host
	Deadline            time.Duration     `yaml:"deadline"`
	MaxConcurrency      int               `yaml:"max_concurrency"`
	Rate                Rate              `yaml:"rate"`
	LookToBook          LookToBook        `yaml:"look_to_book"`
	Breaker             Breaker           `yaml:"breaker"`
	Hedge               Hedge             `yaml:"hedge"`
	Cache               Cache             `yaml:"cache"`
	AllowTestOffers     bool              `yaml:"allow_test_offers"`
	MaxBody             Size              `yaml:"max_body"`
	Combine             Combine           `yaml:"combine"`
	DeepLink            DeepLink          `yaml:"deep_link"`
	Coverage            Coverage          `yaml:"coverage"`

	// Of protocol mapped: how an API that speaks none of the others is asked and read.
	Request   mapped.Request   `yaml:"request"`
	Steps     []mapped.Request `yaml:"steps"`
	Auth      mapped.Auth      `yaml:"auth"`
	Response  mapped.Response  `yaml:"response"`
	Price     MappedPrice      `yaml:"price"`
	TestQuery any              `yaml:"test_query"` // a query as it is POSTed, for checks
}

// MappedPrice says how amounts are written; without an exponent they are decimals as printed.
type MappedPrice struct {
	Exponent int `yaml:"exponent"`
}

// Rate bounds calls; zero is no bound.
type Rate struct {
	PerSecond float64 `yaml:"per_second"`
	PerDay    int     `yaml:"per_day"`
}

// LookToBook bounds searches by contract; zero is no bound.
type LookToBook struct {
	SearchesPerDay int `yaml:"searches_per_day"`
}

// Breaker is the circuit breaker's settings.
type Breaker struct {
	Window       time.Duration `yaml:"window"`
	MinCalls     int           `yaml:"min_calls"`
	FailureRatio float64       `yaml:"failure_ratio"`
	Consecutive  int           `yaml:"consecutive"`
	OpenFor      time.Duration `yaml:"open_for"`
	OpenForMax   time.Duration `yaml:"open_for_max"`
}

// Hedge reports whether a call that is late may be made a second time, which costs searches.
type Hedge struct {
	Enabled bool `yaml:"enabled"`
}

// Cache is what the contract says about keeping answers.
type Cache struct {
	Allowed bool   `yaml:"allowed"`
	MaxAge  string `yaml:"max_age"` // a duration; "" is no cap
}

// Combine reports whether the partner may be asked for one-way parts of a return.
type Combine struct {
	Allowed bool `yaml:"allowed"`
}

// DeepLink is not built yet.
type DeepLink struct {
	Template string   `yaml:"template"`
	Hosts    []string `yaml:"hosts"`
}

// Coverage is what the partner can answer for; empty lists are everything.
type Coverage struct {
	Products     []string `yaml:"products"`
	Origins      []string `yaml:"origins"`
	Destinations []string `yaml:"destinations"`
	Markets      []string `yaml:"markets"`
}

// SetDefaults fills in its defaults.
func (f *Feed) SetDefaults() {
	b := guard.DefaultBreaker
	*f = Feed{
		Deadline: wire.DefaultDeadline, MaxConcurrency: 64, MaxBody: wire.DefaultMaxBody,
		Breaker: Breaker{b.Window, b.MinCalls, b.FailureRatio, b.Consecutive, b.OpenFor, b.OpenForMax},
		Cache:   Cache{Allowed: true}, Combine: Combine{Allowed: true}, Price: MappedPrice{mapped.Decimals},
	}
}

var (
	namePattern = regexp.MustCompile(`^[a-z0-9-]{2,32}$`)
	codePattern = regexp.MustCompile(`^[A-Z]{3}$`)
)

// GoodName reports whether a partner may have the name.
func GoodName(name string) bool { return namePattern.MatchString(name) }

const (
	maxBodyAllowed = 16 << 20
	notInThisYet   = "not in this version"
)

// Check complains about everything wrong with the declaration, with paths below
// path, which may be "". maxDeadline is the server's longest wait.
func (f *Feed) Check(path string, maxDeadline time.Duration, errs *Complaints) {
	add := func(key, format string, args ...any) {
		errs.Add(strings.TrimPrefix(path+"."+key, "."), format, args...)
	}
	if !namePattern.MatchString(f.Name) {
		add("name", "%q; 2 to 32 of a-z, 0-9 and -", clip(f.Name))
	}
	if len(f.DisplayName) > 100 {
		add("display_name", "%d bytes long; at most 100", len(f.DisplayName))
	}
	protocol, known := protocols[f.Protocol]
	switch {
	case f.Protocol == "":
		add("protocol", "missing; one of %s", strings.Join(Protocols(), ", "))
	case !known:
		add("protocol", "%q is unknown; one of %s", clip(f.Protocol), strings.Join(Protocols(), ", "))
	default:
		f.checkKeys(protocol, add)
	}
	f.checkMapping(add)
	f.checkURL(add)
	f.checkNumbers(maxDeadline, add)
	f.checkCoverage(protocol, known, add)
	if f.DeepLink.Template != "" {
		add("deep_link.template", notInThisYet)
	}
	if len(f.DeepLink.Hosts) > 0 {
		add("deep_link.hosts", notInThisYet)
	}
}

// mappedProtocol is the protocol of APIs that speak no other.
const mappedProtocol = "mapped"

// mapping compiles what a feed of protocol mapped declares.
func (f *Feed) mapping() (*mapped.Mapping, mapped.Complaints) {
	d := mapped.Declaration{Request: f.Request, Steps: f.Steps, Auth: f.Auth, Response: f.Response, Exponent: f.Price.Exponent}
	if len(f.Coverage.Products) == 1 {
		d.Product = travel.Product(f.Coverage.Products[0])
	}
	return mapped.New(&d)
}

func (f *Feed) checkMapping(add func(key, format string, args ...any)) {
	if f.Protocol == mappedProtocol {
		_, complaints := f.mapping()
		for _, c := range complaints {
			add(c.Path, "%s", c.Message)
		}
		return
	}
	for key, set := range map[string]bool{"request": !reflect.ValueOf(f.Request).IsZero(), "steps": len(f.Steps) > 0, "auth": f.Auth != mapped.Auth{},
		"response": !reflect.ValueOf(f.Response).IsZero(), "price": f.Price.Exponent != mapped.Decimals} {
		if set {
			add(key, "only protocol: mapped has it")
		}
	}
}

func (f *Feed) checkKeys(p protocol, add func(key, format string, args ...any)) {
	given := false
	for _, k := range p.credentials {
		given = given || f.Credentials[k.Name] != ""
		if f.Credentials[k.Name] == "" && !k.Optional {
			add("credentials."+k.Name, "missing; best as ${VAR}, from the environment")
		}
	}
	if !given && len(p.credentials) > 0 && p.credentials[0].Optional {
		add("credentials", "missing; %s has %s", f.Protocol, wire.SettingNames(p.credentials))
	}
	for _, key := range slices.Sorted(maps.Keys(f.Credentials)) {
		if !wire.HasSetting(p.credentials, key) {
			add("credentials."+key, "unknown; %s has %s", f.Protocol, wire.SettingNames(p.credentials))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(f.Options)) {
		if !wire.HasSetting(p.allOptions(), key) {
			add("options."+key, "unknown; %s has %s", f.Protocol, wire.SettingNames(p.allOptions()))
		}
	}
	if v := f.Options[metroCodes.Name]; v != "" && v != "yes" && v != "no" {
		add("options."+metroCodes.Name, "%q; yes or no", clip(v))
	}
}

func (f *Feed) checkURL(add func(key, format string, args ...any)) {
	u, err := url.Parse(f.BaseURL)
	switch {
	case f.BaseURL == "":
		add("base_url", "missing; such as https://api.example.com")
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "":
		add("base_url", "not an http(s) address without query: such as https://api.example.com")
	case u.User != nil:
		add("base_url", "holds a user or password; they belong into credentials")
	}
}

func (f *Feed) checkNumbers(maxDeadline time.Duration, add func(key, format string, args ...any)) {
	positive := func(key string, ok bool) {
		if !ok {
			add(key, "must be positive")
		}
	}
	if f.Deadline <= 0 || f.Deadline > maxDeadline {
		add("deadline", "%s; above 0s and at most search.max_wait (%s)", f.Deadline, maxDeadline)
	}
	positive("max_concurrency", f.MaxConcurrency > 0)
	positive("breaker.window", f.Breaker.Window > 0)
	positive("breaker.min_calls", f.Breaker.MinCalls > 0)
	positive("breaker.consecutive", f.Breaker.Consecutive > 0)
	positive("breaker.open_for", f.Breaker.OpenFor > 0)
	if f.Breaker.FailureRatio <= 0 || f.Breaker.FailureRatio > 1 {
		add("breaker.failure_ratio", "%v; above 0 and at most 1", f.Breaker.FailureRatio)
	}
	if f.Breaker.OpenForMax < f.Breaker.OpenFor {
		add("breaker.open_for_max", "%s is less than open_for (%s)", f.Breaker.OpenForMax, f.Breaker.OpenFor)
	}
	if f.MaxBody <= 0 || f.MaxBody > maxBodyAllowed {
		add("max_body", "%d bytes; above 0 and at most 16MiB", f.MaxBody)
	}
	if f.Redirects < 0 || f.Redirects > wire.MaxRedirects {
		add("redirects", "%d; 0 to %d, and only to the same host", f.Redirects, wire.MaxRedirects)
	}
	if f.Rate.PerSecond < 0 {
		add("rate.per_second", "must not be negative")
	}
	if f.Rate.PerDay < 0 {
		add("rate.per_day", "must not be negative")
	}
	if f.LookToBook.SearchesPerDay < 0 {
		add("look_to_book.searches_per_day", "must not be negative")
	}
	if d, err := f.maxAge(); err != nil || d < 0 || d == 0 && f.Cache.MaxAge != "" {
		add("cache.max_age", "%q; a duration such as 10m, or nothing; what must not be kept at all has allowed: false", clip(f.Cache.MaxAge))
	}
}

func (f *Feed) maxAge() (time.Duration, error) {
	if f.Cache.MaxAge == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(f.Cache.MaxAge)
	if err != nil {
		return 0, fmt.Errorf("cache.max_age: %w", err)
	}
	return d, nil
}

func (f *Feed) checkCoverage(p protocol, known bool, add func(key, format string, args ...any)) {
	for i, name := range f.Coverage.Products {
		product := travel.Product(name)
		switch {
		case product != travel.Flights && product != travel.Hotels:
			add(fmt.Sprintf("coverage.products[%d]", i), "%q; flights or hotels", clip(name))
		case known && !slices.Contains(p.products, product):
			add(fmt.Sprintf("coverage.products[%d]", i), "%s does not sell %s", f.Protocol, name)
		}
	}
	for key, codes := range map[string][]string{"origins": f.Coverage.Origins, "destinations": f.Coverage.Destinations} {
		for i, code := range codes {
			if !codePattern.MatchString(code) {
				add(fmt.Sprintf("coverage.%s[%d]", key, i), "%q; an airport or metro code such as LON", clip(code))
			}
		}
	}
	for i, m := range f.Coverage.Markets {
		if _, ok := travel.MarketCurrency(travel.Country(m)); !ok {
			add(fmt.Sprintf("coverage.markets[%d]", i), "%q; a country such as GB", clip(m))
		}
	}
}
