package match

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// Address is where a property says it is, as far as the line can be read.
type Address struct {
	Street   []NameWord // own words of the street's name, without those for "street"
	joined   string     // the same without spaces
	lanes    []int      // numbers of the street: 5th Avenue, Soi 11
	way      string     // which sort of street, "" is unknown: street, square, avenue
	Houses   []HouseNumbers
	postcode string   // letters and digits, upper case
	city     []string // folded words
}

// HouseNumbers is a range of numbers on one street; letter is that of 12a, 0 without one.
type HouseNumbers struct {
	From, To int
	letter   byte
}

// ways are the words for streets. A name and its square are two addresses.
var ways = renamed(
	`street: street st str strasse straat rue via calle c ulica ulitsa ul u utca gata gatan gade ulice rua r carrer carreras strada jalan jl jln odos jie dajie xiang hutong pho duong thanon th tanon sokak sokagi sk daero gil vul vulitsya iela gatve tanav katu`,
	`square: square sq platz pl place plaza piazza plaza praca praza placa namesti nam plac plein ploshchad torg torget ter plateia largo campo meydani trg`,
	`avenue: avenue av ave avenida avda avd avinguda allee aleja aleje al prospekt prospect prosp pr leoforos caddesi cad cd`, `road: road rd weg chemin chem ch cesta droga tie dori tee lu route rte carretera ctra crta cra`,
	`boulevard: boulevard blvd bd bulevar viale bulvar bulvari bulevard bulevardul bdul paseo pso passeig pg`, `lane: lane ln gasse vicolo ruelle steeg pereulok per calleja travessa tv travesia`, `way: way`, `drive: drive dr`, `quay: quay quai kai kade naberezhnaya nab emb embankment lungomare`,
	`promenade: promenade prom`, `parkway: parkway pkwy pky`, `highway: highway hwy freeway fwy expressway`, `court: court ct`, `circle: circle cir`,
)

// laneWords stand before or behind the number of a lane; unitWords before a number that is
// none of the house.
var (
	laneWords = wordSet(`soi moo mu lane ngo hem alley gali km kilometre kilometer cross sector phase`)
	unitWords = wordSet(`unit suite ste apt apartment flat floor piso planta etage blk block lot room bus door staircase`)
)

// directionLetters are directions by their first letters.
var directionLetters = map[string]string{"north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw"}

// streetNoise are words of streets that one writes and the other leaves out.
var streetNoise = wordSet(`nr no n num numero number sw sv dr doctor gen gral gal general prof pres cnr corner opp opposite near behind next of between s sn`)

// chineseWords are directions and numbers of streets as Chinese names them.
var chineseWords = map[string]string{"dong": "east", "xi": "west", "nan": "south", "bei": "north", "zhong": "middle"}

// chineseCounts are numbers of streets in Chinese.
var chineseCounts = map[string]string{"yi": "1st", "er": "2nd", "san": "3rd", "si": "4th", "wu": "5th"}

// ReadAddress reads a line as decoders put it together: parts by comma, the street
// first, then postcode and town, then the country.
func ReadAddress(p *travel.Property) Address {
	a := Address{postcode: postcodeOf(p.PostCode), city: cityWords(p.City)}
	parts := strings.Split(p.Address, ",")
	at := streetPart(parts)
	for i, part := range parts {
		switch {
		case i == at:
			a.readStreet(part)
		case i == at+1 && len(a.Houses) == 0 && isHouseNumber(part) && !isTown(part):
			a.readStreet(strings.Fields(part)[0]) // "Avenida Paulista, 1000 - Bela Vista"
		case i > at:
			a.readTown(part)
		}
	}
	if at > 0 && len(a.Houses) == 0 && isHouseNumber(parts[at-1]) {
		a.readStreet(parts[at-1])
	}
	return a
}

