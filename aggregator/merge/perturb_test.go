package merge

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"fanfare/aggregator/merge/match"
	"fanfare/providers/travel"
)

// perturber makes pairs from records: one house as two partners may write it, and
// another house that looks much like it. What it does is written from how documents of
// partners differ, not from what the rules forgive. Equal seeds make equal pairs.
type perturber struct{ *rand.Rand }

func newPerturber(seed uint64) *perturber { return &perturber{rand.New(rand.NewPCG(seed, 7))} }

func (r *perturber) chance(percent int) bool { return r.IntN(100) < percent }

// records are the sides of pairs that state a position of their own, one of each pair.
func records(pairs []pair) []travel.Property {
	var all []travel.Property
	for i := range pairs {
		if p := pairs[i].a; p.HasGeo && !p.centroid && ascii(p.Name) {
			p.GIATA = ""
			all = append(all, p.Property)
		}
	}
	return all
}

func ascii(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return r > 0x24f }) }

// pairs makes n pairs of each sort from records.
func (r *perturber) pairs(records []travel.Property, n int) []pair {
	var out []pair
	for range n {
		p := records[r.IntN(len(records))]
		out = append(out, pair{same: true, why: "perturbed", a: pairSide{Property: p}, b: pairSide{Property: r.again(p)}})
		if other, why := r.neighbour(p, records); why != "" {
			out = append(out, pair{why: why, a: pairSide{Property: p}, b: pairSide{Property: other}})
		}
	}
	return out
}

// again is the house as another partner writes it.
func (r *perturber) again(p travel.Property) travel.Property {
	words := strings.Fields(p.Name)
	switch {
	case r.chance(35):
		words = r.typo(words)
	case r.chance(30):
		words = shortened(words)
	case r.chance(25) && len(words) > 1:
		words = append([]string{words[len(words)-1]}, words[:len(words)-1]...) // the last word, often the town, goes first
	}
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return strings.EqualFold(w, "hotel") && r.chance(40) })
	if len(words) == 0 {
		words = strings.Fields(p.Name)
	}
	if !slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, "hotel") || match.ReadName(w)[0].Kinds != 0 }) && len(match.ReadName(p.Name)) == 1 && match.ReadName(p.Name)[0].Kinds == 0 && r.chance(25) {
		words = append(words, "Hotel")
	}
	p.Name = strings.Join(words, " ")
	switch {
	case r.chance(20):
		p.Name = strings.ToUpper(p.Name)
	case r.chance(20):
		p.Name = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "é", "e", "è", "e", "ç", "c", "ã", "a", "ñ", "n", "ø", "o").Replace(p.Name)
	}
	p = r.moved(p, 10+r.ExpFloat64()*40)
	if r.chance(30) {
		p.Stars = 0
	}
	if r.chance(40) {
		p.Address = ""
	}
	if r.chance(50) {
		p.Phone = ""
	}
	return p
}

// typo changes one letter of a word that is long enough to be read all the same.
func (r *perturber) typo(words []string) []string {
	var long []int
	for i, w := range words {
		if len(w) >= 7 && strings.Trim(strings.ToLower(w), "abcdefghijklmnopqrstuvwxyz") == "" {
			long = append(long, i)
		}
	}
	if len(long) == 0 {
		return words
	}
	words = slices.Clone(words)
	i := long[r.IntN(len(long))]
	w := []byte(words[i])
	at := 1 + r.IntN(len(w)-2)
	switch r.IntN(3) {
	case 0:
		w = slices.Delete(w, at, at+1)
	case 1:
		w[at], w[at+1] = w[at+1], w[at]
	default:
		w = slices.Insert(w, at, w[at])
	}
	words[i] = string(w)
	return words
}

var shortForms = map[string]string{
	"apartments": "Apts", "international": "Intl", "center": "Ctr", "centre": "Ctr", "street": "St", "saint": "St.", "boulevard": "Blvd",
	"garden": "Gdn", "tower": "Twr", "express": "Exp", "park": "Pk", "airport": "Arpt", "and": "&", "square": "Sq", "north": "Nth",
}

