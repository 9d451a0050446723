package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// someListings are four houses: three partners list the first, two the second, and two may
// be the third.
const someListings = `{"partner":"pillow","id":"1","name":"Hotel Adlon Kempinski","address":"Unter den Linden 77","city":"Berlin","country":"DE","lat":52.5161,"lon":13.3803,"stars":5}
{"partner":"otter","id":77,"name":"ADLON KEMPINSKI BERLIN","city":"Berlin","country":"Germany","lat":"52.5163","lon":"13.3801","stars":"5"}
{"partner":"heron","id":"x","name":"Adlon","phone":493022610,"lat":52.5162,"lon":13.3804,"giata":null}
{"partner":"pillow","id":"2","name":"ibis Berlin Mitte","address":"Prenzlauer Allee 4","lat":52.5281,"lon":13.4182}

{"partner":"otter","id":"2","name":"Ibis Hotel Berlin Mitte","address":"Prenzlauer Allee 4","lat":52.5283,"lon":13.4184,"url":"https://example.com"}
{"partner":"otter","id":"3","name":"ibis budget Berlin Mitte","address":"Prenzlauer Allee 4","lat":52.5283,"lon":13.4184}
{"partner":"pillow","id":"5","name":"Bayard Palais","lat":52.5001,"lon":13.4003}
{"partner":"heron","id":"5","name":"Bayard Palais Suites","lat":52.5002,"lon":13.4004}
`

const someHouses = `{"listings":[["heron","5"]]}
{"listings":[["heron","x"],["otter","77"],["pillow","1"]]}
{"listings":[["otter","2"],["pillow","2"]]}
{"listings":[["otter","3"]]}
{"listings":[["pillow","5"]]}
{"may_be_same":[["heron","5"],["pillow","5"]],"probability":0.91}
`

func TestHotelsMatch(t *testing.T) {
	file := filepath.Join(t.TempDir(), "listings.ndjson")
	if err := os.WriteFile(file, []byte(someListings), 0o600); err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(someListings, "\n")
	slices.Reverse(lines)
	for name, got := range map[string]ran{
		"file":          ranWith(t, "", "hotels", "match", file),
		"stdin":         ranWith(t, someListings, "hotels", "match", "-"),
		"other order":   ranWith(t, strings.Join(lines, ""), "hotels", "match", "-"),
		"marked as UTF": ranWith(t, "\ufeff"+someListings, "hotels", "match", "-"),
	} {
		if got.code != exitDone || got.out != someHouses || got.err != "" {
			t.Errorf("%s: fanfare hotels match = %d, stdout\n%s\nstderr %q; want\n%s", name, got.code, got.out, got.err, someHouses)
		}
	}
	if got := ranWith(t, "", "hotels", "match", "-"); got.code != exitDone || got.out != "" {
		t.Errorf("fanfare hotels match of nothing = %d, %q, %q", got.code, got.out, got.err)
	}
}

// With --explain each pair that was compared is told, with its veto and its evidence.
func TestHotelsMatchExplains(t *testing.T) {
	got := ranWith(t, someListings, "hotels", "match", "--explain", "-")
	rest, ok := strings.CutPrefix(got.out, someHouses)
	if got.code != exitDone || !ok {
		t.Fatalf("fanfare hotels match --explain = %d, %q, %q", got.code, got.out, got.err)
	}
	verdicts := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(rest), "\n") {
		var j judgementLine
		if err := json.Unmarshal([]byte(line), &j); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		veto := ""
		if j.Veto != nil {
			veto = *j.Veto
		}
		sum := 0.0
		for _, part := range j.Evidence {
			sum += part.LogOdds
		}
		if j.Verdict == "same" && (len(j.Evidence) < 2 || sum < 2.4) {
			t.Errorf("%s: evidence of %v in all, of %d parts", line, sum, len(j.Evidence))
		}
		verdicts[fmt.Sprint(j.Pair)] = j.Verdict + veto
	}
	for pair, want := range map[string]string{
		"[[otter 77] [pillow 1]]": "same", "[[otter 2] [pillow 2]]": "same", "[[otter 3] [pillow 2]]": "differentbrand", "[[heron 5] [pillow 5]]": "may_be_same",
	} {
		if verdicts[pair] != want {
			t.Errorf("verdict on %s is %q, want %q", pair, verdicts[pair], want)
		}
	}
}

// A line that is wrong is told by its number, with what would be right.
func TestHotelsMatchComplains(t *testing.T) {
	good := `{"partner":"a","id":"1","name":"Hotel"}` + "\n"
	for name, test := range map[string]struct{ lines, want string }{
		"no JSON":     {good + "Hotel\n", `^fanfare: -:2: no JSON object; a line is such as \{"partner":"pillow"`},
		"an array":    {`["a","1"]`, `^fanfare: -:1: no JSON object`},
		"null":        {`null`, `^fanfare: -:1: no JSON object`},
		"unknown":     {good + `{"partner":"a","id":"2","nam":"x"}`, `^fanfare: -:2: nam: no such field; one of partner, id, name, `},
		"no partner":  {`{"id":"1","name":"x"}`, `^fanfare: -:1: without partner or id`},
		"no id":       {`{"partner":"a","id":null}`, `^fanfare: -:1: without partner or id`},
		"latitude":    {`{"partner":"a","id":"1","lat":91,"lon":0}`, `^fanfare: -:1: lat: 91 is no number from -90 to 90`},
		"longitude":   {`{"partner":"a","id":"1","lat":1,"lon":"east"}`, `^fanfare: -:1: lon: "east" is no number from -180 to 180`},
		"stars":       {`{"partner":"a","id":"1","stars":"five"}`, `^fanfare: -:1: stars: "five" is no number from 0 to 7`},
		"name":        {`{"partner":"a","id":"1","name":7}`, `^fanfare: -:1: name: 7 is no string`},
		"twice":       {good + "\n" + good, `^fanfare: -:3: partner "a" lists id "1" on line 1 already`},
		"half a line": {good + `{"partner":"a"`, `^fanfare: -:2: no JSON object`},
	} {
		t.Run(name, func(t *testing.T) {
			ranWith(t, test.lines, "hotels", "match", "-").oneLine(t, "fanfare hotels match -", exitFailed, test.want)
		})
	}
	ranWith(t, "", "hotels", "match", "nowhere.ndjson").oneLine(t, "fanfare hotels match nowhere.ndjson", exitFailed, `nowhere.ndjson`)
	several := ranWith(t, strings.Repeat("x\n", 30), "hotels", "match", "-")
	if n := strings.Count(several.err, "no JSON object"); several.code != exitFailed || n != mostComplaints || several.out != "" {
		t.Errorf("of 30 wrong lines = %d with %d complaints and stdout %q, want %d", several.code, n, several.out, mostComplaints)
	}
}