// streetPart is the position of the part that names the street: the first that has both
// letters and a house number, else the first with a word for a street, else the first.
func streetPart(parts []string) int {
	for i, part := range parts {
		letters, number, way := false, false, false
		for _, w := range strings.Fields(places.Fold(part)) {
			_, named := streetWord(w)
			way = way || named != ""
			if _, ok := houseNumber(w); ok {
				number = true
			} else if len(w) > 1 {
				letters = true
			}
		}
		if way && letters && !number && i+1 < len(parts) && isHouseNumber(parts[i+1]) {
			return i
		}
		if letters && number && (i == 0 || i < len(parts)-1) {
			return i
		}
	}
	for i, part := range parts {
		for _, w := range strings.Fields(places.Fold(part)) {
			if stem, way := streetWord(w); way != "" && len(stem) != 1 {
				return i
			}
		}
	}
	return 0
}

// isTown reports whether a part is a postcode of four digits and a town: "6002 Luzern".
func isTown(part string) bool {
	words := strings.Fields(part)
	return len(words) > 1 && len(words[0]) == 4 && isNumber(words[0]) && unicode.IsLetter([]rune(words[1])[0])
}

// isHouseNumber reports whether a part begins with a house number.
func isHouseNumber(part string) bool {
	words := strings.Fields(places.Fold(part))
	if len(words) == 0 {
		return false
	}
	_, ok := houseNumber(words[0])
	return ok
}

func (a *Address) readStreet(part string) {
	words := strings.Fields(places.Fold(strings.NewReplacer("/", "-", " - ", "-").Replace(part)))
	words = chineseStreet(words)
	streetWords(words)
	ranged, led := strings.Contains(part, "-"), false
	for i := 0; i < len(words); i++ {
		w := words[i]
		next := ""
		if i+1 < len(words) {
			next = words[i+1]
		}
		if n, ordinal := numberIn(w); ordinal {
			a.lane(n)
			continue
		}
		if laneWords[w] || unitWords[w] {
			if isNumber(next) {
				if laneWords[w] {
					a.lane(next)
				}
				i++
			}
			continue
		}
		if h, ok := houseNumber(w); ok {
			if to, ok := houseNumber(next); ok && ranged && to.From >= h.From && to.From-h.From < 100 {
				h.To, i = to.From, i+1
			}
			if i+1 < len(words) && len(words[i+1]) == 1 && h.letter == 0 && words[i+1][0] >= 'a' && words[i+1][0] <= 'd' {
				h.letter, i = words[i+1][0], i+1
			}
			switch {
			case led && len(a.Street) > 0 && h.letter == 0: // "171 Sukhumvit 11": the house comes first
				a.lanes = append(a.lanes, h.From)
			case led && h.letter == 0 && ways[next] != "" && len(a.Street) == 0 && !ranged: // "43 West 32 Street"
				a.lanes = append(a.lanes, h.From)
			default:
				a.Houses = append(a.Houses, h)
			}
			led = led || len(a.Street) == 0
			continue
		}
		a.streetName(w, next)
	}
}

// lane notes a number of the street.
func (a *Address) lane(number string) {
	if n, err := strconv.Atoi(number); err == nil && n < 1000 {
		a.lanes = append(a.lanes, n)
	}
}

// streetName takes a word of the street's name.
func (a *Address) streetName(w, next string) {
	stem, way := streetWord(w)
	if way != "" {
		if a.way == "" {
			a.way = way
		}
		if stem == "" {
			return
		}
	}
	word := cmp.Or(alike[stem], stem)
	letter := directionLetters[word]
	if letter == "" && directions[stem] != "" && next != "" && !isNumber(next) {
		letter = stem // which may be an initial as well
	}
	if letter == "" && streetNoise[word] {
		return
	}
	word = digraphs.Replace(plainEnding(cmp.Or(letter, word)))
	if letter == "" {
		a.joined += word
	}
	if letter != "" || !generic[word] {
		a.Street = append(a.Street, NameWord{Text: word, bones: bonesOf(word)})
	}
}

// chineseStreet translates the directions and numbers in a Chinese road's name.
func chineseStreet(words []string) []string {
	if !slices.ContainsFunc(words, func(w string) bool { return w == "lu" || w == "jie" || w == "dajie" || w == "dadao" }) {
		return words
	}
	out := make([]string, 0, len(words))
	for i, w := range words {
		switch {
		case i > 0 && chineseWords[w] != "":
			out = append(out, chineseWords[w])
		case i > 1 && chineseCounts[w] != "" && chineseWords[words[i-1]] != "":
			out = append(out, chineseCounts[w])
		case w == "da" && i+1 < len(words) && words[i+1] == "jie":
		default:
			out = append(out, w)
		}
	}
	return out
}

