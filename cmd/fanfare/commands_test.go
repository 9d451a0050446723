package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// ran is a command that has ended.
type ran struct {
	code     int
	out, err string
}

func ranWith(t *testing.T, in string, args ...string) ran {
	t.Helper()
	var out, errOut bytes.Buffer
	code := run(t.Context(), args, strings.NewReader(in), &out, &errOut)
	return ran{code, out.String(), errOut.String()}
}

// oneLine complains unless stderr is exactly one line that matches the pattern.
func (r ran) oneLine(t *testing.T, what string, code int, pattern string) {
	t.Helper()
	if r.code != code || strings.Count(r.err, "\n") != 1 || !regexp.MustCompile(pattern).MatchString(r.err) || r.out != "" {
		t.Errorf("%s = %d, stdout %q, stderr %q; want %d and one line like %q", what, r.code, r.out, r.err, code, pattern)
	}
}

func TestHelp(t *testing.T) {
	for _, command := range []string{"", "demo", "serve", "sim", "search", "search flights", "search hotels", "decode", "hotels", "hotels match", "version"} {
		got := ranWith(t, "", append(strings.Fields(command), "--help")...)
		if got.code != exitDone || !strings.HasPrefix(got.out, "Usage: fanfare "+command) || got.err != "" {
			t.Errorf("fanfare %s --help = %d, stdout %.60q, stderr %q", command, got.code, got.out, got.err)
		}
	}
}

func TestVersion(t *testing.T) {
	got := ranWith(t, "", "version")
	if got.code != exitDone || !regexp.MustCompile(`^fanfare \S.*\n$`).MatchString(got.out) || got.err != "" {
		t.Errorf("fanfare version = %d, %q, %q", got.code, got.out, got.err)
	}
}

// TestWrongUse: exit code 2, and a first line that says what is wrong.
func TestWrongUse(t *testing.T) {
	for args, want := range map[string]string{
		"":                                 `expected one of`,
		"fly":                              `unexpected argument fly`,
		"serve":                            `missing flags: --config`,
		"serve --config":                   `--config`,
		"serve --conf x":                   `unknown flag --conf`,
		"sim --listen 127.0.0.1:0":         `missing flags: --protocol`,
		"sim --protocol telex --listen :0": `--protocol telex: one of \[.*duffel .*hotelbeds .*\]`,
		"sim --protocol duffel --fault x --listen 127.0.0.1:0": `--fault x: one of`,
		"demo --partners 99":             `--partners 99: 0 to [0-9]+`,
		"demo --seed minus":              `--seed`,
		"decode x.json":                  `missing flags: --protocol`,
		"decode --protocol telex x.json": `--protocol telex: one of \[.*duffel .*hotelbeds .*\]`,
		"decode --protocol duffel":       `expected "<file>"`,
		"search":                         `expected one of`,
		"search flights LHR JFK":         `expected "<date>"`,
		"search flights LHR JFK 2027-03-01 --adults two":         `--adults`,
		"search flights LHR JFK 2027-03-01 --server localhost":   `--server localhost: an address such as`,
		"search hotels PAR 2027-03-01 2027-03-04 --rooms two":    `--rooms two: rooms by comma`,
		"search hotels PAR 2027-03-01 2027-03-04 --rooms 2,,1-7": `--rooms 2,,1-7: rooms by comma`,
		"hotels":               `expected`,
		"hotels match":         `expected "<file>"`,
		"hotels match --why x": `unknown flag --why`,
		"version please":       `unexpected argument please`,
	} {
		got := ranWith(t, "", strings.Fields(args)...)
		first, _, _ := strings.Cut(got.err, "\n")
		if got.code != exitUsage || got.out != "" || !strings.HasPrefix(first, "fanfare: ") || !regexp.MustCompile(want).MatchString(first) {
			t.Errorf("fanfare %s = %d, stdout %q, stderr %q; want %d and %q", args, got.code, got.out, got.err, exitUsage, want)
		}
	}
}

