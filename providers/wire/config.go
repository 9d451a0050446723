package wire

import (
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"fanfare/providers/fault"
)

// Config is what every protocol's client is made from. Credentials and Options are
// the feed's own, with keys that the protocol names.
type Config struct {
	Name        string // of the partner, for errors
	BaseURL     string // http or https, without query; a path is kept
	Credentials map[string]string
	Options     map[string]string
	HTTP        *HTTP
	Deadline    time.Duration    // of a call, so that the partner can be told; 0 is DefaultDeadline
	Now         func() time.Time // the business clock; nil is time.Now
	MaxBody     int64            // bytes of one answer, decompressed; 0 is DefaultMaxBody
}

// The defaults of Config (examples/fanfare.yaml).
const (
	DefaultDeadline = 8 * time.Second
	DefaultMaxBody  = 8 << 20
)

// Setting is a credential or an option that a feed may declare for a protocol.
type Setting struct {
	Name     string // one that ends in .* stands for all that begin with what is ahead of the *
	About    string // what it is, its form and its default, in half a sentence for operators
	Optional bool   // of a credential: it may be missing. Options always may
}

// WithDefaults returns c with its defaults in place, and a reader of its options. The reader has
// the first complaints already: a credential that is missing, a credential or option that is in
// neither list.
func (c Config) WithDefaults(credentials, options []Setting) (Config, *Options) {
	opts := &Options{declared: c.Options}
	complain := opts.Complain
	for _, k := range credentials {
		switch value := c.Credentials[k.Name]; {
		case value == "" && k.Optional:
		case value == "":
			complain("credentials.%s: missing", k.Name)
		case strings.TrimSpace(value) != value || strings.ContainsFunc(value, func(c rune) bool { return c < ' ' || c >= 0x7f }):
			complain("credentials.%s: holds a space at an end, or a character that no header can carry", k.Name)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(c.Credentials)) {
		if !HasSetting(credentials, key) {
			complain("credentials.%s: unknown; the protocol has %s", key, SettingNames(credentials))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(c.Options)) {
		if !HasSetting(options, key) {
			complain("options.%s: unknown; the protocol has %s", key, SettingNames(options))
		}
	}
	if err := checkBase(c.BaseURL); err != nil {
		complain("base_url: %w", err)
	}
	if c.HTTP == nil {
		complain("HTTP: missing")
	}
	if c.Deadline == 0 {
		c.Deadline = DefaultDeadline
	}
	if c.MaxBody == 0 {
		c.MaxBody = DefaultMaxBody
	}
	if c.Deadline < 0 {
		complain("deadline: must be positive")
	}
	if c.MaxBody < 0 {
		complain("max_body: must be positive")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	return c, opts
}

// HasSetting reports whether a protocol's list of credentials or options has the key.
func HasSetting(settings []Setting, key string) bool {
	return slices.ContainsFunc(settings, func(s Setting) bool {
		if prefix, open := strings.CutSuffix(s.Name, "*"); open {
			return len(key) > len(prefix) && strings.HasPrefix(key, prefix)
		}
		return s.Name == key
	})
}

// SettingNames is the names of a list in one line, "none" of an empty one.
func SettingNames(settings []Setting) string {
	if len(settings) == 0 {
		return "none"
	}
	names := make([]string, len(settings))
	for i, s := range settings {
		names[i] = s.Name
	}
	return strings.Join(names, ", ")
}

// Failure is Fault, but nil for nil.
func (c Config) Failure(op string, err error) error {
	if err == nil {
		return nil
	}
	return c.Fault(op, err)
}

// Fault is err as this partner's *fault.Error of the operation op, such as "search flights".
func (c Config) Fault(op string, err error) *fault.Error {
	e := *fault.Of(err)
	e.Partner, e.Op = c.Name, op
	return &e
}

// checkBase complains about a base URL that cannot be one; it never repeats it, as
// it may hold a secret.
func checkBase(base string) error {
	u, err := url.Parse(base)
	switch {
	case err != nil:
		return errors.New("not a URL")
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return errors.New("must begin with http:// or https:// and a host")
	case u.User != nil:
		return errors.New("must not hold a user or password")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return errors.New("must not hold a query or fragment")
	}
	return nil
}
