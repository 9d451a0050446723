package ota

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"fanfare/providers/assemble"
	"fanfare/providers/fault"
	"fanfare/providers/lru"
	"fanfare/providers/places"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// HotelCredentials and HotelOptions are what a feed gives for ota-hotel.
var (
	HotelCredentials = credentials
	HotelOptions     = slices.Concat([]wire.Setting{
		{Name: "steps", About: "search (the default) finds properties with OTA_HotelSearch and then asks for their rates; avail asks for the rates around a point at once"},
		{Name: "search_path", About: "of OTA_HotelSearch, where it differs from path"},
		{Name: "search_action", About: "the SOAPAction of OTA_HotelSearch, where it differs from soap_action"},
		{Name: "hotel_codes", About: "codes of properties, parted by spaces, to ask for instead of searching"},
		{Name: "batch", About: "properties in one question for rates, 1 to 250; 50 by default"},
		{Name: "max_hotels", About: "properties to ask for, 1 to 1000, the nearest first; 150 by default"},
		{Name: "content_age", About: "how long names and places of properties are kept; 24h by default"},
		{Name: "room_price", About: "room (the default) or all: what a total covers where several alike rooms are asked for"},
	}, options)
)

// Hotel asks one partner for stays. It is safe for concurrent use.
type Hotel struct {
	*partner
	avail     bool     // rates around a point are asked for at once
	codes     []string // instead of searching
	batch     int
	maxHotels int
	allRooms  bool // totals are for all rooms of a kind
	searchURL string
	search    http.Header // constant, of searches

	found   *lru.Cache[string, []travel.Property] // by circle
	content *lru.Cache[string, travel.Property]   // by code
}

// Bounds of what is remembered: a property takes about 300 bytes.
const (
	keptCircles    = 200
	keptProperties = 50_000
)