// TestCannot: exit code 1, and one clear line.
func TestCannot(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	taken := l.Addr().String()
	gone := httptest.NewServer(nil)
	gone.Close()
	html := httptest.NewServer(http.NotFoundHandler())
	defer html.Close()
	big := written(t, "big.json", strings.Repeat(" ", 8<<20+1))
	inUse := `^fanfare: listen .*` + regexp.QuoteMeta(taken) + `.* address already in use\n$`
	for _, c := range []struct {
		name, want string
		args       []string
	}{
		{"serve, no file", `^fanfare: read the configuration: open .*missing: no such file or directory\n$`, []string{"serve", "--config", missing}},
		{"serve --check, no file", `no such file or directory\n$`, []string{"serve", "--check", "--config", missing}},
		{"serve, a folder", `is a directory\n$`, []string{"serve", "--config", t.TempDir()}},
		{"serve, a port in use", inUse, []string{"serve", "--config", written(t, "f.yaml", "data_dir: "+t.TempDir()+"\nlisten: "+taken+"\nops: {listen: 127.0.0.1:0}\n")}},
		{"serve, the other port in use", inUse, []string{"serve", "--config", written(t, "f.yaml", "data_dir: "+t.TempDir()+"\nlisten: 127.0.0.1:0\nops: {listen: \""+taken+"\"}\n")}},
		{"demo, a port in use", inUse, []string{"demo", "--partners", "1", "--listen", taken}},
		{"sim, a port in use", inUse, []string{"sim", "--protocol", "duffel", "--listen", taken}},
		{"sim, no document", `no such file or directory\n$`, []string{"sim", "--protocol", "duffel", "--replay", missing, "--listen", "127.0.0.1:0"}},
		{"decode, no file", `no such file or directory\n$`, []string{"decode", "--protocol", "duffel", missing}},
		{"decode, too large", `larger than 8388608 bytes`, []string{"decode", "--protocol", "duffel", big}},
		{"decode, no query", `^fanfare: read the query: .* no such file or directory\n$`, []string{"decode", "--protocol", "duffel", "--query", missing, written(t, "d.json", `{"data":[]}`)}},
		{"search, nobody there", `^fanfare: no server answers at http://127.0.0.1:\d+: .*connection refused`, []string{"search", "flights", "LHR", "JFK", "2027-03-01", "--server", gone.URL}},
		{"search, another server", `^fanfare: http://127.0.0.1:\d+ answers 404 Not Found: not a Fanfare server\?\n$`, []string{"search", "flights", "LHR", "JFK", "2027-03-01", "--server", html.URL}},
	} {
		ranWith(t, "", c.args...).oneLine(t, c.name, exitFailed, c.want)
	}
}

const goodPartner = `
  - name: albatross
    protocol: duffel
    base_url: https://api.example.com
    credentials: {token: "${CHECK_TOKEN}"}
`

