package partnersim

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
)

// amadeusHotel speaks the Amadeus Self-Service APIs of hotels: Hotel List v1 and Hotel
// Search v3. Two releases are in use, which differ in how policies are written.
type amadeusHotel struct {
	amadeus
	last atomic.Pointer[circle] // where was last asked, for the hotels of a replay
}

const (
	amadeusListPath  = "/v1/reference-data/locations/hotels/"
	amadeusHotelPath = "/v3/shopping/hotel-offers"
)

func newAmadeusHotel(a *assortment) *amadeusHotel {
	return &amadeusHotel{amadeus: amadeus{a}}
}

func (p *amadeusHotel) answer(r *http.Request, question []byte, exactly int) reply {
	if rep, turned := p.turnAway(r, question); turned {
		return rep
	}
	now := p.w.moment()
	key := bodyKey{p.name, dice(22).str(r.URL.Path).str(r.URL.RawQuery), now.Unix(), exactly}
	if kept := p.w.rendered.get(key); kept != nil {
		return amadeusReply(http.StatusOK, amadeusMedia, kept)
	}
	var rep reply
	if by, list := strings.CutPrefix(r.URL.Path, amadeusListPath); list {
		rep = p.list(r, by, exactly)
	} else {
		rep = p.offers(r, exactly)
	}
	if rep.status == http.StatusOK {
		p.w.rendered.put(key, rep.body)
	}
	return rep
}

// turnAway is a login, or what the vendor says before it looks at the question.
func (p *amadeusHotel) turnAway(r *http.Request, question []byte) (rep reply, turned bool) {
	if rep, ok := p.login(r, question); ok {
		return rep, true
	}
	by, list := strings.CutPrefix(r.URL.Path, amadeusListPath)
	if list && !slices.Contains([]string{"by-geocode", "by-city", "by-hotels"}, by) || !list && r.URL.Path != amadeusHotelPath {
		return p.errors(errAmadeusPath), true
	}
	if e := p.refuse(r, http.MethodGet); e != nil {
		return p.errors(*e), true
	}
	return reply{}, false
}

// beside logs in, lists hotels, and refuses. A replay answers a question for offers with
// its recording, whatever hotels were asked, so its lists have one hotel: one question.
func (p *amadeusHotel) beside(r *http.Request, question []byte) (reply, bool) {
	if rep, turned := p.turnAway(r, question); turned {
		return rep, true
	}
	by, list := strings.CutPrefix(r.URL.Path, amadeusListPath)
	if !list {
		return reply{}, false
	}
	rep := p.list(r, by, 1)
	var doc amadeusErrors
	if rep.status == http.StatusOK || json.Unmarshal(rep.body.plain, &doc) == nil && doc.Errors[0].Code != amadeusNothing && doc.Errors[0].Code != amadeusUnlisted {
		return rep, true
	}
	return p.madeUp(r, by), true
}

// amadeusChains are chains and merchants, by the part of the numbers that their ids have.
var amadeusChains = [4][]string{{"HL", "MC", "XH"}, {"RT", "BW", "TI"}, {"IQ", "AC", "YX"}, {"SI", "HS", "WV"}}

// amadeusNumbers is how many ids a chain has: six letters and digits.
const amadeusNumbers = 36 * 36 * 36 * 36 * 36 * 36

var amadeusHotelID = regexp.MustCompile(`^[A-Z0-9]{8}$`)

// id is what this partner calls a property: two letters of its chain, and a number.
func (p *amadeusHotel) id(h *property) string {
	code := p.codeOf(h)
	chain := pick(p.dice.str("chain").num(int64(h.id)), amadeusChains[code/amadeusNumbers])
	number := strings.ToUpper(strconv.FormatInt(code%amadeusNumbers, 36))
	return chain + strings.Repeat("0", 6-len(number)) + number
}

// property is that of an id, nil if the partner has none by it. A benchmark sells all there are.
func (p *amadeusHotel) property(id string, exactly int) *property {
	number, err := strconv.ParseInt(id[2:], 36, 64)
	part := slices.IndexFunc(amadeusChains[:], func(chains []string) bool { return slices.Contains(chains, id[:2]) })
	if err != nil || part < 0 {
		return nil
	}
	h := p.coded(int64(part)*amadeusNumbers + number)
	if h == nil || p.id(h) != id || exactly == 0 && !p.sells(staysMarket, h.id) {
		return nil
	}
	return h
}

// dupeOf is the vendor's number of a building, whichever chain sells it.
func dupeOf(h *property) int { return 700_000_000 + h.id.roll(10_000_000) }
