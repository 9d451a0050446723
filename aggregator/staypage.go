package aggregator

import (
	"math"

	"fanfare/aggregator/fx"
	"fanfare/aggregator/rank"
	"fanfare/aggregator/view"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// StayPage is one page of a hotel search. It is rendered by one goroutine.
type StayPage struct {
	Paging
	Snapshot *Snapshot
	View     view.Stays
	Results  int
	Facets   view.StayFacets
	Labels   map[string]string // best, cheapest -> property id
	Tops     map[string]Top
	Rows     []StayRow
}

// StayRow is one property on a page.
type StayRow struct {
	Result         *travel.StayResult
	Price          travel.Money
	Score          ScoreShown
	DistanceMetres int // from the middle of the search; -1 is unknown
	RatesTotal     int
	Rates          []travel.RateQuote
}

// The orders of stays.
const (
	staysBest     = "best"
	staysCheapest = "cheapest"
	staysStars    = "stars"
	staysDistance = "distance"
)

// The generalised cost of a stay: what it costs, plus what the way to the middle
// costs, less what comfort is worth. Starting values of ours in micro-euros a night,
// to be fitted once there are bookings; absolute, as the score of flights is.
const (
	perKilometre = 4_000_000
	perStar      = 12_000_000
	topStars     = 5
	// farMetres stands for a distance that nobody states.
	farMetres = 15_000
)

func (s *Snapshot) stayParts(r *travel.StayResult, price int64, metres int) []rank.Part {
	nights, rooms := int64(s.Query.Nights()), int64(len(s.Query.Rooms))
	if metres < 0 {
		metres = farMetres
	}
	missing := int64(math.Round((topStars - min(r.Property.Stars, topStars)) * perStar))
	parts := []rank.Part{{Name: "price", Micros: price}, {Name: "distance", Micros: perKilometre * int64(metres) / 1000 * nights}}
	if missing > 0 {
		parts = append(parts, rank.Part{Name: "stars", Micros: missing * nights * rooms})
	}
	return parts
}

// Stays is the page that v asks for. The error is ErrCursorView.
func (s *Snapshot) Stays(v view.Stays, rates *fx.Table) (*StayPage, error) {
	results := s.stays()
	p := &StayPage{Snapshot: s, View: v, Results: len(results), Labels: map[string]string{}, Tops: map[string]Top{}}
	p.Rates, p.Currency = rates, v.Currency
	rows := v.Filter(results, rates)
	p.Matching = len(rows)
	p.Facets = view.StayFacetsOf(rows)

	items := make([]rank.Item, len(rows))
	parts := make([][]rank.Part, len(rows))
	metres := make([]int, len(rows))
	for i, row := range rows {
		metres[i] = s.distance(&row.Result.Property)
		parts[i] = s.stayParts(row.Result, row.Quotes[0].EURMicros, metres[i])
		items[i] = rank.Item{ID: row.Result.ID, Price: row.Quotes[0].EURMicros, Index: i}
		items[i].SortBy = stayKey(v.Sort, items[i].Price, sum(parts[i]), row.Result.Property.Stars, metres[i])
	}
	p.label(items, parts, rows)
	rank.Sorted(items)
	page, err := paging(&p.Paging, s.ID, v.Hash(), v.Cursor, items, v.Limit)
	if err != nil {
		return nil, err
	}
	for i := range page {
		row := rows[page[i].Index]
		out := StayRow{Result: row.Result, DistanceMetres: metres[page[i].Index], RatesTotal: len(row.Quotes), Rates: row.Quotes}
		if len(out.Rates) > inlineOffers && !v.AllOffers {
			out.Rates = out.Rates[:inlineOffers]
		}
		out.Price = p.Show(&row.Quotes[0].Rate.Price).Total
		out.Score = p.score(out.Price, parts[page[i].Index])
		p.Rows = append(p.Rows, out)
	}
	return p, nil
}

func sum(parts []rank.Part) int64 {
	total := int64(0)
	for _, p := range parts {
		total += p.Micros
	}
	return total
}

// stayKey orders by the order's own measure, then by price; unknown distances and stars come last.
func stayKey(by string, price, score int64, stars float64, metres int) rank.Key {
	switch by {
	case staysCheapest:
		return rank.Key{price, score}
	case staysStars:
		return rank.Key{-int64(stars * 10), price, score}
	case staysDistance:
		if metres < 0 {
			return rank.Key{math.MaxInt64, price}
		}
		return rank.Key{int64(metres), price}
	}
	return rank.Key{score, price}
}

func (p *StayPage) label(items []rank.Item, parts [][]rank.Part, rows []view.StayRow) {
	if len(items) == 0 {
		return
	}
	for _, by := range []string{staysBest, staysCheapest} {
		first, least := 0, rank.Key{}
		for i := range items { // rows come by id: the first of equals is the smallest
			key := stayKey(by, items[i].Price, sum(parts[i]), 0, 0)
			if i == 0 || key.Compare(least) < 0 {
				first, least = i, key
			}
		}
		p.Labels[by] = items[first].ID
		p.Tops[by] = Top{ID: items[first].ID, Price: p.Show(&rows[first].Quotes[0].Rate.Price).Total}
	}
}

// distance is how far a property is from the middle of the search, -1 if unknown.
func (s *Snapshot) distance(p *travel.Property) int {
	if !p.HasGeo {
		return -1
	}
	d := s.Query.StayQuery.Destination
	return int(math.Round(places.DistanceMetres(d.Lat, d.Lon, p.Lat, p.Lon)))
}