// NewHotel complains about everything that is wrong with cfg at once. A nil atlas is places.Default.
func NewHotel(cfg wire.Config, atlas *places.Atlas) (*Hotel, error) {
	p, opts := newPartner(cfg, atlas, "search stays", HotelOptions)
	age := opts.Duration("content_age", 24*time.Hour)
	c := &Hotel{
		partner: p, codes: strings.Fields(p.cfg.Options["hotel_codes"]),
		avail:     opts.Choice("steps", "search", "avail") == "avail",
		allRooms:  opts.Choice("room_price", "room", "all") == "all",
		batch:     opts.Int("batch", 50, 1, 250),
		maxHotels: opts.Int("max_hotels", 150, 1, 1000),
		searchURL: p.url,
		search:    p.header,
		found:     lru.New[string, []travel.Property](keptCircles, age),
		content:   lru.New[string, travel.Property](keptProperties, age),
	}
	if path := opts.Path("search_path", ""); path != "" {
		c.searchURL = p.cfg.BaseURL + path
	}
	if action, _ := opts.Action("search_action"); action != `""` {
		c.search = p.header.Clone()
		c.search.Set("SOAPAction", action)
	}
	if len(c.codes) > 1000 {
		opts.Complain("options.hotel_codes: %d codes; at most 1000", len(c.codes))
	}
	if err := opts.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// Capable tells why the partner cannot be asked q, or fault.None.
func (c *Hotel) Capable(q travel.Query) fault.Cause {
	if q.Product != travel.Hotels {
		return fault.Product
	}
	return fault.None
}

// Ask finds the properties around the query's point, unless the feed names them, and asks
// for their rates: each kind of room is a question of its own, and assemble.CombineRooms makes
// rates for everybody. The error is a *fault.Error, Partial beside what other calls brought.
func (c *Hotel) Ask(ctx context.Context, q travel.Query) (travel.Answer, error) {
	codes := c.codes
	if len(codes) == 0 && !c.avail {
		around, err := c.around(wire.Preparing(ctx), q)
		if err != nil {
			return travel.Answer{}, err
		}
		if len(around) == 0 {
			return travel.Answer{}, nil
		}
		for _, p := range around {
			codes = append(codes, p.ID)
		}
	}
	batches := [][]string{nil} // no codes: around the point
	if len(codes) > 0 {
		batches = slices.Collect(slices.Chunk(codes, c.batch))
	}
	kinds := assemble.GroupRooms(q.Rooms)
	parts := make([]travel.Answer, len(kinds)*len(batches))
	errs := assemble.Parallel(len(parts), func(i int) (err error) {
		parts[i], err = c.rates(ctx, q, kinds[i/len(batches)], batches[i%len(batches)])
		return err
	})
	all, err := assemble.MergeAnswers(parts, errs)
	for k := range kinds { // a party of which a part cannot be asked for has no answer
		if !slices.Contains(errs[k*len(batches):(k+1)*len(batches)], nil) {
			return travel.Answer{}, err
		}
	}
	c.complete(&all)
	return assemble.CombineRooms(assemble.JoinStays(all), q.Rooms), err
}

// rates asks for one kind of room at some properties.
func (c *Hotel) rates(ctx context.Context, q travel.Query, kind travel.RateRoom, codes []string) (travel.Answer, error) {
	return c.call(ctx, func() ([]byte, error) { return c.encodeAvail(q, kind, codes) }, func(body []byte) (travel.Answer, error) {
		h, err := decodeHotel(body, c.atlas)
		if err != nil {
			return travel.Answer{}, err
		}
		return h.answer(ratesAsked{in: q.CheckIn, out: q.CheckOut, kind: &kind, all: c.allRooms, known: c.content.Get}), nil
	})
}

// complete gives properties that an answer only names by their code what a search said of them.
func (c *Hotel) complete(a *travel.Answer) {
	for i := range a.Stays {
		p := &a.Stays[i].Property
		known, ok := c.content.Get(p.ID)
		if !ok {
			continue
		}
		if !p.HasGeo {
			p.Lat, p.Lon, p.HasGeo = known.Lat, known.Lon, known.HasGeo
		}
		p.Name, p.Stars, p.Chain = cmp.Or(p.Name, known.Name), cmp.Or(p.Stars, known.Stars), cmp.Or(p.Chain, known.Chain)
		p.Address, p.City, p.PostCode = cmp.Or(p.Address, known.Address), cmp.Or(p.City, known.City), cmp.Or(p.PostCode, known.PostCode)
		p.Phone, p.GIATA = cmp.Or(p.Phone, known.Phone), cmp.Or(p.GIATA, known.GIATA)
	}
}

// around is the properties of a search, the nearest first, from memory if it is fresh.
func (c *Hotel) around(ctx context.Context, q travel.Query) ([]travel.Property, error) {
	d := q.StayQuery.Destination
	key := fmt.Sprintf("%v,%v,%d", d.Lat, d.Lon, d.RadiusKM)
	if kept, ok := c.found.Get(key); ok && c.allKnown(kept) {
		return kept, nil
	}
	searcher := *c.partner
	searcher.url, searcher.header = c.searchURL, c.search
	var found []travel.Property
	if _, err := searcher.call(ctx, func() ([]byte, error) { return c.encodeSearch(q) }, func(body []byte) (travel.Answer, error) {
		h, err := decodeHotel(body, c.atlas)
		if err == nil {
			found = h.properties
		}
		return travel.Answer{}, err
	}); err != nil {
		return nil, err
	}
	nearest(found, d.Lat, d.Lon)
	found = slices.Clip(found[:min(len(found), c.maxHotels)])
	for _, p := range found {
		c.content.Put(p.ID, p)
	}
	if len(found) > 0 {
		c.found.Put(key, found)
	}
	return found, nil
}

// allKnown reports whether what was found is still known one by one.
func (c *Hotel) allKnown(found []travel.Property) bool {
	for i := range found {
		if _, ok := c.content.Get(found[i].ID); !ok {
			return false
		}
	}
	return true
}

// nearest sorts properties by their distance; those without a position come last, in the
// partner's own order.
func nearest(all []travel.Property, lat, lon float64) {
	far := func(p travel.Property) float64 {
		if !p.HasGeo {
			return 1e9
		}
		return places.DistanceMetres(lat, lon, p.Lat, p.Lon)
	}
	slices.SortStableFunc(all, func(a, b travel.Property) int {
		switch d := far(a) - far(b); {
		case d < 0:
			return -1
		case d > 0:
			return 1
		}
		return 0
	})
}

// DecodeHotel reads an OTA_HotelAvailRS, in XML or JSON, whoever wrote it, and applies the
// rules that need nothing but the document. An OTA_HotelSearchRS is a valid answer without
// rates. An error document, and one that is none, is a *fault.Error. atlas may be nil:
// places.Default.
func DecodeHotel(body []byte, atlas *places.Atlas) (travel.Answer, error) {
	h, err := decodeHotel(body, places.OrDefault(atlas))
	if err != nil {
		return travel.Answer{}, err
	}
	return h.answer(ratesAsked{}), nil
}