func shortened(words []string) []string {
	words = slices.Clone(words)
	for i, w := range words {
		if s := shortForms[strings.ToLower(w)]; s != "" {
			words[i] = s
		}
	}
	return words
}

// moved puts a property some metres away, in any direction.
func (r *perturber) moved(p travel.Property, metres float64) travel.Property {
	angle := r.Float64() * 2 * math.Pi
	p.Lat += metres / 111_200 * math.Cos(angle)
	p.Lon += metres / 111_200 * math.Sin(angle) / math.Cos(p.Lat*math.Pi/180)
	return p
}

var otherNames = strings.Fields("Aurora Bernstein Cordoba Dolphin Esmeralda Fontana Gloria Hermes Ilona Juniper Kastania Laguna Mirador Nautilus Olympia Perla Quetzal Rialto Sirocco Tramontana Ulysse Valentina Waldblick Xenia Yucatan Zenith")

// neighbour is another house that looks like p, and why it is another; "" if p offers no such.
func (r *perturber) neighbour(p travel.Property, records []travel.Property) (travel.Property, string) {
	words := strings.Fields(p.Name)
	here := match.Profiles(map[string]*travel.Property{p.ID: &p})[0]
	form := here.Names[0]
	if len(here.Names) > 1 {
		return p, "" // behind a former name nothing can be added
	}
	q := r.moved(p, r.ExpFloat64()*120)
	q.Phone, q.Website = "", ""
	switch r.IntN(6) {
	case 0: // another word of its own
		own := -1
		for i, w := range words {
			if f := match.ReadName(w)[0]; len(f.Words) == 1 && !here.InTown(f.Words[0].Text) && f.Words[0].Weight >= match.OwnWeight && len(f.Brands) == 0 && f.Kinds == 0 {
				own = i
			}
		}
		if own < 0 {
			return q, ""
		}
		words = slices.Clone(words)
		words[own] = otherNames[r.IntN(len(otherNames))]
		q.Name, q.Address = strings.Join(words, " "), ""
		return q, "another word"
	case 1:
		if len(form.Mods) > 0 {
			return q, ""
		}
		q.Name += [...]string{" Express", " Annex", " Budget"}[r.IntN(3)]
		return q, "modifier"
	case 2:
		if len(form.Numbers) > 0 {
			return q, ""
		}
		n := 1 + r.IntN(5)
		q.Name = fmt.Sprintf("%s Tower %d", p.Name, n)
		q.Address = ""
		return q, "numeral"
	case 3:
		a := match.ReadAddress(&p)
		if len(a.Houses) != 1 || len(a.Street) == 0 || a.Houses[0].From != a.Houses[0].To {
			return q, ""
		}
		old := fmt.Sprint(a.Houses[0].From)
		q.Address = strings.Replace(p.Address, old, fmt.Sprint(a.Houses[0].To+4+r.IntN(60)), 1)
		return q, "street number"
	case 4:
		if p.Stars == 0 {
			return q, ""
		}
		if q.Stars = p.Stars - 2; q.Stars < 1 {
			q.Stars = p.Stars + 2
		}
		return q, "stars"
	}
	o := records[r.IntN(len(records))]
	if share(&form, &match.ReadName(o.Name)[0]) {
		return q, ""
	}
	o.Lat, o.Lon = q.Lat, q.Lon
	o.Address = p.Address // both in one building
	return o, "another name"
}

func share(f, g *match.NameForm) bool {
	return slices.ContainsFunc(f.Words, func(w match.NameWord) bool {
		return slices.ContainsFunc(g.Words, func(v match.NameWord) bool { return w.Text == v.Text })
	}) || slices.ContainsFunc(f.Brands, func(b *match.Brand) bool { return slices.Contains(g.Brands, b) })
}
