package places

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSearchFirst(t *testing.T) {
	for q, want := range map[string]string{
		"lodnon": "LON", "nwe york": "NYC", "munchen": "MUC", "sao paulo": "SAO", "st petersburg": "LED", "heathrw": "LHR", "tokio": "TYO",
		"lond": "LON", "paris": "PAR", "LHR": "LHR", "lhr": "LHR", " lhr ": "LHR", "new york": "NYC", "newyork": "NYC", "köln": "CGN", "koeln": "CGN",
		"KÖLN": "CGN", "zurich": "ZRH", "zürich": "ZRH", "zuerich": "ZRH", "bombay": "BOM", "kiev": "IEV", "kyiv": "IEV", "san fran": "SFO",
		"los angeles": "LAX", "são": "SAO", "münchen": "MUC", "muenchen": "MUC", "newark": "EWR", "jfk": "JFK", "ny": "NYC", "gatwick": "LGW",
		"st pete": "LED", "St. Petersburg": "LED", "saint petersburg": "LED", "sankt petersburg": "LED", "washington": "WAS", "rio": "RIO",
		"milan": "MIL", "milano": "MIL", "heathrow london": "LHR", "paris orly": "ORY", "barcelna": "BCN", "amstrdam": "AMS", "frankfrt": "FRA",
		"bankok": "BKK", "hongkong": "HKG", "københavn": "CPH", "東京": "TYO", "москва": "MOW", "hobby": "HOU", "BER": "BER", "BAR": "BAR",
		"kyoto": "JP-KYOTO", "jp-kyoto": "JP-KYOTO", "xi'an": "XIY", "malpensa": "MXP", "dulles": "IAD", "tegel": "TXL", "reykjavik": "REK",
		"Paris, France": "PAR", "london united kingdom": "LON", "Portland, Oregon": "PDX", "heathrow airport": "LHR",
	} {
		got := Default().Search(q, 3)
		if len(got) == 0 || got[0].ID != want {
			t.Errorf("Search(%q) = %v, want %s first", q, ids(got), want)
		}
	}
}

func ids(places []Place) []string {
	var s []string
	for _, p := range places {
		s = append(s, p.ID)
	}
	return s
}

