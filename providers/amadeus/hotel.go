package amadeus

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/assemble"
	"fanfare/providers/fault"
	"fanfare/providers/lru"
	"fanfare/providers/places"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// HotelOptions is what a feed of amadeus-hotel may declare.
var HotelOptions = []wire.Setting{
	{Name: "max_hotels", About: "properties asked for their offers, the nearest, 1 to 500; 100 by default"},
	{Name: "hotels_per_call", About: "properties in one call for offers, 1 to 20; 20 by default"},
	{Name: "best_rate_only", About: "true asks for the cheapest offer of each property only; false by default"},
}

const (
	hotelOperation = "search stays"
	offersPath     = "/v3/shopping/hotel-offers"
)

// The limits of the options: the vendor takes 20 properties a call; 100 properties are
// five calls for each kind of room, within the ten a second of the vendor's test system.
const (
	hotelsPerCall    = 20
	defaultMaxHotels = 100
	mostHotels       = 500
)

// How many areas' lists of properties are kept, and for how long: at most some 100 bytes
// for each of mostHotels properties. Hotels do not move, and few open in a day.
const (
	keptAreas = 256
	keptFor   = 24 * time.Hour
)

// Hotel asks one partner for stays. It is safe for concurrent use.
type Hotel struct {
	client
	atlas    *places.Atlas
	max      int
	perCall  int
	bestOnly bool
	areas    *lru.Cache[string, []listed]
}

// NewHotel complains about everything that is wrong with cfg at once. A nil atlas is
// places.Default.
func NewHotel(cfg wire.Config, atlas *places.Atlas) (*Hotel, error) {
	cfg, opts := cfg.WithDefaults(HotelCredentials, HotelOptions)
	c := &Hotel{
		client: newClient(cfg), atlas: places.OrDefault(atlas),
		max:      opts.Int("max_hotels", defaultMaxHotels, 1, mostHotels),
		perCall:  opts.Int("hotels_per_call", hotelsPerCall, 1, hotelsPerCall),
		bestOnly: opts.Text("best_rate_only", "false", "true or false", wire.OneOf("", "true", "false")) == "true",
		areas:    lru.New[string, []listed](keptAreas, keptFor),
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
	for _, room := range q.Rooms {
		if len(room.ChildAges) > 0 {
			return fault.Passengers
		}
	}
	return fault.None
}

// Ask finds the properties around q's destination and requests their offers. Stays,
// OffersIn, Drops and Notes of the answer are filled in; none at all is an answer too. The
// error is a *fault.Error, Partial beside what other calls brought.
func (c *Hotel) Ask(ctx context.Context, q travel.Query) (travel.Answer, error) {
	hotels, err := c.around(wire.Preparing(ctx), q.Destination)
	if err != nil {
		return travel.Answer{}, err
	}
	if len(hotels) == 0 {
		return travel.Answer{}, nil
	}
	content := make(map[string]*listed, len(hotels))
	for i := range hotels {
		content[hotels[i].id] = &hotels[i]
	}
	groups := assemble.GroupRooms(q.Rooms)
	batches := (len(hotels) + c.perCall - 1) / c.perCall
	answers := make([]travel.Answer, len(groups)*batches)
	errs := assemble.Parallel(len(answers), func(i int) (err error) {
		b := i % batches
		answers[i], err = c.offers(ctx, q, &asked{q.CheckIn, q.CheckOut, groups[i/batches], content}, hotels[b*c.perCall:min((b+1)*c.perCall, len(hotels))])
		return err
	})
	answer, err := gathered(answers, errs, batches)
	return assemble.JoinStays(assemble.CombineRooms(answer, q.Rooms)), c.cfg.Failure(hotelOperation, err)
}

// offers asks for the offers of some properties.
func (c *Hotel) offers(ctx context.Context, q travel.Query, asked *asked, hotels []listed) (travel.Answer, error) {
	return call(ctx, &c.client, hotelOperation, offersPath+"?"+c.encodeOffers(q, asked.room, hotels), nil, func(body []byte) (travel.Answer, error) {
		return decodeHotel(body, c.atlas, asked, assemble.MaxParts)
	})
}

// encodeOffers is the parameters of the question for rooms of one occupancy.
func (c *Hotel) encodeOffers(q travel.Query, room travel.RateRoom, hotels []listed) string {
	v := url.Values{}
	v.Set("adults", strconv.Itoa(room.Occupancy.Adults))
	v.Set("checkInDate", q.CheckIn.String())
	v.Set("checkOutDate", q.CheckOut.String())
	v.Set("roomQuantity", strconv.Itoa(room.Count))
	v.Set("bestRateOnly", strconv.FormatBool(c.bestOnly))
	if q.Market != "" {
		v.Set("countryOfResidence", string(q.Market))
	}
	if currency, ok := travel.MarketCurrency(q.Market); ok {
		v.Set("currency", string(currency))
	}
	ids := make([]string, len(hotels))
	for i := range hotels {
		ids[i] = hotels[i].id // letters and digits: nothing to escape
	}
	return "hotelIds=" + strings.Join(ids, ",") + "&" + v.Encode()
}

// gathered is what all calls brought together, with one stay for each property and
// currency, and the error of the calls that failed, as of fault.OfCalls. Where no call for
// one kind of rooms succeeded there are no stays, as nobody can be put up without it.
func gathered(answers []travel.Answer, errs []error, batches int) (travel.Answer, error) {
	failure := fault.OfCalls(slices.Contains(errs, nil), errs...)
	for i := 0; i < len(errs); i += batches {
		if !slices.Contains(errs[i:i+batches], nil) {
			return travel.Answer{}, failure
		}
	}
	var (
		all    travel.Answer
		at     = map[string]int{}
		failed int
	)
	for i := range answers {
		if errs[i] != nil {
			failed++
			continue
		}
		a := &answers[i]
		all.AddCounts(a)
		for _, stay := range a.Stays {
			for _, rate := range stay.Rates {
				key := stay.Property.ID + " " + string(rate.Price.Total.Currency)
				k, ok := at[key]
				if !ok {
					k = len(all.Stays)
					at[key] = k
					all.Stays = append(all.Stays, travel.Stay{Property: stay.Property})
				}
				all.Stays[k].Rates = append(all.Stays[k].Rates, rate)
			}
		}
	}
	all.Note(assemble.NoteCallsFailed, failed)
	return all, failure
}
