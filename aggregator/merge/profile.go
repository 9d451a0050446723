package merge

import (
	"math"
	"strings"
	"unsafe"

	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// profile is what matching needs to know of one listing. It is made once an answer.
type profile struct {
	property *travel.Property
	names    []nameForm
	address  address
	towns    map[string]bool // words that say which town, shared by an answer's profiles
	phone    string          // the last digits, "" is unknown
	domain   string          // of a website that is the property's own
	lat, lon float64
	geo      bool // a position is stated; Stays decides whether to trust it
	cell     cell
	texts    []uint64  // hashes of names and words: see block
	drawn    uint64    // see sketch
	facts    []blockID // blocks of what is stated besides name and position
}

// phoneDigits is how many of a number's last digits are compared: countries and
// operators differ in what they put before.
const phoneDigits = 8

func profileOf(p *travel.Property, towns map[string]bool) profile {
	out := profile{property: p, towns: towns, address: readAddress(p), phone: phoneOf(p.Phone), domain: domainOf(p.Website), lat: p.Lat, lon: p.Lon, geo: p.HasGeo}
	for _, w := range out.address.city {
		if !towns[w] {
			out.towns = withWords(towns, out.address.city)
			break
		}
	}
	out.names = nameForms(p.Name, out.towns)
	if p.HasGeo {
		out.cell = cellOf(p.Lat, p.Lon)
	}
	out.block()
	return out
}

func withWords(set map[string]bool, words []string) map[string]bool {
	all := make(map[string]bool, len(set)+len(words))
	for w := range set {
		all[w] = true
	}
	for _, w := range words {
		if !generic[w] {
			all[w] = true
		}
	}
	return all
}

func phoneOf(s string) string {
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			b = append(b, s[i])
		}
	}
	if len(b) < phoneDigits-1 {
		return ""
	}
	return string(b[max(0, len(b)-phoneDigits):])
}

// domainOf is the host of a website, "" for those of chains and of places where many
// houses have a page: a domain of a brand's name is the brand's.
func domainOf(website string) string {
	_, rest, ok := strings.Cut(website, "://")
	if !ok {
		rest = website
	}
	host, path, _ := strings.Cut(strings.ToLower(rest), "/")
	host = strings.TrimPrefix(strings.TrimSpace(host), "www.")
	name, _, ok := strings.Cut(host, ".")
	if !ok || strings.Trim(path, "/") != "" && len(path) > 8 {
		return ""
	}
	switch name {
	case "booking", "facebook", "instagram", "expedia", "hotels", "airbnb", "all", "ihg", "accor", "accorhotels", "google", "business", "sites":
		return ""
	}
	if b, _ := brands.at([]string{name}); b != nil {
		return ""
	}
	return host
}

// townsMetres is how far around a property towns lend their names to it: the suburbs of
// large cities call themselves by the city's name.
const townsMetres = 30_000

// townWords are the words by which towns around the answer's properties are called. They
// are looked up once for each half degree: all properties of a search are close together.
func townWords(stays []travel.Stay) map[string]bool {
	const cells, most = 2, 16 // cells in a degree; of an area of 50 km no more are needed
	seen := map[[2]int]bool{}
	words := map[string]bool{}
	for i := range stays {
		p := &stays[i].Property
		at := [2]int{int(math.Floor(p.Lat * cells)), int(math.Floor(p.Lon * cells))}
		if !p.HasGeo || seen[at] || len(seen) == most {
			continue
		}
		seen[at] = true
		for _, w := range places.Default().TownsNear(p.Lat, p.Lon, townsMetres) {
			if !generic[w] && weights[w] == 0 && !modifiers[w] && kinds[w] == 0 {
				words[w] = true
			}
		}
	}
	return words
}

// cell is a geohash-6: 15 bits of longitude and of latitude, about 1.2 by 0.6 km.
type cell struct{ x, y int32 }

const cellsRound = 1 << 15 // columns around the Earth

func cellOf(lat, lon float64) cell {
	return cell{int32((lon+180)/360*cellsRound) & (cellsRound - 1), int32(math.Min((lat+90)/180*cellsRound, cellsRound-1))}
}

// around are the cell and its 8 neighbours; the date line is no border.
func (c cell) around() (all [9]cell) {
	n := 0
	for dy := int32(-1); dy <= 1; dy++ {
		for dx := int32(-1); dx <= 1; dx++ {
			all[n] = cell{(c.x + dx) & (cellsRound - 1), c.y + dy}
			n++
		}
	}
	return all
}

// bytes is about how much memory the profile has to itself.
func (p *profile) bytes() int64 {
	n := int64(unsafe.Sizeof(*p))
	for i := range p.names {
		f := &p.names[i]
		n += int64(unsafe.Sizeof(*f)) + int64(cap(f.words))*int64(unsafe.Sizeof(nameWord{})) + 16*int64(cap(f.numbers)+cap(f.mods)+cap(f.streets)) + 8*int64(cap(f.brands)) + int64(len(f.key))
		for _, w := range f.words {
			n += int64(len(w.text)+len(w.bones)) + 16
		}
	}
	n += int64(cap(p.address.street))*int64(unsafe.Sizeof(nameWord{})) + int64(cap(p.address.houses))*int64(unsafe.Sizeof(houses{})) + 16*int64(cap(p.address.city))
	return n + int64(len(p.phone)+len(p.domain)) + 8*int64(cap(p.texts)+cap(p.facts))
}