// streetWord takes the word for a street off a word: "friedrichstrasse" is "friedrich".
func streetWord(w string) (stem, way string) {
	if way := ways[w]; way != "" {
		return "", way
	}
	for _, end := range [...]string{"strasse", "straat", "gasse", "str", "platz", "allee", "weg", "gatan", "plein", "gade", "promenade", "lu", "jie"} {
		if stem, ok := strings.CutSuffix(w, end); ok && len(stem) > 2 {
			return stem, cmp.Or(ways[end], "street")
		}
	}
	return w, ""
}

// houseNumber reads 12, 12a; not 39th, and no postcode.
func houseNumber(w string) (h HouseNumbers, ok bool) {
	i := 0
	for i < len(w) && w[i] >= '0' && w[i] <= '9' {
		h.From = h.From*10 + int(w[i]-'0')
		if i++; i > 4 {
			return h, false
		}
	}
	switch {
	case i == 0 || h.From == 0:
		return h, false
	case i == len(w)-1 && w[i] >= 'a' && w[i] <= 'z':
		h.letter = w[i]
	case i < len(w):
		return h, false
	}
	h.To = h.From
	return h, true
}

// readTown reads the parts behind the street: a postcode is letters with digits.
func (a *Address) readTown(part string) {
	words := strings.Fields(places.Fold(part))
	code := ""
	for i, w := range words {
		digits := strings.ContainsAny(w, "0123456789")
		switch {
		case digits:
			code += w
		case code != "" && len(w) <= 2 && i == 1: // 1012 AB
			code += w
		case len(w) > 2 && len(a.city) < 8 && weights[cmp.Or(alike[w], w)] == 0:
			a.city = append(a.city, cmp.Or(alike[w], w))
		}
	}
	if a.postcode == "" && len(code) >= 4 && len(code) <= 10 {
		a.postcode = postcodeOf(code)
	}
}

// postcodeOf is a postcode by its letters and digits, without a country's letter before
// the digits: D-10117 is 10117.
func postcodeOf(s string) string {
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			b = append(b, c)
		}
	}
	if len(b) >= 5 && (b[0] < '0' || b[0] > '9') && strings.Trim(string(b[1:]), "0123456789") == "" {
		b = b[1:]
	}
	return string(b)
}

// verdict is what two addresses say about each other.
type verdict int

const (
	unsaid      verdict = iota
	sameHouse           // street and number agree
	sameStreet          // the street agrees, and a number is missing
	otherHouse          // one street, different numbers
	otherStreet         // two streets: houses on a corner have two
	otherLane           // two numbered lanes of one street: Soi 11 and Soi 3
)

// named reports whether the address names a street.
func (a *Address) named() bool { return len(a.Street) > 0 || len(a.lanes) > 0 }

// has reports whether the address has a number, of a house or of a street.
func (a *Address) has(number string) bool {
	n, err := strconv.Atoi(number)
	return err == nil && (slices.Contains(a.lanes, n) || slices.ContainsFunc(a.Houses, func(h HouseNumbers) bool { return h.From == n || n == h.To }))
}

// sure reports whether the line is that of a street, and not the name of a quarter.
func (a *Address) sure() bool { return a.way != "" || len(a.Houses) > 0 || len(a.lanes) > 0 }

// sharesLongNumber reports whether both have a house's number that not every street has: of
// one house, by the name of the street and of the quarter.
func (a *Address) sharesLongNumber(b *Address) bool {
	return slices.ContainsFunc(a.Houses, func(h HouseNumbers) bool { return h.From >= 20 && slices.Contains(b.Houses, h) })
}

// longNumber reports whether a house has a number that few streets have.
func (a *Address) longNumber() bool {
	return slices.ContainsFunc(a.Houses, func(h HouseNumbers) bool { return h.From >= 100 })
}

