package page

import (
	"iter"
	"math"
	"time"

	"fanfare/aggregator/fx"
	"fanfare/aggregator/rank"
	"fanfare/aggregator/view"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// Stays is one page of a hotel search. It is rendered by one goroutine.
type Stays struct {
	Paging
	View    view.Stays
	Options rank.StayOptions // what scores are made with
	Results int
	Facets  view.StayFacets
	Labels  map[string]string // best, cheapest -> property id
	Tops    map[string]Top
	Rows    []StayRow

	rows  []view.StayMatch // all that match
	facts []rank.StayFacts
}

// StayRow is one property on a page.
type StayRow struct {
	Result         *travel.StayResult
	Price          travel.Money
	Score          ScoreShown
	DistanceMetres int // from the middle of the search; -1 is unknown
	RatesTotal     int
	Rates          []travel.RateQuote
	Rooms          []StayRoom        // of all passing rates, cheapest first
	Explain        *StayExplanation  // nil unless asked for
	MayBe          map[string]string // names of the results that may be the same, by id
}

// StayRoom is one kind of room at a property, whoever sells it.
type StayRoom struct {
	ID    string       // as RateQuote.Room
	Name  string       // as the partner of the cheapest rate calls it, "" is unknown
	Price travel.Money // the cheapest passing rate's total
	Rates int          // passing
}

// StayExplanation is why a property stands where it does.
type StayExplanation struct {
	DominatedBy []StayDominator // the first few, in the order of the view
}

// StayDominator is a property that is known to be at least as good as another in price,
// distance, stars and guests' points, and better in some of them.
type StayDominator struct {
	ID       string
	BetterIn []string
}

// OfStays is the page that v asks for. The error is ErrCursorView.
func OfStays(s *Source, v view.Stays, rates *fx.Table) (*Stays, error) {
	results := s.Stays()
	p := &Stays{View: v, Results: len(results), Options: rank.StayOptionsOf(s.Query)}
	p.Query, p.Rates, p.Currency = s.Query, rates, v.Currency
	p.rows, p.Facets = v.Select(results, rates)
	p.Matching = len(p.rows)
	items := p.items()
	p.label(items)
	rank.Sorted(items)
	page, err := paging(&p.Paging, s.SearchID, v.Hash(), v.Cursor, items, v.Limit)
	if err != nil {
		return nil, err
	}
	for i := range page {
		p.Rows = append(p.Rows, p.row(&page[i]))
		if v.Explain {
			p.Rows[i].Explain = p.explain(items, &page[i])
		}
	}
	p.nameTwins(results)
	return p, nil
}

// Prices yields the partner of each rate on the page, and until when its price is fresh.
func (p *Stays) Prices() iter.Seq2[string, time.Time] {
	return func(yield func(string, time.Time) bool) {
		for i := range p.Rows {
			for j := range p.Rows[i].Rates {
				if q := &p.Rows[i].Rates[j]; !yield(q.Partner, q.FreshUntil) {
					return
				}
			}
		}
	}
}

func (p *Stays) items() []rank.Item {
	items := make([]rank.Item, len(p.rows))
	p.facts = make([]rank.StayFacts, len(p.rows))
	for i := range p.rows {
		row, it, f := &p.rows[i], &items[i], &p.facts[i]
		cheapest := &row.Quotes[0]
		*f = rank.StayFactsOf(&row.Result.Property, cheapest.Rate, distance(p.Query, &row.Result.Property))
		it.ID, it.Index, it.Price = row.Result.ID, i, cheapest.EURMicros
		score := rank.OfStay(f, it.Price, p.Options)
		it.Score = score.Micros
		it.SortBy = rank.StayKey(rank.StaySort(p.View.Sort), it.Price, it.Score, f)
	}
	return items
}

func (p *Stays) row(it *rank.Item) StayRow {
	row := &p.rows[it.Index]
	out := StayRow{Result: row.Result, DistanceMetres: p.facts[it.Index].Metres, RatesTotal: len(row.Quotes), Rates: row.Quotes}
	if len(out.Rates) > inlineOffers && !p.View.AllOffers {
		out.Rates = out.Rates[:inlineOffers]
	}
	out.Price = p.Show(&row.Quotes[0].Rate.Price).Total
	score := rank.OfStay(&p.facts[it.Index], it.Price, p.Options)
	out.Score = p.score(out.Price, score.Parts())
	out.Rooms = p.rooms(row.Quotes)
	return out
}

// rooms groups rates, which come cheapest first. Nothing of one rate is said of another:
// a group has the name and the price of its cheapest.
func (p *Stays) rooms(quotes []travel.RateQuote) []StayRoom {
	var rooms []StayRoom
	at := map[string]int{}
	for i := range quotes {
		q := &quotes[i]
		n, known := at[q.Room]
		if !known {
			n = len(rooms)
			at[q.Room] = n
			rooms = append(rooms, StayRoom{ID: q.Room, Name: q.Rate.Room, Price: p.Show(&q.Rate.Price).Total})
		}
		rooms[n].Rates++
	}
	return rooms
}

// nameTwins names the results that those on the page may be the same as, for people.
func (p *Stays) nameTwins(results []travel.StayResult) {
	var names map[string]string
	for i := range p.Rows {
		row := &p.Rows[i]
		if len(row.Result.MayBe) == 0 {
			continue
		}
		if names == nil {
			names = make(map[string]string, len(results))
			for j := range results {
				names[results[j].ID] = results[j].Property.Name
			}
		}
		row.MayBe = make(map[string]string, len(row.Result.MayBe))
		for _, id := range row.Result.MayBe {
			row.MayBe[id] = names[id]
		}
	}
}

func (p *Stays) explain(items []rank.Item, it *rank.Item) *StayExplanation {
	e := &StayExplanation{DominatedBy: []StayDominator{}}
	for i := range items {
		o := &items[i]
		if len(e.DominatedBy) == dominatorsShown {
			break
		}
		if better := rank.StayBetter(&p.facts[o.Index], &p.facts[it.Index], o.Price, it.Price); better != nil {
			e.DominatedBy = append(e.DominatedBy, StayDominator{o.ID, better})
		}
	}
	return e
}

func (p *Stays) label(items []rank.Item) {
	p.Labels, p.Tops = map[string]string{}, map[string]Top{}
	if len(items) == 0 {
		return
	}
	for _, by := range []rank.StaySort{rank.StaysBest, rank.StaysCheapest} {
		first, least := 0, rank.Key{}
		for i := range items { // rows come by id: the first of equals is the smallest
			key := rank.StayKey(by, items[i].Price, items[i].Score, &p.facts[i])
			if i == 0 || key.Compare(least) < 0 {
				first, least = i, key
			}
		}
		p.Labels[string(by)] = items[first].ID
		p.Tops[string(by)] = Top{ID: items[first].ID, Price: p.Show(&p.rows[first].Quotes[0].Rate.Price).Total}
	}
}

// distance is how far a property is from the middle of the search, -1 if unknown.
func distance(q *travel.Query, p *travel.Property) int {
	if !p.HasGeo {
		return -1
	}
	d := q.StayQuery.Destination
	return int(math.Round(places.DistanceMetres(d.Lat, d.Lon, p.Lat, p.Lon)))
}