// TestCheck: everything that is wrong with a configuration at once, each with its
// path, and nothing else.
func TestCheck(t *testing.T) {
	t.Setenv("CHECK_TOKEN", "t")
	for _, c := range []struct {
		name, document string
		want           []string // the lines of stderr, from their second word on; the paths for exit code 2
	}{
		{"three mistakes", "listen: nowhere\nsearch: {budget: 40s}\npartners:" + goodPartner + "    deadline: 0s\n", []string{
			`listen: "nowhere"; host:port such as 127.0.0.1:8080`,
			`search.budget: 40s is more than search.max_wait (30s)`,
			`partners[0].deadline: 0s; above 0s and at most search.max_wait (30s)`,
		}},
		{"unknown keys", "listn: x\nsearch: {buget: 1s}\npartners:" + goodPartner + "    breaker: {colour: red}\n    colour: red\n", []string{
			`listn: unknown key;`, `search.buget: unknown key;`, `partners[0].breaker.colour: unknown key;`, `partners[0].colour: unknown key;`,
		}},
		{"a key twice", "listen: 127.0.0.1:1\nlisten: 127.0.0.1:2\n", []string{`listen: given twice (line 2)`}},
		{"unset variables", "data_dir: ${CHECK_UNSET}\npartners:\n  - {name: ab, protocol: duffel, base_url: \"https://x\", credentials: {token: \"${CHECK_UNSET}\"}}\n", []string{
			`data_dir: the environment variable CHECK_UNSET is not set (line 1)`,
			`partners[0].credentials.token: the environment variable CHECK_UNSET is not set (line 3)`,
			`partners[0].credentials.token: missing`,
		}},
		{"not built yet", "public_url: https://x\ncache: {redis: x}\npartners:" + goodPartner +
			"    deep_link: {template: x, hosts: [y]}\n", []string{
			`public_url: not in this version`, `cache.redis: not in this version`,
			`partners[0].deep_link.template: not in this version`, `partners[0].deep_link.hosts: not in this version`,
		}},
		{"a store that is none", "store: mysql://root:secret@x/y\nsecrets: {key_file: a, key_env: B}\naccess: {public: closed}\nlimits: {per_key: {streams: -1}}\n", []string{
			`store: must be sqlite:FILE or postgres://USER@HOST/DATABASE`, `access.public: "closed"; open or key`, `limits.per_key: must not be negative`,
		}},
		{"PostgreSQL without keys", "store: postgres://x@y/z\n", []string{`secrets: key_file or key_env must be set with PostgreSQL`}},
		{"two places of keys", "secrets: {key_file: a, key_env: B}\n", []string{`secrets: key_file and key_env exclude each other`}},
		{"a name twice", "partners:" + goodPartner + goodPartner, []string{`partners[1].name: "albatross" is the name of partners[0] already`}},
		{"wrong types", "listen: [a]\nlimits: {outbound: many}\nsearch: 8s\npartners: {}\n", []string{
			`listen: a list; a single value`, `limits.outbound: "many"; a whole number`, `search: "8s"; a mapping`, `partners: a mapping; a list`,
		}},
		{"a partner's mistakes", "partners:\n  - {name: A B, base_url: \"ftp://x\", deadline: 31s, max_body: 17MiB, cache: {max_age: soon}}\n", []string{
			`partners[0].name: "A B";`, `partners[0].protocol: missing;`, `partners[0].base_url: not an http(s) address`,
			`partners[0].deadline: 31s;`, `partners[0].max_body: 17825792 bytes;`, `partners[0].cache.max_age: "soon";`,
		}},
		{"no YAML", "listen: [\n", []string{`document: not YAML`}},
		{"the former name of do_not_merge", "hotels: {apart: [[\"albatross:1\", \"heron:2\"]]}\npartners:" + goodPartner, []string{"hotels.apart: is hotels.do_not_merge now"}},
		{"hotels that are not merged", "hotels: {do_not_merge: [[albatross:1], [albatross:1, \"heron\"], [\"albatross:2\", albatross:3], [\"albatross:\", \"dodo:x\"]]}\npartners:" + goodPartner, []string{
			`hotels.do_not_merge[0]: 1 listings; two, such as [pillow:4711, dormouse:12]`, `hotels.do_not_merge[1][1]: "heron"; a listing such as pillow:4711`,
			`hotels.do_not_merge[2]: two listings of one partner are never one property`, `hotels.do_not_merge[3][0]: "albatross:"; a listing`, `hotels.do_not_merge[3][1]: no partner is named "dodo"`,
		}},
		{"a clock", "clock: noon\n", []string{`clock: "noon"; an instant such as 2027-03-01T10:00:00Z`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := written(t, "fanfare.yaml", c.document)
			got := ranWith(t, "", "serve", "--check", "--config", path)
			lines := strings.Split(strings.TrimSuffix(got.err, "\n"), "\n")
			if last := fmt.Sprintf("fanfare: %s: %d mistakes", path, len(c.want)); got.code != exitUsage || got.out != "" || lines[len(lines)-1] != last {
				t.Errorf("fanfare serve --check = %d, stdout %q, last line %q; want %d, %q", got.code, got.out, lines[len(lines)-1], exitUsage, last)
			}
			for _, want := range c.want {
				if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, path+": "+want) }) {
					t.Errorf("no line begins with %q; there are\n%s", want, got.err)
				}
			}
			if len(lines) != len(c.want)+1 {
				t.Errorf("%d lines, want %d:\n%s", len(lines), len(c.want)+1, got.err)
			}
		})
	}
}

func TestCheckGood(t *testing.T) {
	t.Setenv("CHECK_TOKEN", "t")
	for name, c := range map[string]struct{ document, warning string }{
		"nothing at all":         {"", ""},
		"defaults written out":   {"store: sqlite:fanfare.db\ndata_dir: .\npublic_url: \"\"\nlimits: {per_key: {new_searches_per_second: 10, burst: 40}}\npartners:" + goodPartner + "    hedge: {enabled: true}\n    deep_link: {template: \"\", hosts: []}\n", ""},
		"a secret in the file":   {"partners:" + strings.ReplaceAll(goodPartner, "${CHECK_TOKEN}", "s3cret"), "partners[0].credentials.token: a secret stands in the file itself"},
		"no secret in a warning": {"partners:" + strings.ReplaceAll(goodPartner, "${CHECK_TOKEN}", "s3cret"), "warning"},
	} {
		path := written(t, "fanfare.yaml", c.document)
		got := ranWith(t, "", "serve", "--check", "--config", path)
		partners := strings.Count(c.document, "- name")
		if want := fmt.Sprintf("%s: good, %d partners\n", path, partners); got.code != exitDone || got.out != want {
			t.Errorf("%s: fanfare serve --check = %d, %q, %q; want %d, %q", name, got.code, got.out, got.err, exitDone, want)
		}
		if !strings.Contains(got.err, c.warning) || strings.Contains(got.err, "s3cret") || (c.warning == "") != (got.err == "") {
			t.Errorf("%s: stderr %q, want a warning %q and no secret", name, got.err, c.warning)
		}
	}
}

