package api

import (
	"slices"

	"fanfare/aggregator/page"
	"fanfare/aggregator/rank"
	"fanfare/aggregator/view"
	"fanfare/providers/travel"
)

func (r *renderer) flightResult(p *page.Flights, row *page.FlightRow) FlightResult {
	var explain func(string) string
	if p.View.Explain {
		explain = func(part string) string { return rank.Explanation(part, p.Options) }
	}
	out := FlightResult{
		ID: row.Result.ID, Price: row.Price, Score: scoreOf(row.Score, explain), Pareto: row.Pareto, Hopeless: row.Hopeless,
		Explain: explainOf(row.Explain), Fares: make([]FareChoice, len(row.Fares)),
		OffersTotal: row.OffersTotal, Linked: linksOf(row.Result.Linked), Combination: r.combination(row.Result), Slices: make([]Slice, len(row.Result.Slices)), Offers: make([]Offer, len(row.Offers)),
	}
	for i, segments := range row.Result.Slices {
		out.Slices[i] = SliceOf(segments)
	}
	r.markShortConnections(out.Slices, row.Result)
	for i := range row.Fares {
		out.Fares[i] = fareChoice(p, &row.Fares[i])
	}
	for i := range row.Offers {
		out.Offers[i] = r.offer(p, row, row.Offers[i])
	}
	return out
}

// markShortConnections marks connections on one ticket that leave little time. Where tickets
// change, the risk is part of the combination.
func (r *renderer) markShortConnections(out []Slice, result *travel.Result) {
	position := 0
	for i, segments := range result.Slices {
		for j := range segments {
			if j > 0 && !slices.Contains(result.SelfTransfer, position) {
				in, next := &segments[j-1].Segment, &segments[j].Segment
				out[i].Segments[j].ShortConnection = travel.ShortConnection(in, next, r.domestic(in, next))
			}
			position++
		}
	}
}

// domestic reports whether all airports of two flights are in one country. An airport that
// nobody knows is taken to be in that of the others: what is marked is short either way.
func (r *renderer) domestic(in, out *travel.Segment) bool {
	country := travel.Country("")
	for _, code := range []travel.Airport{in.Origin, in.Destination, out.Origin, out.Destination} {
		a, known := r.atlas.Airport(code)
		if known && country != "" && a.Country != country {
			return false
		}
		if known {
			country = a.Country
		}
	}
	return true
}

func explainOf(e *page.Explanation) *Explain {
	if e == nil {
		return nil
	}
	out := &Explain{DominatedBy: make([]Dominator, len(e.DominatedBy))}
	if e.FirstAt != nil {
		out.FirstAt = *e.FirstAt
	}
	for i, d := range e.DominatedBy {
		out.DominatedBy[i] = Dominator{ID: d.ID, BetterIn: make([]string, len(d.BetterIn))}
		for j, c := range d.BetterIn {
			out.DominatedBy[i].BetterIn[j] = c.String()
		}
	}
	return out
}

func fareChoice(p *page.Flights, f *page.FareRow) FareChoice {
	return FareChoice{
		Fare: FareOf(f.Fare, p.Amount), Price: f.Price, Step: f.Step, OfferID: f.OfferID, Offers: f.Offers, Partners: f.Partners,
		CabinBag: bagPrice(f.CabinBag), CheckedBag: bagPrice(f.CheckedBag),
	}
}

func bagPrice(p page.BagPrice) BagPrice { return BagPrice{string(p.Status), p.Price} }

func (r *renderer) offer(p *page.Flights, row *page.FlightRow, q *travel.Quote) Offer {
	o, cabin := q.Offer, p.Query.Cabin
	out := Offer{
		ID: q.ID, Partner: q.Partner, Seller: SellerOf(o.Seller),
		Marketing: marketing(&o.Itinerary), Price: quotePrice(&p.Paging, q), Tickets: tickets(p, q),
		Fare: FareOf(&o.Fare, p.Amount), Constraints: constraints(p.View.Constraints(row.Result, o, cabin)),
		SeatsLeft: Positive(o.SeatsLeft), ExpiresAt: Instant{o.ExpiresAt}, SelfTransfer: transfers(q),
	}
	if bags, asked := p.Bags(row, q); asked {
		shown := bagPrice(bags)
		out.Bags = &shown
	}
	for _, i := range view.LowerCabins(o.Fare.Cabin, cabin) {
		out.MixedCabin = append(out.MixedCabin, LowerCabin{i, string(o.Fare.Cabin[i])})
	}
	return out
}
