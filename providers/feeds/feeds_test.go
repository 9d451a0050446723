package feeds

import (
	"strings"
	"testing"
	"time"
)

// declared is what an operator's document has of partners.
type declared struct {
	Size     Size          `yaml:"size"`
	Wait     time.Duration `yaml:"wait"`
	Share    float64       `yaml:"share"`
	Partners []Feed        `yaml:"partners"`
}

const whole = `
size: 8MiB
wait: 500ms
partners:
  - name: albatross
    protocol: duffel
    base_url: https://api.example.com
    credentials: {token: "${FEEDS_TOKEN}"}
    rate: {per_second: 2.5}
    coverage: {products: [flights], origins: [LHR, LON], markets: [GB]}
`

func TestDecode(t *testing.T) {
	t.Setenv("FEEDS_TOKEN", "t0ken")
	var d declared
	errs, warnings := Decode([]byte(whole), &d)
	if len(errs)+len(warnings) > 0 {
		t.Fatalf("Decode = %v, %v, want nothing to complain about", errs, warnings)
	}
	f := &d.Partners[0]
	f.Check("partners[0]", 30*time.Second, &errs)
	if len(errs) > 0 {
		t.Errorf("Check = %v, want nothing to complain about", errs)
	}
	if d.Size != 8<<20 || d.Wait != 500*time.Millisecond || f.Credentials["token"] != "t0ken" || f.Rate.PerSecond != 2.5 {
		t.Errorf("Decode read %+v", d)
	}
	if f.MaxConcurrency != 64 || !f.Cache.Allowed || f.Breaker.Consecutive != 5 {
		t.Errorf("the defaults are %+v", f)
	}
}

// TestNothingIsNotAValue: no age is not "any age", and a key without a value holds no text.
func TestNothingIsNotAValue(t *testing.T) {
	t.Setenv("FEEDS_TOKEN", "t0ken")
	for name, change := range map[string]struct{ from, to, path string }{
		"metro":      {"rate: {per_second: 2.5}", `options: {metro_codes: "maybe"}`, "partners[0].options.metro_codes"},
		"max_age":    {"rate: {per_second: 2.5}", `cache: {max_age: "0s"}`, "partners[0].cache.max_age"},
		"credential": {`"${FEEDS_TOKEN}"`, "null", "partners[0].credentials.token"},
	} {
		var d declared
		errs, _ := Decode([]byte(strings.Replace(whole, change.from, change.to, 1)), &d)
		d.Partners[0].Check("partners[0]", 30*time.Second, &errs)
		if len(errs) != 1 || errs[0].Path != change.path {
			t.Errorf("%s: complaints %v, want one about %s", name, errs, change.path)
		}
	}
}

// TestVersion: another declaration is another feed, and a secret cannot be read from it.
func TestVersion(t *testing.T) {
	t.Setenv("FEEDS_TOKEN", "t0ken")
	feed := func(change func(*Feed)) string {
		var d declared
		Decode([]byte(whole), &d)
		change(&d.Partners[0])
		return d.Partners[0].Version()
	}
	same := feed(func(*Feed) {})
	if again := feed(func(*Feed) {}); again != same || strings.Contains(same, "t0ken") {
		t.Errorf("Version = %q and %q, want the same, without the secret", same, again)
	}
	for name, change := range map[string]func(*Feed){
		"deadline":    func(f *Feed) { f.Deadline++ },
		"credentials": func(f *Feed) { f.Credentials["token"] = "other" },
		"coverage":    func(f *Feed) { f.Coverage.Origins = nil },
	} {
		if other := feed(change); other == same {
			t.Errorf("with another %s Version is the same", name)
		}
	}
}

// TestOptionsOfEveryProtocolOfFlights: what feeds reads itself does not reach the protocol.
// TestAccount: it goes by what is called, and with which credentials; by nothing else.
func TestAccount(t *testing.T) {
	declared := func(change func(*Feed)) string {
		f := Feed{Name: "heron", Protocol: "ndc", BaseURL: "https://api.example.com/ndc", Credentials: map[string]string{"username": "ab", "password": "c"}}
		change(&f)
		return f.Account()
	}
	plain := declared(func(*Feed) {})
	for name, change := range map[string]func(*Feed){
		"name":        func(f *Feed) { f.Name, f.DisplayName = "osprey", "Osprey" },
		"limits":      func(f *Feed) { f.Rate, f.MaxConcurrency, f.Deadline = Rate{1, 2}, 7, 1 },
		"breaker":     func(f *Feed) { f.Breaker.Consecutive = 9 },
		"options":     func(f *Feed) { f.Options = map[string]string{"version": "18.2"} },
		"coverage":    func(f *Feed) { f.Coverage.Products = []string{"flights"} },
		"the port":    func(f *Feed) { f.BaseURL = "https://API.example.com:443/ndc/" },
		"a separator": func(f *Feed) { f.BaseURL += "/" },
	} {
		if declared(change) != plain {
			t.Errorf("%s changes the account", name)
		}
	}
	seen := map[string]string{plain: "plain"}
	for name, change := range map[string]func(*Feed){
		"password":            func(f *Feed) { f.Credentials["password"] = "d" },
		"another split":       func(f *Feed) { f.Credentials["username"], f.Credentials["password"] = "a", "bc" },
		"one more credential": func(f *Feed) { f.Credentials["api_key"] = "k" },
		"host":                func(f *Feed) { f.BaseURL = "https://api2.example.com/ndc" },
		"port":                func(f *Feed) { f.BaseURL = "https://api.example.com:8443/ndc" },
		"path":                func(f *Feed) { f.BaseURL = "https://api.example.com/NDC" },
		"protocol":            func(f *Feed) { f.Protocol = "ota-air" },
	} {
		account := declared(change)
		if seen[account] != "" {
			t.Errorf("%s has the account of %s", name, seen[account])
		}
		seen[account] = name
	}
	if strings.Contains(plain, "ab") && strings.Contains(plain, "api.example") {
		t.Errorf("the account shows what is called: %s", plain)
	}
}

func TestOptionsOfEveryProtocolOfFlights(t *testing.T) {
	t.Setenv("FEEDS_TOKEN", "t0ken")
	var d declared
	errs, _ := Decode([]byte(strings.Replace(whole, "rate: {per_second: 2.5}", `options: {metro_codes: "no"}`, 1)), &d)
	f := &d.Partners[0]
	if f.Check("partners[0]", 30*time.Second, &errs); len(errs) > 0 {
		t.Fatalf("complaints %v", errs)
	}
	if !f.config(protocols[f.Protocol]).AirportsOnly || len(f.protocolOptions()) != 0 {
		t.Errorf("airports only: %v; the protocol gets %v", f.config(protocols[f.Protocol]).AirportsOnly, f.protocolOptions())
	}
}

// FuzzDecode: no document does harm, and what is taken without complaint can be checked.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		whole, "", "a", "[]", "partners: [1]", "partners: &a [*a]", "a: &a {b: *a}", "size: -1", "wait: 1", "share: .nan", "partners:\n- name: {a: b}\n  credentials: [x]",
		"<<: {size: 1}", "size: 1\nsize: 2", "? [a]\n: b", "--- \n--- \n", "\x00", "partners: [{credentials: {a: [b]}}]",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(_ *testing.T, document string) {
		var d declared
		errs, _ := Decode([]byte(document), &d)
		for i := range d.Partners {
			d.Partners[i].Check("partners", time.Minute, &errs)
			_ = d.Partners[i].Version()
		}
		_ = errs.Error()
	})
}
