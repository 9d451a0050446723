package merge

import (
	"math"
	"slices"
	"strings"
	"unsafe"

	"fanfare/providers/travel"
)

// profile is what matching needs to know of one listing. It is made once an answer.
type profile struct {
	property *travel.Property
	names    []nameForm
	address  address
	towns    townSet
	cityName []string // words of the stated city
	country  string   // folded, "" is unknown
	phone    string   // the last digits, "" is unknown
	domain   string   // of a website that is the property's own
	lat, lon float64
	geo      bool    // a position is stated; trust decides whether to believe it
	slack    float64 // metres by which a position of few digits may be off
	cell     cell
	texts    []uint64  // hashes of names and words: see block
	drawn    uint64    // see sketch
	facts    []blockID // blocks of what is stated besides name and position
}

// phoneDigits is how many of a number's last digits are compared: countries and
// operators differ in what they put before.
const phoneDigits = 8

func profileOf(p *travel.Property, near *area) profile {
	out := profile{property: p, address: readAddress(p), phone: phoneOf(p.Phone), domain: domainOf(p.Website), lat: p.Lat, lon: p.Lon, geo: p.HasGeo}
	out.cityName, out.country = cityWords(p.City), countryOf(p.Country)
	out.towns = townSet{area: near, city: out.address.city}
	out.names = nameForms(p.Name, &surroundings{towns: out.towns, lat: p.Lat, lon: p.Lon, geo: p.HasGeo})
	out.streetIsCommon()
	if p.HasGeo {
		out.cell = cellOf(p.Lat, p.Lon)
		out.slack = slackOf(p.Lat, p.Lon)
	}
	out.block()
	return out
}

// inAddress reports whether the address says a word of the other's name: the town, or the street.
func (p *profile) inAddress(w string) bool {
	return p.towns.has(w) || len(w) > 3 && slices.ContainsFunc(p.address.street, func(s nameWord) bool { return s.text == w })
}

// streetIsCommon makes words less rare that the house has from its street.
func (p *profile) streetIsCommon() {
	for i := range p.names {
		for j := range p.names[i].words {
			if w := &p.names[i].words[j]; p.inAddress(w.text) {
				w.rare = min(w.rare, rareCommon)
			}
		}
	}
}

// slackOf is by how many metres a position may be off that is written with one or two
// digits behind the point.
func slackOf(lat, lon float64) float64 {
	rounded := func(x, digits float64) bool { return math.Abs(x*digits-math.Round(x*digits)) < 1e-6 }
	switch {
	case rounded(lat, 10) && rounded(lon, 10):
		return 7_000
	case rounded(lat, 100) && rounded(lon, 100):
		return 700
	}
	return 0
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
	if brands.at([]string{name}, false).brand != nil {
		return ""
	}
	return host
}

// cell is a geohash-6: 15 bits of longitude and of latitude, about 1.2 by 0.6 km.
type cell struct{ x, y int32 }

const cellsRound = 1 << 15 // columns around the Earth

func cellOf(lat, lon float64) cell {
	return cell{int32((lon+180)/360*cellsRound) & (cellsRound - 1), int32(math.Min((lat+90)/180*cellsRound, cellsRound-1))}
}

// bytes is about how much memory the profile has to itself.
func (p *profile) bytes() int64 {
	n := int64(unsafe.Sizeof(*p))
	for i := range p.names {
		f := &p.names[i]
		n += int64(unsafe.Sizeof(*f)) + int64(cap(f.words))*int64(unsafe.Sizeof(nameWord{})) + 16*int64(cap(f.numbers)+cap(f.mods)+cap(f.streets)) + 8*int64(cap(f.brands)) + int64(len(f.key)+len(f.joined))
		for _, w := range f.words {
			n += int64(len(w.text)+len(w.bones)) + 16
		}
	}
	n += int64(cap(p.address.street))*int64(unsafe.Sizeof(nameWord{})) + int64(cap(p.address.houses))*int64(unsafe.Sizeof(houses{})) + 8*int64(cap(p.address.lanes)) + 16*int64(cap(p.address.city)+cap(p.cityName)) + int64(len(p.address.joined))
	return n + int64(len(p.phone)+len(p.domain)) + 8*int64(cap(p.texts)+cap(p.facts))
}
