package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/web"
	"fanfare/web/access"
)

// fakeKeys are keys by their text.
type fakeKeys struct {
	mu      sync.Mutex // guards the fields below
	grants  map[string]*access.Grant
	away    bool
	changed chan struct{}
}

func newFakeKeys() *fakeKeys {
	return &fakeKeys{changed: make(chan struct{}), grants: map[string]*access.Grant{
		"good":    {KeyID: "1", Plane: "public", Scopes: []string{"search"}},
		"weak":    {KeyID: "2", Plane: "public"},
		"partner": {KeyID: "3", Plane: "partner", Partner: "albatross", Scopes: []string{"feed:read"}},
		"bound":   {KeyID: "4", Plane: "public", Scopes: []string{"search"}, Origins: []string{"https://shop.example"}},
		"small":   {KeyID: "5", Plane: "public", Scopes: []string{"search"}, PerSecond: 1, PerDay: 5},
	}}
}

func (k *fakeKeys) Verify(text string) (*access.Grant, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch g := k.grants[text]; {
	case k.away:
		return nil, access.ErrUnavailable
	case g != nil:
		return g, nil
	}
	return nil, access.ErrKey
}

func (k *fakeKeys) Changed() <-chan struct{} {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.changed
}

func (k *fakeKeys) Origins() []string { return []string{"https://shop.example"} }

func (k *fakeKeys) revoke(text string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.grants, text)
	close(k.changed)
	k.changed = make(chan struct{})
}

func gated(keys access.Keys, required bool) web.Config {
	return web.Config{Access: access.New(keys, required, []byte("secret"))}
}

func bearer(key string) []string { return []string{"Authorization", "Bearer " + key} }

const somePlaces = "/v1/places?q=lon"

func TestKeysOpenTheirPlane(t *testing.T) {
	for _, test := range []struct {
		name     string
		required bool
		headers  []string
		status   int
		problem  string
	}{
		{"open, no key", false, nil, 200, ""},
		{"open, a key", false, bearer("good"), 200, ""},
		{"open, a wrong key", false, bearer("bad"), 401, "unauthorized"},
		{"required, no key", true, nil, 401, "unauthorized"},
		{"required, a key", true, bearer("good"), 200, ""},
		{"the scheme in another case", true, []string{"Authorization", "bEARER good"}, 200, ""},
		{"another scheme", true, []string{"Authorization", "Basic good"}, 401, "unauthorized"},
		{"no scheme", true, []string{"Authorization", "good"}, 401, "unauthorized"},
		{"two keys", true, append(bearer("good"), bearer("good")...), 401, "unauthorized"},
		{"another plane's", true, bearer("partner"), 403, "forbidden"},
		{"without the scope", true, bearer("weak"), 403, "forbidden"},
		{"bound, from its page", true, append(bearer("bound"), "Origin", "https://shop.example"), 200, ""},
		{"bound, from another page", true, append(bearer("bound"), "Origin", "https://evil.example"), 403, "forbidden"},
		{"bound, from no page", true, bearer("bound"), 403, "forbidden"},
		{"a page's request without a cookie", true, []string{"Sec-Fetch-Site", "same-origin"}, 401, "unauthorized"},
		{"a forged cookie", true, []string{"Sec-Fetch-Site", "same-origin", "Cookie", "fanfare_page=abc.def"}, 401, "unauthorized"},
	} {
		inBubble(t, func(t *testing.T) {
			a := newBench(t, gated(newFakeKeys(), test.required)).get(somePlaces, test.headers...).want(test.status)
			if test.problem == "" {
				return
			}
			if p := a.problem(test.status); p.Type != "urn:fanfare:"+test.problem {
				t.Errorf("%s: %s, want %s", test.name, p.Type, test.problem)
			}
			if got := a.Header().Get("WWW-Authenticate"); (got != "") != (test.status == 401) {
				t.Errorf("%s: WWW-Authenticate %q", test.name, got)
			}
		})
	}
}

// Nothing but the API wants a key, and unknown and wrong keys are answered alike.
func TestKeysAreForTheAPI(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, gated(newFakeKeys(), true))
		for _, path := range []string{"/", "/healthz", "/openapi.json", "/docs", "/about/ranking"} {
			if got := b.get(path).Code; got == 401 || got == 403 {
				t.Errorf("%s = %d without a key", path, got)
			}
		}
		for _, path := range []string{"/v1/flights/searches/x", "/v1/nothing", "/v1/partner/feed"} {
			b.get(path).problem(401)
		}
		if got := b.get(somePlaces, bearer("good")...).Header().Values("Vary"); !slices.Contains(got, "Authorization") {
			t.Errorf("Vary = %v, want Authorization in it", got)
		}
		b.get("/v1/partner/feed", bearer("good")...).problem(403)
	})
}

