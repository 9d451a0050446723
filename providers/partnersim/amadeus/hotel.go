package amadeus

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
)

// Hotel speaks the Amadeus Self-Service APIs of hotels: Hotel List v1 and Hotel
// Search v3. Two releases are in use, which differ in how policies are written.
type Hotel struct {
	common
	last atomic.Pointer[world.Circle] // where was last asked, for the hotels of a replay
}

const (
	ListPath  = "/v1/reference-data/locations/hotels/"
	HotelPath = "/v3/shopping/hotel-offers"
)

func NewHotel(a *world.Inventory) *Hotel {
	return &Hotel{common: common{a}}
}

func (p *Hotel) Answer(r *http.Request, question []byte, exactly int) exchange.Reply {
	if rep, turned := p.turnAway(r, question); turned {
		return rep
	}
	now := p.World.Moment()
	key := exchange.BodyKey{Partner: p.Name, Question: rng.RNG(22).Str(r.URL.Path).Str(r.URL.RawQuery), Moment: now.Unix(), Offers: exactly}
	if kept := p.World.Rendered.Get(key); kept != nil {
		return asReply(http.StatusOK, Media, kept)
	}
	var rep exchange.Reply
	if by, list := strings.CutPrefix(r.URL.Path, ListPath); list {
		rep = p.list(r, by, exactly)
	} else {
		rep = p.offers(r, exactly)
	}
	if rep.Status == http.StatusOK {
		p.World.Rendered.Put(key, rep.Body)
	}
	return rep
}

// turnAway is a login, or what the vendor says before it looks at the question.
func (p *Hotel) turnAway(r *http.Request, question []byte) (rep exchange.Reply, turned bool) {
	if rep, ok := p.login(r, question); ok {
		return rep, true
	}
	by, list := strings.CutPrefix(r.URL.Path, ListPath)
	if list && !slices.Contains([]string{"by-geocode", "by-city", "by-hotels"}, by) || !list && r.URL.Path != HotelPath {
		return p.errors(errPath), true
	}
	if e := p.refuse(r, http.MethodGet); e != nil {
		return p.errors(*e), true
	}
	return exchange.Reply{}, false
}

// OtherEndpoint logs in, lists hotels, and refuses. A replay answers a question for offers with
// its recording, whatever hotels were asked, so its lists have one hotel: one question.
func (p *Hotel) OtherEndpoint(r *http.Request, question []byte) (exchange.Reply, bool) {
	if rep, turned := p.turnAway(r, question); turned {
		return rep, true
	}
	by, list := strings.CutPrefix(r.URL.Path, ListPath)
	if !list {
		return exchange.Reply{}, false
	}
	rep := p.list(r, by, 1)
	var doc errorsDoc
	if rep.Status == http.StatusOK || json.Unmarshal(rep.Body.Plain, &doc) == nil && doc.Errors[0].Code != nothing && doc.Errors[0].Code != unlisted {
		return rep, true
	}
	return p.madeUp(r, by), true
}

// chainsName are chains and merchants, by the part of the numbers that their ids have.
var chainsName = [4][]string{{"HL", "MC", "XH"}, {"RT", "BW", "TI"}, {"IQ", "AC", "YX"}, {"SI", "HS", "WV"}}

// numbers is how many ids a chain has: six letters and digits.
const numbers = 36 * 36 * 36 * 36 * 36 * 36

var hotelID = regexp.MustCompile(`^[A-Z0-9]{8}$`)

// id is what this partner calls a property: two letters of its chain, and a number.
func (p *Hotel) id(h *world.Property) string {
	code := p.CodeOf(h)
	chain := rng.Pick(p.RNG.Str("chain").Num(int64(h.ID)), chainsName[code/numbers])
	number := strings.ToUpper(strconv.FormatInt(code%numbers, 36))
	return chain + strings.Repeat("0", 6-len(number)) + number
}

// Property is that of an id, nil if the partner has none by it. A benchmark sells all there are.
func (p *Hotel) Property(id string, exactly int) *world.Property {
	number, err := strconv.ParseInt(id[2:], 36, 64)
	part := slices.IndexFunc(chainsName[:], func(chains []string) bool { return slices.Contains(chains, id[:2]) })
	if err != nil || part < 0 {
		return nil
	}
	h := p.Coded(int64(part)*numbers + number)
	if h == nil || p.id(h) != id || exactly == 0 && !p.Sells(world.StaysMarket, h.ID) {
		return nil
	}
	return h
}

// dupeOf is the vendor's number of a building, whichever chain sells it.
func dupeOf(h *world.Property) int { return 700_000_000 + h.ID.Roll(10_000_000) }
