package api

import (
	"fanfare/aggregator"
	"fanfare/aggregator/page"
	"fanfare/aggregator/rank"
	"fanfare/providers/travel"
)

func (r *renderer) stays(s *aggregator.Snapshot, p *page.Stays) *StayView {
	out := &StayView{
		Snapshot: snapshotOf(s, p.Results, &p.Paging),
		Facets: StayFacets{
			Stars: intFacets(&p.Paging, p.Facets.Stars), Boards: textFacets(&p.Paging, p.Facets.Boards, same),
			Conditions: textFacets(&p.Paging, p.Facets.Conditions, same), Partners: textFacets(&p.Paging, p.Facets.Partners, partnerNames(s)),
		},
		Labels: p.Labels, Highlights: map[string]StayHighlight{},
		Results: make([]StayResult, len(p.Rows)), NextCursor: Optional(p.NextCursor),
	}
	if p.Facets.AnyPrice {
		out.Facets.Price = moneyRange(&p.Paging, p.Facets.Prices)
	}
	for name, top := range p.Tops {
		out.Highlights[name] = StayHighlight{top.ID, top.Price}
	}
	for i := range p.Rows {
		out.Results[i] = r.stayResult(p, &p.Rows[i])
	}
	return out
}

func (r *renderer) stayResult(p *page.Stays, row *page.StayRow) StayResult {
	prop := &row.Result.Property
	out := StayResult{
		ID: row.Result.ID, Name: prop.Name, Address: Optional(prop.Address), Price: row.Price,
		RatesTotal: row.RatesTotal, Rates: make([]Rate, len(row.Rates)), Rooms: make([]StayRoom, len(row.Rooms)),
	}
	out.MayBeSame, out.MayBeSameNames = append([]string{}, row.Result.MayBe...), make([]string, len(row.Result.MayBe))
	for i, id := range row.Result.MayBe {
		out.MayBeSameNames[i] = row.MayBe[id]
	}
	if prop.Stars > 0 {
		out.Stars = &prop.Stars
	}
	if prop.GuestScore > 0 {
		out.GuestScore, out.GuestReviews = &prop.GuestScore, Positive(prop.GuestReviews)
	}
	var explain func(string) string
	if p.View.Explain {
		explain = func(part string) string { return rank.StayExplanation(part, p.Options) }
		out.Explain = stayExplain(row.Explain, row.Result.Listings)
	}
	out.Score = scoreOf(row.Score, explain)
	if prop.HasGeo {
		out.Lat, out.Lon, out.DistanceMetres = &prop.Lat, &prop.Lon, &row.DistanceMetres
	}
	for i, room := range row.Rooms {
		out.Rooms[i] = StayRoom{room.ID, Optional(room.Name), room.Price, room.Rates}
	}
	for i := range row.Rates {
		q := &row.Rates[i]
		out.Rates[i] = RateOf(q.Rate, price(&p.Paging, &q.Rate.Price, q.AsOf, q.FreshUntil, q.HardUntil), p.Amount)
		out.Rates[i].ID, out.Rates[i].Partner = q.ID, q.Partner
		out.Rates[i].RoomID, out.Rates[i].RoomKey = q.Room, q.RoomKey
		out.Rates[i].Constraints = constraints(p.View.Constraints(row.Result, q.Rate))
	}
	return out
}

func stayExplain(e *page.StayExplanation, listings []travel.Listing) *StayExplain {
	out := &StayExplain{DominatedBy: make([]StayDominator, len(e.DominatedBy)), Listings: make([]string, len(listings))}
	for i, l := range listings {
		out.Listings[i] = l.String()
	}
	for i, d := range e.DominatedBy {
		out.DominatedBy[i] = StayDominator(d)
	}
	return out
}

// RateOf writes a rate without what only a search gives it: id, partner, room ids, constraints.
func RateOf(rate *travel.Rate, shown Price, amount func(travel.Money) travel.Money) Rate {
	out := Rate{
		Room: Optional(rate.Room), Board: Optional(string(rate.Board)), Price: RatePrice{shown, amount(rate.PayAtProperty)},
		Cancellation: CancellationOf(&rate.Cancellation, amount), Payment: Optional(string(rate.Payment)),
		Occupancy: make([]RoomOccupancy, len(rate.Rooms)), Constraints: map[string]string{},
		RoomsLeft: Positive(rate.RoomsLeft), ExpiresAt: Instant{rate.ExpiresAt},
	}
	for i, room := range rate.Rooms {
		out.Occupancy[i] = RoomOccupancy{room.Count, room.Occupancy.Adults, room.Occupancy.ChildAges}
		if out.Occupancy[i].ChildAges == nil {
			out.Occupancy[i].ChildAges = []int{}
		}
	}
	return out
}

// CancellationOf writes what cancelling costs; amount converts fees.
func CancellationOf(c *travel.Cancellation, amount func(travel.Money) travel.Money) Cancellation {
	out := Cancellation{Refundable: answered(c.Refundable), FreeUntil: Instant{c.FreeUntil}, Steps: make([]CancellationStep, len(c.Steps))}
	for i, step := range c.Steps {
		out.Steps[i] = CancellationStep{Instant{step.From}, amount(step.Fee)}
	}
	return out
}
