package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestFeedCheck: what is wrong is said with file, line and path; a sample shows its offers.
func TestFeedCheck(t *testing.T) {
	for _, name := range []string{"SANDGROUSE_KEY", "BITTERN_PASSWORD", "DUNNOCK_TOKEN", "NUTHATCH_SECRET"} {
		t.Setenv(name, "x")
	}
	folder := filepath.Join("..", "..", "testdata", "feeds")
	file := func(name string) string { return filepath.Join(folder, filepath.FromSlash(name)) }
	partner := func(name string) string {
		return "  - {name: " + name + ", protocol: duffel, base_url: \"https://x.example\", credentials: {token: \"${DUNNOCK_TOKEN}\"}}\n"
	}
	bad := written(t, "bad.yaml", "name: ab\nprotocol: mapped\nbase_url: https://x.example\ncoverage: {products: [hotels]}\nrequest:\n  path: /x?y\nresponse:\n  format: json\n  offers: range(3)\n  map: {offer_id: .id}\n")
	two := written(t, "two.yaml", "partners:\n"+partner("first")+partner("second"))
	wrong := written(t, "wrong.yaml", "partners:\n"+partner("first")+partner("A B"))
	for _, test := range []struct {
		name      string
		code      int
		out, want []string // parts of stdout and stderr
		args      []string
	}{
		{"a declaration", exitDone, nil, []string{"feed.yaml: good"}, []string{file("paged/feed.yaml")}},
		{"a configuration", exitDone, nil, []string{"two.yaml: good"}, []string{two}},
		{"mistakes", exitFailed, nil, []string{`bad.yaml:6: request.path: "/x?y"`, "bad.yaml:9: response.offers: the function range with 1 arguments is not allowed", "2 mistakes"}, []string{bad}},
		{"a mistake of the second partner", exitFailed, nil, []string{`wrong.yaml:3: partners[1].name: "A B"`}, []string{wrong}},
		{"a sample", exitDone, []string{`"rate_id":"r1"`, `"rate_id":"r3"`}, []string{"3 offers, 3 kept"}, []string{file("references/feed.yaml"), "--sample", file("references/answer.xml")}},
		{"a sample with mistakes", exitFailed, []string{`"offer_id":"SG-1"`}, []string{`response.map.slices.segments.departs: found "2027-13-01T07:00"`, "drop bad_time 1", "3 offers, 2 kept"},
			[]string{file("nested/feed.yaml"), "--sample", file("nested/answer.json")}},
		{"an empty sample", exitDone, nil, []string{"0 offers, 0 kept"}, []string{file("paged/feed.yaml"), "--sample", file("paged/empty.json")}},
		{"a sample that is an error", exitFailed, nil, []string{"E-42: the party is too large"}, []string{file("nested/feed.yaml"), "--sample", file("nested/error.json")}},
		{"a sample of another format", exitFailed, nil, []string{"malformed"}, []string{file("nested/feed.yaml"), "--sample", file("flat/answer.csv")}},
		{"which of two", exitUsage, nil, []string{"--partner: one of first, second"}, []string{two, "--live"}},
		{"one that is not there", exitUsage, nil, []string{"--partner: one of first, second"}, []string{two, "--partner", "third"}},
		{"no file", exitFailed, nil, []string{"no such file"}, []string{filepath.Join(t.TempDir(), "missing.yaml")}},
		{"no YAML", exitFailed, nil, []string{"not YAML"}, []string{written(t, "x.yaml", "a: [")}},
	} {
		got := ranWith(t, "", append([]string{"feed", "check"}, test.args...)...)
		if got.code != test.code {
			t.Errorf("%s: exit %d, want %d: %s", test.name, got.code, test.code, got.err)
		}
		for _, part := range test.out {
			if !strings.Contains(got.out, part) {
				t.Errorf("%s: stdout has no %s:\n%s", test.name, part, got.out)
			}
		}
		for _, part := range test.want {
			if !strings.Contains(got.err, part) {
				t.Errorf("%s: stderr has no %s:\n%s", test.name, part, got.err)
			}
		}
	}
}

// TestFeedCheckLive asks a partner by its declaration and its own query.
func TestFeedCheckLive(t *testing.T) {
	var asked string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.RequestURI()
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(`{"rooms":[{"id":"1","price":"120.00","house":"h"}]}`)) //nolint:errcheck // the client reads it
	}))
	defer s.Close()
	path := written(t, "live.yaml", `
name: scratch
protocol: mapped
base_url: `+s.URL+`
allow_private_network: true
coverage: {products: [hotels]}
test_query: {destination: {lat: 48.87, lon: 2.36, radius_km: 5}, check_in: 2090-03-01, check_out: 2090-03-03, rooms: [{adults: 1}]}
request: {path: /rooms, query: {in: "{check_in}", guests: "{guests}"}}
response:
  format: json
  offers: .rooms[]
  map: {property: {id: .house, name: '"House"', lat: '"48.87"', lon: '"2.36"'}, rate_id: .id, price: {total: .price, currency: '"EUR"'}}
`)
	got := ranWith(t, "", "feed", "check", path, "--live")
	if got.code != exitFailed || !strings.Contains(got.err, "check_in") { // too far away to be asked
		t.Errorf("a query that cannot be asked: %d, %s", got.code, got.err)
	}
	good := strings.ReplaceAll(strings.ReplaceAll(readFile(t, path), "2090-03-01", inDays(40)), "2090-03-03", inDays(42))
	got = ranWith(t, "", "feed", "check", written(t, "live.yaml", good), "--live")
	if got.code != exitDone || !strings.Contains(got.out, `"rate_id":"1"`) || !strings.Contains(asked, "guests=1") {
		t.Errorf("feed check --live = %d, asked %q\n%s%s", got.code, asked, got.out, got.err)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// inDays is the day in so many days.
func inDays(days int) string { return time.Now().AddDate(0, 0, days).Format(time.DateOnly) }
