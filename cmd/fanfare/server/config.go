package server

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"fanfare/aggregator/merge"
	"fanfare/providers/feeds"
	"fanfare/providers/travel"
)

// Config is fanfare.yaml (examples/fanfare.yaml). Its zero value is of no use; see Defaults.
type Config struct {
	Listen         string        `yaml:"listen"`
	Ops            opsConfig     `yaml:"ops"`
	PublicURL      string        `yaml:"public_url"`
	DataDir        string        `yaml:"data_dir"`
	Store          string        `yaml:"store"`
	Secrets        secretsConfig `yaml:"secrets"`
	Access         accessConfig  `yaml:"access"`
	Cache          cacheConfig   `yaml:"cache"`
	Search         searchConfig  `yaml:"search"`
	Limits         limitsConfig  `yaml:"limits"`
	TrustedProxies []string      `yaml:"trusted_proxies"`
	CORSOrigins    []string      `yaml:"cors_origins"`
	Egress         egressConfig  `yaml:"egress"`
	FX             fxConfig      `yaml:"fx"`
	Clock          string        `yaml:"clock"`
	Hotels         hotelsConfig  `yaml:"hotels"`
	Partners       []feeds.Feed  `yaml:"partners"`
}

type hotelsConfig struct {
	// DoNotMerge is pairs of listings, as partner:id, that must not become one property.
	DoNotMerge [][]string `yaml:"do_not_merge"`
	Apart      [][]string `yaml:"apart"` // its former name, which is refused
}

type opsConfig struct {
	Listen string `yaml:"listen"`
}

type cacheConfig struct {
	MaxBytes feeds.Size `yaml:"max_bytes"`
	Redis    string     `yaml:"redis"`
}

type searchConfig struct {
	Budget     time.Duration `yaml:"budget"`
	FirstPaint time.Duration `yaml:"first_paint"`
	MaxWait    time.Duration `yaml:"max_wait"`
	Retain     time.Duration `yaml:"retain"`
	LiveFor    time.Duration `yaml:"live_for"`
	Refreshes  int           `yaml:"refreshes"`
	Market     string        `yaml:"market"`
}

type limitsConfig struct {
	LiveSearches int        `yaml:"live_searches"`
	Outbound     int        `yaml:"outbound"`
	Memory       feeds.Size `yaml:"memory"`
	PerAddress   struct {
		NewSearchesPerSecond float64 `yaml:"new_searches_per_second"`
		Burst                int     `yaml:"burst"`
		RequestsPerSecond    float64 `yaml:"requests_per_second"`
		Streams              int     `yaml:"streams"`     // and waiting requests, at once
		Connections          int     `yaml:"connections"` // at once
	} `yaml:"per_address"`
	PerKey struct {
		NewSearchesPerSecond float64 `yaml:"new_searches_per_second"`
		Burst                int     `yaml:"burst"`
		Streams              int     `yaml:"streams"`
	} `yaml:"per_key"`
}

type egressConfig struct {
	Allow    []string `yaml:"allow"`
	Resolver string   `yaml:"resolver"` // host:port of the DNS server to ask; "" is the system's
}

type fxConfig struct {
	File   string        `yaml:"file"`
	URL    string        `yaml:"url"`
	MaxAge time.Duration `yaml:"max_age"`
}

// Defaults are the values of keys that a file does not have, as examples/fanfare.yaml shows them.
// It declares no partners.
func Defaults() Config {
	c := Config{
		Listen: "127.0.0.1:8080", Ops: opsConfig{"127.0.0.1:8081"}, DataDir: ".", Store: "sqlite:fanfare.db", Access: accessConfig{"open"},
		Cache: cacheConfig{MaxBytes: 256 << 20},
		Search: searchConfig{Budget: 8 * time.Second, FirstPaint: 150 * time.Millisecond, MaxWait: 30 * time.Second,
			Retain: 30 * time.Minute, LiveFor: 15 * time.Minute, Refreshes: 3, Market: "GB"},
		FX: fxConfig{MaxAge: 72 * time.Hour},
	}
	l := &c.Limits
	l.LiveSearches, l.Outbound = 2000, 2048
	l.PerAddress.NewSearchesPerSecond, l.PerAddress.Burst, l.PerAddress.RequestsPerSecond = 5, 20, 100
	l.PerAddress.Streams, l.PerAddress.Connections = 100, 200
	l.PerKey.NewSearchesPerSecond, l.PerKey.Burst, l.PerKey.Streams = 10, 40, 1000
	return c
}

// Load reads and checks the file. Its error is feeds.Complaints, all at once, if the file could be
// read; warnings do not keep the configuration from being used.
func Load(path string) (c Config, warnings feeds.Complaints, err error) {
	document, err := os.ReadFile(path)
	if err != nil {
		return c, nil, fmt.Errorf("read the configuration: %w", err)
	}
	c = Defaults()
	errs, warnings := feeds.Decode(document, &c)
	c.check(&errs)
	if len(errs) > 0 {
		return c, warnings, errs
	}
	return c, warnings, nil
}