func TestThePageSearchesWithoutAKey(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, gated(newFakeKeys(), true))
		cookie := b.get("/").Header().Get("Set-Cookie")
		for _, want := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
			if !strings.Contains(cookie, want) {
				t.Errorf("the cookie %q has no %s", cookie, want)
			}
		}
		value, _, _ := strings.Cut(cookie, ";")
		b.get(somePlaces, "Cookie", value, "Sec-Fetch-Site", "same-origin").want(200)
		b.get(somePlaces, "Cookie", value, "Sec-Fetch-Site", "cross-site").problem(401)
		b.get(somePlaces, "Cookie", value).problem(401)
		if again := b.get("/", "Cookie", value).Header().Get("Set-Cookie"); again != "" {
			t.Errorf("a second cookie: %s", again)
		}
	})
}

func TestWrongKeysAreCountedByAddress(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, gated(newFakeKeys(), false))
		from := func(address string, key string) int {
			return b.get(somePlaces, append(bearer(key), "From", address)...).Code
		}
		for range 10 {
			if got := from("203.0.113.5:1", "bad"); got != 401 {
				t.Fatalf("a wrong key = %d", got)
			}
		}
		if a, other := from("203.0.113.5:2", "good"), from("203.0.113.6:1", "good"); a != 429 || other != 200 {
			t.Errorf("after ten wrong keys %d, another address %d; want 429 and 200", a, other)
		}
		time.Sleep(7 * time.Second)
		if got := from("203.0.113.5:2", "good"); got != 200 {
			t.Errorf("a good key seven seconds later = %d", got)
		}
	})
}

func TestAKeyHasLimitsOfItsOwn(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		cfg := gated(newFakeKeys(), false)
		cfg.Limits = tight
		cfg.Limits.PerKey = web.KeyLimits{NewSearchesPerSecond: 1, Burst: 3, Streams: 1}
		b := newBench(t, cfg, asks("albatross", 0, rich()))
		n := 0
		search := func(key, address string) int {
			n++
			return b.get(day(n), append(bearer(key), "From", address)...).Code
		}
		for i := range 3 { // more than the address may, and from any address
			if got := search("good", fmt.Sprintf("203.0.113.%d:1", i)); got != 200 {
				t.Fatalf("search %d = %d", i, got)
			}
		}
		if got := search("good", "203.0.113.9:1"); got != 429 {
			t.Errorf("a fourth search at once = %d, want 429", got)
		}
		for i := range 5 {
			time.Sleep(time.Second)
			if got := search("small", "203.0.113.9:1"); got != 200 {
				t.Fatalf("search %d of five a day = %d", i+1, got)
			}
		}
		time.Sleep(time.Second)
		a := b.get(day(n+1), append(bearer("small"), "From", "203.0.113.9:1")...)
		a.problem(429)
		if wait := a.Header().Get("Retry-After"); len(wait) < 4 {
			t.Errorf("Retry-After = %q, want the rest of the day", wait)
		}
		time.Sleep(24 * time.Hour)
		if got := search("small", "203.0.113.9:1"); got != 200 {
			t.Errorf("a search on the next day = %d", got)
		}
	})
}

func TestARevokedKeyEndsItsStreams(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		keys := newFakeKeys()
		cfg := gated(keys, true)
		b := newBench(t, cfg, asks("albatross", 0, rich()))
		ctx := t.Context()
		go cfg.Access.Run(ctx)
		id := b.post(flightPath, flightBody, bearer("good")...).view().ID
		mine := b.follow(flightPath+"/"+id+"/events", bearer("good")...)
		page, _, _ := strings.Cut(b.get("/").Header().Get("Set-Cookie"), ";")
		others := b.follow(flightPath+"/"+id+"/events", "Cookie", page, "Sec-Fetch-Site", "same-origin")
		time.Sleep(2 * time.Second)
		if mine.over() || others.over() {
			t.Fatal("a stream ended by itself")
		}
		keys.revoke("good")
		synctest.Wait()
		if !mine.over() || others.over() {
			t.Errorf("streams over: the revoked key's %v, another's %v; want true, false", mine.over(), others.over())
		}
		b.get(flightPath+"/"+id, bearer("good")...).problem(401)
	})
}

func TestKeysCannotBeCheckedWithoutTheStore(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		keys := newFakeKeys()
		keys.away = true
		b := newBench(t, gated(keys, false))
		b.get(somePlaces).want(200)
		a := b.get(somePlaces, bearer("good")...)
		if p := a.problem(503); p.Type != "urn:fanfare:storage" || a.Header().Get("Retry-After") == "" {
			t.Errorf("%s, Retry-After %q", p.Type, a.Header().Get("Retry-After"))
		}
	})
}

func TestPagesThatKeysAreBoundToMayReadAnswers(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, gated(newFakeKeys(), true))
		for origin, want := range map[string]string{"https://shop.example": "https://shop.example", "https://evil.example": ""} {
			h := b.do(request(http.MethodOptions, somePlaces, "", "Origin", origin, "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "authorization")).Header()
			if got := h.Get("Access-Control-Allow-Origin"); got != want {
				t.Errorf("%s: Access-Control-Allow-Origin = %q, want %q", origin, got, want)
			}
			if want != "" && !strings.Contains(h.Get("Access-Control-Allow-Headers"), "Authorization") {
				t.Errorf("the key's header is not allowed: %q", h.Get("Access-Control-Allow-Headers"))
			}
		}
	})
}
