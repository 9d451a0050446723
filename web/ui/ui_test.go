package ui

import (
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"fanfare/aggregator/rank"
	"fanfare/providers/fault"
)

func get(t *testing.T, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	Register(e)
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	return w
}

func TestFilesAndWhatIsNoFile(t *testing.T) {
	for path, want := range map[string]struct {
		status int
		kind   string
	}{
		"/":                {200, "text/html; charset=utf-8"},
		"/ui/main.js":      {200, "text/javascript; charset=utf-8"},
		"/ui/base.css":     {200, "text/css; charset=utf-8"},
		"/favicon.ico":     {200, "image/svg+xml"},
		"/ui/icon.svg":     {200, "image/svg+xml"},
		"/about/ranking":   {200, "text/html; charset=utf-8"},
		"/ui/":             {404, "application/problem+json"},
		"/ui/static/":      {404, "application/problem+json"},
		"/ui/static":       {404, "application/problem+json"},
		"/ui/none.js":      {404, "application/problem+json"},
		"/ui/../ui.go":     {404, "application/problem+json"},
		"/ui/%2e%2e/ui.go": {404, "application/problem+json"},
	} {
		w := get(t, path)
		if w.Code != want.status || w.Header().Get("Content-Type") != want.kind {
			t.Errorf("GET %s = %d %s, want %d %s", path, w.Code, w.Header().Get("Content-Type"), want.status, want.kind)
		}
	}
}

func TestClientThatHasTheFile(t *testing.T) {
	etag := get(t, "/ui/main.js").Header().Get("ETag")
	if w := get(t, "/ui/main.js", "If-None-Match", etag); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("GET with its own ETag = %d and %d bytes, want 304 and none", w.Code, w.Body.Len())
	}
}

// The page is served under a policy that forbids inline scripts and styles and
// everything from elsewhere; nothing of the page may need them.
func TestNothingInlineOrFromElsewhere(t *testing.T) {
	forbidden := regexp.MustCompile(`(?i)<script>|<style|\sstyle=|\son[a-z]+="|javascript:|//[a-z0-9.-]+\.[a-z]{2,}/`)
	parsers := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser`)
	all := load()
	all["ranking.html"] = ranking()
	for name, f := range all {
		body := strings.ReplaceAll(string(f.body), "http://www.w3.org/2000/svg", "") // a name, not an address
		if strings.HasSuffix(name, ".html") && forbidden.MatchString(body) {
			t.Errorf("%s holds %q", name, forbidden.FindString(body))
		}
		if found := parsers.FindString(body); strings.HasSuffix(name, ".js") && found != "" {
			t.Errorf("%s uses %s: what a partner sends must stay text", name, found)
		}
		if f.kind == "" {
			t.Errorf("%s has no media type", name)
		}
	}
}

// Every constant of the score stands on the page that explains it, with its reason.
func TestRankingPageSaysEveryConstant(t *testing.T) {
	body := html.UnescapeString(get(t, "/about/ranking").Body.String())
	for _, w := range append(rank.FlightWeights(), rank.StayWeights()...) {
		if !strings.Contains(body, "<td>"+w.Text()+"</td><td>"+w.Reason+"</td>") {
			t.Errorf("the page does not say %q", w.Text())
		}
	}
	for _, want := range []string{rank.HopelessRule(), rank.Version, "not an input"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if !strings.Contains(string(load()["index.html"].body), `href="/about/ranking"`) {
		t.Error("the travellers' page does not lead to it")
	}
}

// What the page says of a failure is what the table of package fault says.
func TestWordsOfCauses(t *testing.T) {
	script := string(load()["partners.js"].body)
	table := script[strings.Index(script, "causeWords = {"):]
	table = table[:strings.Index(table, "};")]
	words := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^  (\w+): "([^"]+)",$`).FindAllStringSubmatch(table, -1) {
		words[m[1]] = m[2]
	}
	for _, cause := range fault.Causes() {
		if got := words[string(cause)]; got != cause.Message() {
			t.Errorf("causeWords.%s = %q, want %q", cause, got, cause.Message())
		}
		delete(words, string(cause))
	}
	for cause := range words {
		t.Errorf("causeWords.%s: no such cause", cause)
	}
}