// TestReload sends real hangups to a server: a good file replaces the partners, a bad
// one changes nothing and says why.
func TestReload(t *testing.T) {
	t.Setenv("CHECK_TOKEN", "t")
	document := "listen: 127.0.0.1:0\nops: {listen: 127.0.0.1:0}\ndata_dir: " + t.TempDir() + "\npartners:" + goodPartner
	path := written(t, "fanfare.yaml", document)
	server := launch(t, "serve", "--config", path)
	base := server.find(t, "page and API on ")
	hangUp := func(document, want string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(document), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		server.find(t, want)
	}
	partners := func(origin string) string {
		var h head
		post(t, base+"/v1/hotels/searches", `{"destination":{"place":"`+origin+`"},"check_in":"`+soon(30)+`","check_out":"`+soon(31)+`"}`, &h)
		var names []string
		for _, p := range h.Partners {
			names = append(names, p.Name)
		}
		return strings.Join(names, " ")
	}
	if got := partners("PAR"); got != "albatross" {
		t.Errorf("partners at the start are %q", got)
	}
	hangUp(document+strings.Replace(goodPartner, "albatross", "heron", 1), "partners reloaded")
	if got := partners("LON"); got != "albatross heron" {
		t.Errorf("partners after a good reload are %q", got)
	}
	hangUp("listen: 127.0.0.1:0\npartners:"+strings.Replace(goodPartner, "duffel", "carrier pigeon", 1), "configuration not reloaded; nothing changed")
	if got := partners("ROM"); got != "albatross heron" {
		t.Errorf("partners after a bad reload are %q", got)
	}
	hangUp(document, "partners reloaded")
	if got := partners("MAD"); got != "albatross" {
		t.Errorf("partners after another good reload are %q", got)
	}
}

// TestSearchRefused: a problem's fields, one a line, under the command line's names.
func TestSearchRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	got := ranWith(t, "", "search", "flights", "XXQ", "JFK", "2026-13-01", "--adults", "0", "--sort", "beauty", "--server", s.base)
	for _, want := range []string{"origin: unknown airport", "date: ", "--adults: ", "--sort: "} {
		if !strings.Contains("\n"+got.err, "\nfanfare: "+want) {
			t.Errorf("no line says %q:\n%s", want, got.err)
		}
	}
	if got.code != exitUsage || got.out != "" {
		t.Errorf("a refused search = %d, stdout %q; want %d", got.code, got.out, exitUsage)
	}
}

// TestSearchEnds: how the search ends is the exit code, and stderr says why.
func TestSearchEnds(t *testing.T) {
	t.Parallel()
	all := newStage(t, []string{"albatross"})
	all.servers["albatross"].Close()
	if got := ranWith(t, "", "search", "flights", "LHR", "JFK", stageDay, "--server", all.base); got.code != exitFailed || got.out != "" ||
		!strings.Contains(got.err, "albatross: could not be reached\n") || !strings.HasSuffix(got.err, "fanfare: the search failed: no partner gave an answer that can be used\n") {
		t.Errorf("a failed search = %+v", got)
	}
	if got := ranWith(t, "", "search", "flights", "LHR", "JFK", stageDay, "--infants-seat", "1", "--server", all.base); got.code != exitDone ||
		!strings.HasPrefix(got.err, "albatross: ") || !strings.HasSuffix(got.err, "complete, no results, 0 of 0 partners answered\n") {
		t.Errorf("a search that is for no partner = %+v", got)
	}
	none := newStage(t, nil)
	ranWith(t, "", "search", "flights", "LHR", "JFK", stageDay, "--server", none.base).
		oneLine(t, "a search without partners", exitFailed, `^fanfare: There are no partners\. No partner is declared, so there is nobody to ask\. Try again in 30 s\.\n$`)
	busy := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "application/problem+json")
		rw.Header().Set("Retry-After", "7")
		rw.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(rw, `{"status":503,"title":"Too many searches at once","detail":"Not just now."}`)
	}))
	defer busy.Close()
	ranWith(t, "", "search", "flights", "LHR", "JFK", stageDay, "--server", busy.URL).
		oneLine(t, "a busy server", exitFailed, `^fanfare: Too many searches at once\. Not just now\. Try again in 7 s\.\n$`)
}

// The example in the repository is a good configuration.
func TestTheExampleIsGood(t *testing.T) {
	for _, name := range []string{"ALBATROSS_TOKEN", "PILLOW_KEY", "PILLOW_SECRET"} {
		t.Setenv(name, "secret")
	}
	got := ranWith(t, "", "serve", "--config", "../../examples/fanfare.yaml", "--check")
	if got.code != exitDone || got.out != "../../examples/fanfare.yaml: good, 2 partners\n" || got.err != "" {
		t.Errorf("the example = %+v", got)
	}
}
