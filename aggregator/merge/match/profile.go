package match

import (
	"maps"
	"math"
	"slices"
	"strings"
	"unsafe"

	"fanfare/providers/travel"
)

// Profile is what matching needs to know of one listing. It is made once an answer.
type Profile struct {
	Property    *travel.Property
	Names       []NameForm
	address     Address
	towns       townSet
	cityName    []string // words of the stated city
	country     string   // folded, "" is unknown
	phone       string   // the last digits, "" is unknown
	domain      string   // of a website that is the property's own
	Lat, Lon    float64
	HasPosition bool    // a position is stated; trust decides whether to believe it
	slack       float64 // metres by which a position of few digits may be off
	cell        cell
	Texts       []uint64  // hashes of names and words: see setBlocks
	Sketch      uint64    // see makeSketch
	facts       []BlockID // blocks of what is stated besides name and position
}

// phoneDigits is how many of a number's last digits are compared: countries and
// operators differ in what they put before.
const phoneDigits = 8

func profileOf(p *travel.Property, near *area) Profile {
	out := Profile{Property: p, address: ReadAddress(p), phone: phoneOf(p.Phone), domain: domainOf(p.Website), Lat: p.Lat, Lon: p.Lon, HasPosition: p.HasGeo}
	out.cityName, out.country = cityWords(p.City), countryOf(p.Country)
	out.towns = townSet{area: near, city: out.address.city}
	out.Names = nameForms(p.Name, &surroundings{towns: out.towns, lat: p.Lat, lon: p.Lon, hasPosition: p.HasGeo})
	out.streetIsCommon()
	if p.HasGeo {
		out.cell = cellOf(p.Lat, p.Lon)
		out.slack = slackOf(p.Lat, p.Lon)
	}
	out.setBlocks()
	return out
}

// Profiles are the profiles of one partner's properties, by id.
func Profiles(properties map[string]*travel.Property) []Profile {
	areas := areasOf(properties)
	ids := slices.Sorted(maps.Keys(properties))
	profiles := make([]Profile, len(ids))
	for i, id := range ids {
		profiles[i] = profileOf(properties[id], areas.of(properties[id]))
	}
	countWordsOf(profiles)
	return profiles
}

// countWordsOf makes words less rare that several listings of the partner have.
func countWordsOf(listed []Profile) {
	count := map[string]float32{}
	each := func(do func(*NameWord)) {
		for i := range listed {
			for j := range listed[i].Names[0].Words { // a former name adds nothing
				if w := &listed[i].Names[0].Words[j]; !w.town {
					do(w)
				}
			}
		}
	}
	each(func(w *NameWord) { count[w.Text]++ })
	each(func(w *NameWord) { w.rare /= count[w.Text] })
}

// InTown reports whether a word of a name is one of the town that the property is in.
func (p *Profile) InTown(w string) bool { return p.towns.has(w) }

// inAddress reports whether the address says a word of the other's name: the town, or the street.
func (p *Profile) inAddress(w string) bool {
	return p.towns.has(w) || len(w) > 3 && slices.ContainsFunc(p.address.Street, func(s NameWord) bool { return s.Text == w })
}

// streetIsCommon makes words less rare that the house has from its street.
func (p *Profile) streetIsCommon() {
	for i := range p.Names {
		for j := range p.Names[i].Words {
			if w := &p.Names[i].Words[j]; p.inAddress(w.Text) {
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
	if brands.at([]string{name}, false).Brand != nil {
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

// Bytes is about how much memory the profile has to itself.
func (p *Profile) Bytes() int64 {
	n := int64(unsafe.Sizeof(*p))
	for i := range p.Names {
		f := &p.Names[i]
		n += int64(unsafe.Sizeof(*f)) + int64(cap(f.Words))*int64(unsafe.Sizeof(NameWord{})) + 16*int64(cap(f.Numbers)+cap(f.Mods)+cap(f.streets)) + 8*int64(cap(f.Brands)) + int64(len(f.Key)+len(f.joined))
		for _, w := range f.Words {
			n += int64(len(w.Text)+len(w.bones)) + 16
		}
	}
	n += int64(cap(p.address.Street))*int64(unsafe.Sizeof(NameWord{})) + int64(cap(p.address.Houses))*int64(unsafe.Sizeof(HouseNumbers{})) + 8*int64(cap(p.address.lanes)) + 16*int64(cap(p.address.city)+cap(p.cityName)) + int64(len(p.address.joined))
	return n + int64(len(p.phone)+len(p.domain)) + 8*int64(cap(p.Texts)+cap(p.facts))
}
