package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fanfare/providers"
	"fanfare/providers/feeds"
	"fanfare/providers/registry"
)

// planes is a server whose registry's partners are all one simulated API on this machine.
type planes struct {
	*testing.T
	s           *Server
	public, ops string
	opsKey      string
}

func newPlanes(t *testing.T, file string) *planes {
	t.Helper()
	partner := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Key") != "hunter2" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		day := r.URL.Query().Get("day")
		fmt.Fprintf(w, `{"trips":[{"id":"t1","sum":"%s","from":"LHR","to":"JFK","out":"%sT09:00","in":"%sT12:00"}]}`, r.URL.Query().Get("price"), day, day) //nolint:errcheck // read by the client
	}))
	t.Cleanup(partner.Close)
	cfg, _, err := Load(configFile(t, "listen: 127.0.0.1:0\nops: {listen: 127.0.0.1:0}\ndata_dir: "+t.TempDir()+"\n"+file))
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(cfg, Deps{Log: slog.New(slog.DiscardHandler), RelaxedTimeouts: true, Build: func(f *feeds.Feed, d feeds.Deps) (*providers.Provider, error) {
		local := *f
		local.BaseURL, local.AllowPrivateNetwork = partner.URL, true
		return feeds.Build(&local, d)
	}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	p := &planes{T: t, s: s, public: "http://" + s.public.Addr().String(), ops: "http://" + s.ops.Addr().String()}
	p.opsKey = p.key(registry.KeyRequest{Kind: registry.Ops})
	return p
}

func (p *planes) key(r registry.KeyRequest) string {
	p.Helper()
	r.Name = "test"
	_, text, err := p.s.store.CreateKey(context.Background(), "test", r)
	if err != nil {
		p.Fatal(err)
	}
	return text
}

// call makes a request and returns its status and body.
func (p *planes) call(key, method, url, body string) (int, string) {
	p.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		p.Fatal(err)
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		p.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func (p *planes) want(status int, part, key, method, url, body string) {
	p.Helper()
	if got, text := p.call(key, method, url, body); got != status || !strings.Contains(text, part) {
		p.Fatalf("%s %s = %d, %s; want %d with %s", method, strings.TrimPrefix(strings.TrimPrefix(url, p.public), p.ops), got, text, status, part)
	}
}

// becomes applies what stands in the registry, and waits until a search finds the prices wanted.
func (p *planes) becomes(want string) {
	p.Helper()
	p.s.applyRegistry() // else what was found before would do
	p.follows(want)
}

// follows waits until the server, by itself, finds the prices wanted, which are others than before.
func (p *planes) follows(want string) {
	p.Helper()
	got := ""
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		day := time.Now().AddDate(0, 0, 40).Format(time.DateOnly)
		_, body := p.call("", http.MethodGet, p.public+"/v1/flights?origin=LHR&destination=JFK&currency=GBP&date="+day, "")
		var view struct {
			Results []struct{ Price struct{ Amount string } }
		}
		if err := json.Unmarshal([]byte(body), &view); err != nil {
			p.Fatal(err)
		}
		got = ""
		for _, r := range view.Results {
			got += r.Price.Amount + " "
		}
		if got == want {
			return
		}
	}
	p.Errorf("a search finds %q, want %q", got, want)
}

// declaration sells one flight for a price.
func declaration(price string) string {
	return `protocol: mapped
base_url: https://api.kestrel.example
coverage: {products: [flights]}
auth: {kind: header, name: X-Key, value: "secret:api_key"}
request: {path: /find, query: {day: "{date}", price: "` + price + `"}}
response:
  format: json
  offers: .trips[]
  map:
    offer_id: .id
    slices: [{segments: [{marketing: {carrier: '"BA"', number: '"117"'}, origin: .from, destination: .to, departs: .out, arrives: .in}]}]
    price: {total: .sum, currency: '"GBP"'}
`
}

// TestAPartnerGoesLiveThroughThePlanes: from nothing to offers, to another version and back, and
// away, without a restart.
func TestAPartnerGoesLiveThroughThePlanes(t *testing.T) {
	p := newPlanes(t, "")
	partners, feed := p.ops+"/v1/ops/partners", p.public+"/v1/partner/feed"
	p.want(201, "kestrel", p.opsKey, "POST", partners, `{"name":"kestrel"}`)
	p.want(409, "already", p.opsKey, "POST", partners, `{"name":"kestrel"}`)
	key := p.key(registry.KeyRequest{Kind: registry.Partner, Partner: "kestrel"})
	p.want(200, `"live":null`, key, "GET", feed, "")
	p.want(201, `"state":"draft"`, key, "POST", feed+"/versions", declaration("250.00"))
	p.want(200, `"good":true`, key, "POST", feed+"/versions/1/check", "")
	p.want(409, "certificate", key, "POST", feed+"/versions/1/state", `{"state":"shadow"}`)
	p.want(403, "force", key, "POST", feed+"/versions/1/state", `{"state":"live","force":true,"reason":"x"}`)
	p.want(204, "", key, "PUT", p.public+"/v1/partner/secrets/api_key", `{"value":"hunter2","hosts":["api.kestrel.example:443"]}`)
	state := partners + "/kestrel/feed/versions/%d/state"
	p.want(422, "reason", p.opsKey, "POST", fmt.Sprintf(state, 1), `{"state":"live","force":true}`)
	p.want(200, `"state":"live"`, p.opsKey, "POST", fmt.Sprintf(state, 1), `{"state":"live","force":true,"reason":"the contract begins"}`)
	p.becomes("") // its host is not approved
	p.want(204, "", p.opsKey, "POST", partners+"/kestrel/hosts", `{"hosts":["api.kestrel.example:443"]}`)
	p.follows("250.00 ")
	p.want(200, `"version":1`, key, "GET", feed, "")

	p.want(201, `"version":2`, key, "POST", feed+"/versions", declaration("240.00"))
	p.becomes("250.00 ")
	p.want(200, `"state":"live"`, p.opsKey, "POST", fmt.Sprintf(state, 2), `{"state":"live","force":true,"reason":"a new price list"}`)
	p.follows("240.00 ")
	p.want(200, `"state":"live"`, key, "POST", feed+"/versions/1/state", `{"state":"live"}`) // a roll-back is the partner's own
	p.becomes("250.00 ")
	p.want(200, `"state":"suspended"`, key, "POST", feed+"/versions/1/state", `{"state":"suspended"}`)
	p.becomes("")
	p.want(200, `"state":"live"`, key, "POST", feed+"/versions/1/state", `{"state":"live"}`)
	p.becomes("250.00 ")
	p.want(200, "a new price list", p.opsKey, "GET", p.ops+"/v1/ops/audit", "")
	if _, audit := p.call(p.opsKey, "GET", p.ops+"/v1/ops/audit", ""); strings.Contains(audit, "hunter2") {
		t.Error("the audit tells a secret")
	}
	p.want(422, "reason", p.opsKey, "DELETE", partners+"/kestrel", "")
	p.want(204, "", p.opsKey, "DELETE", partners+"/kestrel?reason=the+contract+ends", "")
	p.becomes("")
	p.want(401, "", key, "GET", feed, "")
}

// TestThePlaneRefuses: what a partner may not declare, and what is not its own.
func TestThePlaneRefuses(t *testing.T) {
	p := newPlanes(t, "")
	for _, name := range []string{"kestrel", "puffin"} {
		p.want(201, name, p.opsKey, "POST", p.ops+"/v1/ops/partners", `{"name":"`+name+`"}`)
	}
	key, other := p.key(registry.KeyRequest{Kind: registry.Partner, Partner: "kestrel"}), p.key(registry.KeyRequest{Kind: registry.Partner, Partner: "puffin"})
	versions := p.public + "/v1/partner/feed/versions"
	good := declaration("1.00")
	for name, test := range map[string]struct{ document, field string }{
		"the environment":        {strings.Replace(good, "secret:api_key", "${HOME}", 1), `"auth.value"`},
		"a secret in clear":      {strings.Replace(good, "secret:api_key", "hunter2", 1), `"auth.value"`},
		"a private address":      {strings.Replace(good, "api.kestrel.example", "10.0.0.7", 1), `"base_url"`},
		"this machine":           {strings.Replace(good, "api.kestrel.example", "localhost:8080", 1), `"base_url"`},
		"the metadata service":   {strings.Replace(good, "api.kestrel.example", "169.254.169.254", 1), `"base_url"`},
		"plain http":             {strings.Replace(good, "https://", "http://", 1), `"base_url"`},
		"another host in a path": {strings.Replace(good, "path: /find", "path: //evil.example/find", 1), `"request.path"`},
		"a quota":                {good + "rate: {per_second: 1000}\n", `"rate"`},
		"private networks":       {good + "allow_private_network: true\n", `"allow_private_network"`},
		"its breaker":            {good + "breaker: {consecutive: 1000}\n", `"breaker"`},
		"another name":           {good + "name: puffin\n", `"name"`},
		"an unknown key":         {good + "colour: red\n", `"colour"`},
		"a list":                 {"- a\n", `"document"`},
		"no YAML":                {"a: [", `"document"`},
		"nothing":                {"", `"document"`},
		"jq without end":         {strings.Replace(good, ".trips[]", "range(1;1e9)", 1), `"response.offers"`},
	} {
		if status, body := p.call(key, "POST", versions, test.document); status != 422 || !strings.Contains(body, `"field":`+test.field) {
			t.Errorf("%s: %d, %s; want 422 with %s", name, status, body, test.field)
		}
	}
	if all := p.s.store.Snapshot().Entrant("kestrel").Versions; len(all) != 0 {
		t.Errorf("%d versions were kept of declarations that were refused", len(all))
	}
	p.want(413, "", key, "POST", versions, "a: "+strings.Repeat("x", 300<<10))
	p.want(201, "", key, "POST", versions, good)
	for _, url := range []string{versions + "/1", versions + "/1/check", versions + "/2", versions + "/0", versions + "/01", versions + "/x"} {
		method := map[bool]string{true: "POST", false: "GET"}[strings.HasSuffix(url, "check")]
		p.want(404, "", other, method, url, "")
	}
	p.want(404, "", other, "POST", versions+"/1/state", `{"state":"suspended"}`)
	p.want(400, "unknown field", key, "POST", versions+"/1/state", `{"state":"draft","commission":1}`)
	p.want(422, "one of draft", key, "POST", versions+"/1/state", `{"state":"gold"}`)
	p.want(401, "", "", "GET", versions, "")
	p.want(403, "", p.opsKey, "GET", versions, "")
	p.want(401, "", "", "POST", p.ops+"/v1/ops/partners", `{"name":"x"}`)
	p.want(403, "", key, "POST", p.ops+"/v1/ops/partners", `{"name":"x"}`)
	p.want(422, "2 to 32", p.opsKey, "POST", p.ops+"/v1/ops/partners", `{"name":"X Y"}`)
	reader := p.key(registry.KeyRequest{Kind: registry.Partner, Partner: "kestrel", Scopes: []registry.Scope{registry.ScopeFeedRead}})
	p.want(403, "feed:write", reader, "POST", versions, good)
}

// TestPartnersOfTheFileStayThere: the planes change nothing of them.
func TestPartnersOfTheFileStayThere(t *testing.T) {
	t.Setenv("CHECK_TOKEN", "t")
	p := newPlanes(t, "partners:"+albatrossAndHeron)
	key := p.key(registry.KeyRequest{Kind: registry.Partner, Partner: "heron"})
	p.want(200, `"versions":[]`, key, "GET", p.public+"/v1/partner/feed/versions", "")
	p.want(409, "file", key, "POST", p.public+"/v1/partner/feed/versions", declaration("1.00"))
	p.want(409, "file", p.opsKey, "POST", p.ops+"/v1/ops/partners", `{"name":"heron"}`)
	p.want(409, "file", p.opsKey, "DELETE", p.ops+"/v1/ops/partners/heron?reason=x", "")
}

// TestAServerWithoutAPlaceForItsStoreSearches: what the store is for is unavailable, and nothing
// else is.
func TestAServerWithoutAPlaceForItsStoreSearches(t *testing.T) {
	blocked := configFile(t, "not a folder")
	cfg := Defaults()
	cfg.Listen, cfg.Ops.Listen, cfg.DataDir = "127.0.0.1:0", "127.0.0.1:0", blocked
	s, err := New(cfg, Deps{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.store.Close() //nolint:errcheck // it was not reached
	w := httptest.NewRecorder()
	s.engine.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/v1/places?q=lon", nil))
	if w.Code != http.StatusOK {
		t.Errorf("places = %d, %s", w.Code, w.Body)
	}
	if err := s.store.SetSecret(context.Background(), "test", "kestrel", "x", "y", []string{"z:443"}); !errors.Is(err, registry.ErrUnavailable) {
		t.Errorf("SetSecret = %v", err)
	}
	if _, _, err := s.store.CreateKey(context.Background(), "test", registry.KeyRequest{Kind: registry.Ops, Name: "x"}); !errors.Is(err, registry.ErrUnavailable) {
		t.Errorf("CreateKey = %v", err)
	}
}