// typos returns every text that one typing error makes of the name: a letter
// missing, doubled, exchanged for the next in the alphabet, or swapped with its neighbour.
func typos(name string) []string {
	r := []rune(name)
	var all []string
	add := func(parts ...[]rune) {
		var b strings.Builder
		for _, p := range parts {
			b.WriteString(string(p))
		}
		if s := b.String(); s != name && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	for i := range r {
		add(r[:i], r[i+1:])
		add(r[:i+1], r[i:])
		if r[i] >= 'a' && r[i] < 'z' {
			add(r[:i], []rune{r[i] + 1}, r[i+1:])
		}
		if i > 0 {
			add(r[:i-1], []rune{r[i], r[i-1]}, r[i+1:])
		}
	}
	return all
}

// TestSearchTypos makes every single typing error in the names of the 100 biggest
// cities. Names of four letters are left out: one error makes other names of them.
func TestSearchTypos(t *testing.T) {
	a := Default()
	cities := slices.Clone(a.places)
	cities = slices.DeleteFunc(cities, func(p Place) bool {
		code := a.codes.get(p.Airports[0])
		return len(p.City) < 5 || p.Type == TypeCity || p.Type == TypeAirport && a.airports[code.airport].Metro != ""
	})
	size := func(p Place) int { return int(a.index().sizes[a.byID[p.ID]]) }
	slices.SortStableFunc(cities, func(p, q Place) int { return size(q) - size(p) })
	first, third, total := 0, 0, 0
	for _, c := range cities[:100] {
		for _, q := range typos(fold(c.City)) {
			total++
			at := slices.Index(ids(a.Search(q, 3)), c.ID)
			if at == 0 {
				first++
			}
			if at >= 0 {
				third++
			} else {
				t.Logf("Search(%q) = %v, want %s", q, ids(a.Search(q, 3)), c.ID)
			}
		}
	}
	t.Logf("%d typing errors in 100 cities: %.2f %% first, %.2f %% among three", total, 100*float64(first)/float64(total), 100*float64(third)/float64(total))
	if first*100 < total*97 || third*100 < total*99 {
		t.Error("want at least 97 % first and 99 % among three")
	}
}

// TestSearchTwoErrors makes two errors at random in long names.
func TestSearchTwoErrors(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	found, total := 0, 0
	for _, name := range []string{"barcelona", "amsterdam", "frankfurt", "copenhagen", "los angeles", "san francisco", "singapore",
		"stockholm", "edinburgh", "manchester", "marrakesh", "kuala lumpur", "buenos aires", "washington", "melbourne", "vancouver"} {
		want := Default().Search(name, 1)[0].ID
		for range 50 {
			once := typos(name)
			twice := typos(once[random.IntN(len(once))])
			total++
			if slices.Contains(ids(Default().Search(twice[random.IntN(len(twice))], 3)), want) {
				found++
			}
		}
	}
	t.Logf("two errors: %d of %d among three", found, total)
	if found*100 < total*95 {
		t.Error("want at least 95 % among three")
	}
}

func TestSearchEdges(t *testing.T) {
	for _, q := range []string{"", " ", "-", "\xff\xfe", "\x00", strings.Repeat("a", 10000), strings.Repeat("ß", 10000), "zzzzzzzzzz"} {
		if got := Default().Search(q, 10); len(got) > 0 && len(q) < 100 {
			t.Errorf("Search(%.20q) = %v, want none", q, ids(got))
		}
	}
	if got := Default().Search("london", 0); got != nil {
		t.Errorf("Search with limit 0 = %v, want none", ids(got))
	}
	if got := Default().Search("a", 7); len(got) != 7 {
		t.Errorf("Search(a, 7) has %d places, want 7", len(got))
	}
}

// TestEdits checks the banded count against the plain one.
func TestEdits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := rapid.StringMatching(`[abc]{1,9}`).Draw(t, "q")
		k := rapid.StringMatching(`[abc]{1,12}`).Draw(t, "k")
		most := rapid.IntRange(1, 2).Draw(t, "most")
		wantPrefix := most + 1
		for j := range len(k) + 1 {
			wantPrefix = min(wantPrefix, plainEdits(q, k[:j]))
		}
		whole, prefix := edits([]byte(q), k, most)
		if want := min(plainEdits(q, k), most+1); whole != want || prefix != wantPrefix {
			t.Fatalf("edits(%q, %q, %d) = %d, %d, want %d, %d", q, k, most, whole, prefix, want, wantPrefix)
		}
	})
}

func plainEdits(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}

func TestSuggest(t *testing.T) {
	for text, want := range map[string]string{
		"LHX": "LHR (London Heathrow)", "heathrw": "LHR (London Heathrow)", "LONDN": "LON (London)", "JKF": "JFK (New York, John F. Kennedy)",
		"kyotoo": "JP-KYOTO (Kyoto)", "münch": "MUC (Munich)",
	} {
		if got := Default().Suggest(text, 3); !slices.Contains(got, want) || len(got) > 3 {
			t.Errorf("Suggest(%q) = %q, want %q in it", text, got, want)
		}
	}
	if got := Default().Suggest("qqqqqqqqqqq", 3); len(got) != 0 {
		t.Errorf("Suggest(qqqqqqqqqqq) = %q, want none", got)
	}
}

func BenchmarkSearch(b *testing.B) {
	a := Default()
	for _, q := range []string{"l", "lon", "london", "lodnon", "nwe york", "st petersburg", "sao paulo", "münchen", "san francisc", "heathrow london",
		"international", "qwertyuiop", "rio de janero brasil galeao airp",
		"zq zq zq zq zq zq zq zq zq zq zq zq zq zq zq zq zq zq zq zq zq zq zq zq zq zq zq zq"} {
		b.Run(strings.ReplaceAll(q[:min(len(q), 20)], " ", "_"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				a.Search(q, 10)
			}
		})
	}
}

func FuzzSearch(f *testing.F) {
	for _, q := range []string{"lodnon", "St. Gallen", "東京", "\xff", "ß'’", "a b c d"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, q string) {
		if got := Default().Search(q, 5); len(got) > 5 {
			t.Errorf("Search(%q) has %d places", q, len(got))
		}
	})
}