func (a *Address) compare(b *Address) verdict {
	if !a.named() || !b.named() {
		return unsaid
	}
	if otherLanes(a, b) && sameStreetWords(a, b) {
		return otherLane
	}
	if !sameStreetName(a, b) {
		if !a.sure() || !b.sure() || a.sharesLongNumber(b) && !otherDirection(a, b) {
			return unsaid
		}
		return otherStreet
	}
	if len(a.Houses) == 0 || len(b.Houses) == 0 {
		return sameStreet
	}
	for _, x := range a.Houses {
		for _, y := range b.Houses {
			if x.From <= y.To && y.From <= x.To && (x.letter == 0 || y.letter == 0 || x.letter == y.letter) {
				return sameHouse
			}
		}
	}
	if a.laneAsHouse(b) || b.laneAsHouse(a) {
		return sameStreet
	}
	if a.way != "" && b.way != "" && a.way != b.way || len(a.Houses) > 1 || len(b.Houses) > 1 {
		return otherStreet // two streets of one name, or numbers that may be those of flats
	}
	return otherHouse
}

// laneAsHouse reports whether what looks like a house's number is the other's lane:
// "Sukhumvit 11" and "171 Sukhumvit Soi 11".
func (a *Address) laneAsHouse(b *Address) bool {
	return len(a.lanes) == 0 && slices.ContainsFunc(a.Houses, func(h HouseNumbers) bool { return slices.Contains(b.lanes, h.From) })
}

// sameStreetName compares the numbers and own words of streets: all words of the shorter
// name stand in the longer one, give or take the spelling and the spaces, and one is no
// square.
func sameStreetName(a, b *Address) bool {
	if a.way != "" && b.way != "" && a.way != b.way && (a.way == "square" || b.way == "square" || len(a.lanes) > 0 && len(b.lanes) > 0) {
		return false
	}
	return !otherLanes(a, b) && sameStreetWords(a, b)
}

// otherLanes reports whether both streets have numbers, and other ones.
func otherLanes(a, b *Address) bool {
	return len(a.lanes) > 0 && len(b.lanes) > 0 && !slices.ContainsFunc(a.lanes, func(n int) bool { return slices.Contains(b.lanes, n) })
}

// sameStreetWords compares the own words of two streets' names.
func sameStreetWords(a, b *Address) bool {
	short, long := a, b
	if len(short.Street) > len(long.Street) {
		short, long = long, short
	}
	if len(short.Street) == 0 {
		return len(long.Street) == 0 || onlyDirections(long.Street)
	}
	if otherDirection(a, b) {
		return false
	}
	if joinedAlike(a.joined, b.joined) {
		return true
	}
	for i := range short.Street {
		if !slices.ContainsFunc(long.Street, func(w NameWord) bool { return sameStreetWord(&short.Street[i], &w) }) {
			return false
		}
	}
	return true
}

func onlyDirections(street []NameWord) bool {
	return !slices.ContainsFunc(street, func(w NameWord) bool { return directions[w.Text] == "" && len(w.Text) > 2 })
}

// otherDirection reports whether both streets say a direction, and not the same.
func otherDirection(a, b *Address) bool {
	says := func(a, b *Address) bool {
		return slices.ContainsFunc(a.Street, func(w NameWord) bool {
			return directions[w.Text] != "" && !slices.ContainsFunc(b.Street, func(v NameWord) bool { return v.Text == w.Text })
		})
	}
	return says(a, b) && says(b, a)
}

// joinedAlike reports whether two streets are one but for spaces and a slip.
func joinedAlike(x, y string) bool {
	most := min(len(x), len(y)) / 8
	return x == y || min(len(x), len(y)) >= leastJoined && edits(x, y, most) <= most
}

// sameStreetWord compares two words of streets: equal, spelled alike, or one the initial
// of the other.
func sameStreetWord(v, w *NameWord) bool {
	if v.Text == w.Text || len(v.Text) > 3 && len(w.Text) > 3 && spelledAlike(v, w) >= 0.8 {
		return true
	}
	return (len(v.Text) == 1 || len(w.Text) == 1) && v.Text[0] == w.Text[0]
}