// check complains about values that cannot be used, all at once.
func (c *Config) check(errs *feeds.Complaints) {
	address := func(path, value string) {
		if _, _, err := net.SplitHostPort(value); err != nil {
			errs.Add(path, "%q; host:port such as 127.0.0.1:8080", value)
		}
	}
	address("listen", c.Listen)
	address("ops.listen", c.Ops.Listen)
	c.checkSearch(errs)
	c.checkLimits(errs)
	for path, list := range map[string][]string{"trusted_proxies": c.TrustedProxies, "egress.allow": c.Egress.Allow} {
		for i, cidr := range list {
			if _, err := netip.ParsePrefix(cidr); err != nil {
				errs.Add(fmt.Sprintf("%s[%d]", path, i), "%q; a network such as 10.0.0.0/8", cidr)
			}
		}
	}
	if c.Egress.Resolver != "" {
		address("egress.resolver", c.Egress.Resolver)
	}
	if c.FX.File != "" && c.FX.URL != "" {
		errs.Add("fx", "file and url exclude each other")
	}
	if c.FX.MaxAge <= 0 {
		errs.Add("fx.max_age", "must be positive")
	}
	if _, err := c.clock(); err != nil {
		errs.Add("clock", "%q; an instant such as 2027-03-01T10:00:00Z", c.Clock)
	}
	c.checkStore(errs)
	c.checkUnbuilt(errs)
	names := map[string]int{}
	for i := range c.Partners {
		f := &c.Partners[i]
		path := fmt.Sprintf("partners[%d]", i)
		f.Check(path, c.Search.MaxWait, errs)
		if first, taken := names[f.Name]; taken && f.Name != "" {
			errs.Add(path+".name", "%q is the name of partners[%d] already", f.Name, first)
		}
		names[f.Name] = i
	}
	c.Hotels.pairs(func(name string) bool { _, declared := names[name]; return declared }, errs)
}

// pairs reads what must not be merged, and complains about what is no pair of listings of two
// partners that are declared.
func (h *hotelsConfig) pairs(declared func(partner string) bool, errs *feeds.Complaints) []merge.DoNotMerge {
	if h.Apart != nil {
		errs.Add("hotels.apart", "is hotels.do_not_merge now")
	}
	var all []merge.DoNotMerge
	for i, pair := range h.DoNotMerge {
		path := fmt.Sprintf("hotels.do_not_merge[%d]", i)
		if len(pair) != 2 {
			errs.Add(path, "%d listings; two, such as [pillow:4711, dormouse:12]", len(pair))
			continue
		}
		var a merge.DoNotMerge
		for j, text := range pair {
			partner, id, found := strings.Cut(text, ":")
			switch {
			case !found || partner == "" || id == "":
				errs.Add(fmt.Sprintf("%s[%d]", path, j), "%q; a listing such as pillow:4711", text)
			case !declared(partner):
				errs.Add(fmt.Sprintf("%s[%d]", path, j), "no partner is named %q", partner)
			}
			a[j] = travel.Listing{Partner: partner, ID: id}
		}
		if a[0].Partner == a[1].Partner && a[0].Partner != "" {
			errs.Add(path, "two listings of one partner are never one property")
		}
		all = append(all, a)
	}
	return all
}

// doNotMerge is the pairs of a configuration that has been checked.
func (c *Config) doNotMerge() []merge.DoNotMerge {
	return c.Hotels.pairs(func(string) bool { return true }, new(feeds.Complaints))
}

func (c *Config) checkSearch(errs *feeds.Complaints) {
	s := &c.Search
	for path, d := range map[string]time.Duration{"budget": s.Budget, "max_wait": s.MaxWait, "retain": s.Retain} {
		if d <= 0 {
			errs.Add("search."+path, "must be positive")
		}
	}
	for path, d := range map[string]time.Duration{"first_paint": s.FirstPaint, "live_for": s.LiveFor} {
		if d < 0 {
			errs.Add("search."+path, "must not be negative")
		}
	}
	if s.Budget > s.MaxWait {
		errs.Add("search.budget", "%s is more than search.max_wait (%s)", s.Budget, s.MaxWait)
	}
	if s.Refreshes < 0 {
		errs.Add("search.refreshes", "must not be negative")
	}
	if _, ok := travel.MarketCurrency(travel.Country(s.Market)); !ok {
		errs.Add("search.market", "%q; a country such as GB", s.Market)
	}
}

func (c *Config) checkLimits(errs *feeds.Complaints) {
	l := &c.Limits
	for path, ok := range map[string]bool{
		"limits.live_searches": l.LiveSearches > 0, "limits.outbound": l.Outbound > 0, "cache.max_bytes": c.Cache.MaxBytes > 0,
		"limits.per_address.new_searches_per_second": l.PerAddress.NewSearchesPerSecond > 0, "limits.per_address.burst": l.PerAddress.Burst > 0,
		"limits.per_address.requests_per_second": l.PerAddress.RequestsPerSecond > 0,
		"limits.per_address.streams":             l.PerAddress.Streams > 0, "limits.per_address.connections": l.PerAddress.Connections > 0,
	} {
		if !ok {
			errs.Add(path, "must be positive")
		}
	}
	if k := l.PerKey; k.NewSearchesPerSecond < 0 || k.Burst < 0 || k.Streams < 0 {
		errs.Add("limits.per_key", "must not be negative")
	}
}

// checkUnbuilt refuses what is not built yet when it is set to other than its default.
func (c *Config) checkUnbuilt(errs *feeds.Complaints) {
	d := Defaults()
	for path, set := range map[string]bool{
		"public_url": c.PublicURL != d.PublicURL, "cache.redis": c.Cache.Redis != d.Cache.Redis,
	} {
		if set {
			errs.Add(path, "not in this version")
		}
	}
}

// clock is the server's clock: the machine's, or one that starts at the given time.
func (c *Config) clock() (func() time.Time, error) {
	if c.Clock == "" {
		return time.Now, nil
	}
	start, err := time.Parse(time.RFC3339, c.Clock)
	if err != nil {
		return nil, fmt.Errorf("clock: %w", err)
	}
	boot := time.Now()
	return func() time.Time { return start.Add(time.Since(boot)) }, nil
}

// path makes a relative path start at data_dir.
func (c *Config) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(c.DataDir, name)
}
