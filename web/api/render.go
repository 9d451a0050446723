package api

import (
	"math"
	"time"

	"fanfare/aggregator"
	"fanfare/aggregator/page"
	"fanfare/aggregator/view"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// renderer writes pages in the shapes of the API.
type renderer struct {
	atlas *places.Atlas
}

// Optional is nil for the empty text, which stands for unknown.
func Optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func pieces(p travel.Pieces) *int {
	if n, known := p.Count(); known {
		return &n
	}
	return nil
}

func answered(a travel.Answered) *bool {
	if value, known := a.Bool(); known {
		return &value
	}
	return nil
}

// Positive is nil for zero, which stands for unknown.
func Positive(n int) *int {
	if n <= 0 {
		return nil
	}
	return &n
}

func minutes(d time.Duration) int { return int(d / time.Minute) }

func snapshotOf(s *aggregator.Snapshot, results int, p *page.Paging) Snapshot {
	return Snapshot{
		ID: s.ID, Revision: s.Revision, StateHash: s.StateHash, Status: string(s.Status), Query: s.Query,
		CreatedAt: Instant{s.CreatedAt}, UpdatedAt: Instant{s.UpdatedAt},
		Coverage: coverageOf(s), Partners: partnersOf(s),
		Counts: Counts{Results: results, Offers: s.Offers(), Matching: p.Matching, NewBefore: p.NewBefore},
	}
}

// coverageOf weighs partners by what they have had on this kind of route, and equally until
// that is known. The share has two decimals, and is 1 only if nobody is missing.
func coverageOf(s *aggregator.Snapshot) Coverage {
	c := Coverage{Asked: s.Asked(), Answered: s.Answered(), Share: 1, MissingCheapestShare: s.MissingCheapest}
	if c.Answered < c.Asked {
		share := float64(c.Answered) / float64(c.Asked)
		if s.ExpectedShare != nil {
			share = *s.ExpectedShare
		}
		c.Share = min(math.Round(100*share)/100, 0.99)
	}
	return c
}

func partnersOf(s *aggregator.Snapshot) []Partner {
	out := make([]Partner, len(s.Partners))
	for i := range s.Partners {
		p := &s.Partners[i]
		out[i] = Partner{
			Name: p.Name, DisplayName: p.DisplayName, Status: string(p.Status), Cause: Optional(string(p.Cause)), Code: Optional(p.Code),
			OffersIn: p.OffersIn, OffersKept: p.OffersKept, Drops: p.Drops, Notes: p.Notes,
			AsOf: Instant{p.AsOf}, Attempts: p.Attempts, RetryAt: Instant{p.RetryAt}, Since: Instant{p.Since}, AskedAs: p.AskedAs,
		}
		if p.Attempts > 0 {
			ms := p.Took.Milliseconds()
			out[i].TookMS = &ms
		}
	}
	return out
}

func (r *renderer) flights(s *aggregator.Snapshot, p *page.Flights) *FlightView {
	name := r.carrierNames(p.Query)
	out := &FlightView{
		Snapshot: snapshotOf(s, p.Results, &p.Paging), Facets: r.flightFacets(p, partnerNames(s), name),
		Labels: map[string]string{}, Highlights: map[string]Highlight{},
		Results: make([]FlightResult, len(p.Rows)), NextCursor: Optional(p.NextCursor),
	}
	out.Counts.Hopeless = p.Hopeless
	for by, top := range p.Tops {
		out.Labels[string(by)] = top.ID
		out.Highlights[string(by)] = Highlight{top.ID, top.Price, top.DurationMinutes}
	}
	for i := range p.Rows {
		out.Results[i] = r.flightResult(p, &p.Rows[i])
		out.Results[i].Airlines = airlines(p.Rows[i].Result, name)
	}
	return out
}

// airlines names all that sell or fly a result's segments.
func airlines(result *travel.Result, name func(code string) string) map[string]string {
	names := map[string]string{}
	add := func(c travel.Carrier) {
		if code := string(c); code != "" && names[code] == "" {
			names[code] = name(code)
		}
	}
	for _, segments := range result.Slices {
		for i := range segments {
			add(segments[i].Marketing.Carrier)
			add(segments[i].Operating.Carrier)
			for _, f := range segments[i].SoldAs {
				add(f.Carrier)
			}
		}
	}
	return names
}

func (r *renderer) flightFacets(p *page.Flights, partner, name func(code string) string) FlightFacets {
	f := FlightFacets{
		Stops: intFacets(&p.Paging, p.Facets.Stops), Carriers: textFacets(&p.Paging, p.Facets.Carriers, name),
		Partners:   textFacets(&p.Paging, p.Facets.Partners, partner),
		Airports:   textFacets(&p.Paging, p.Facets.Airports, r.airportName),
		Departures: textFacets(&p.Paging, p.Facets.Departures, same), Arrivals: textFacets(&p.Paging, p.Facets.Arrivals, same),
		Conditions: textFacets(&p.Paging, p.Facets.Conditions, same), Tickets: textFacets(&p.Paging, p.Facets.Tickets, same),
	}
	if p.Facets.AnyPrice {
		f.Price = moneyRange(&p.Paging, p.Facets.Prices)
	}
	if p.Facets.AnyDuration {
		f.DurationMinutes = &IntRange{p.Facets.DurationMinutes.Min, p.Facets.DurationMinutes.Max}
	}
	return f
}

func moneyRange(p *page.Paging, r view.PriceRange) *MoneyRange {
	return &MoneyRange{p.From(r.Min), p.From(r.Max)}
}

func intFacets(p *page.Paging, facets []view.Facet[int]) []IntFacet {
	out := make([]IntFacet, len(facets))
	for i, f := range facets {
		out[i] = IntFacet{f.Value, f.Count, p.From(f.From)}
	}
	return out
}

func textFacets(p *page.Paging, facets []view.Facet[string], name func(string) string) []TextFacet {
	out := make([]TextFacet, len(facets))
	for i, f := range facets {
		out[i] = TextFacet{f.Value, name(f.Value), f.Count, p.From(f.From)}
	}
	return out
}

// carrierNames names airlines as they are on the day and route of a query.
func (r *renderer) carrierNames(q *travel.Query) func(code string) string {
	first := &q.Slices[0]
	var countries []travel.Country
	for _, end := range []travel.Airport{first.Origin, first.Destination} {
		for _, code := range r.atlas.Airports(end) {
			if a, ok := r.atlas.Airport(code); ok {
				countries = append(countries, a.Country)
			}
		}
	}
	known := map[string]string{}
	return func(code string) string {
		if name, seen := known[code]; seen {
			return name
		}
		known[code] = code
		if a, ok := r.atlas.AirlineOn(travel.Carrier(code), first.Date, countries...); ok {
			known[code] = a.Name
		}
		return known[code]
	}
}

func (r *renderer) airportName(code string) string {
	if a, ok := r.atlas.Airport(travel.Airport(code)); ok {
		return a.Name
	}
	return code
}

func partnerNames(s *aggregator.Snapshot) func(string) string {
	return func(name string) string {
		for i := range s.Partners {
			if s.Partners[i].Name == name {
				return s.Partners[i].DisplayName
			}
		}
		return name
	}
}

// SliceOf writes one direction.
func SliceOf(segments []travel.ResultSegment) Slice {
	first, last := &segments[0], &segments[len(segments)-1]
	out := Slice{
		Origin: string(first.Origin), Destination: string(last.Destination), Departs: first.Departs, Arrives: last.Arrives,
		DurationMinutes: minutes(last.Arrives.Sub(first.Departs)), Stops: len(segments) - 1, Segments: make([]Segment, len(segments)),
	}
	for i := range segments {
		out.Segments[i] = segmentOf(&segments[i])
		if i > 0 {
			layover := minutes(segments[i].Departs.Sub(segments[i-1].Arrives))
			out.Segments[i].LayoverMinutes = &layover
		}
	}
	return out
}

func segmentOf(s *travel.ResultSegment) Segment {
	out := Segment{
		Marketing: Flight{string(s.Marketing.Carrier), s.Marketing.Number}, SoldAs: make([]Flight, len(s.SoldAs)),
		Origin: string(s.Origin), Destination: string(s.Destination), Departs: s.Departs, Arrives: s.Arrives,
		DurationMinutes: minutes(s.Duration()), Aircraft: Optional(s.Aircraft),
		Terminal: Terminal{Optional(s.DepartureTerminal), Optional(s.ArrivalTerminal)},
	}
	if s.Operating.Carrier != "" {
		out.Operating = &Operating{string(s.Operating.Carrier), Optional(s.Operating.Number)}
	}
	for i, f := range s.SoldAs {
		out.SoldAs[i] = Flight{string(f.Carrier), f.Number}
	}
	return out
}

// scoreOf writes a score; explain says what a part is made of, and is nil unless wanted.
func scoreOf(s page.ScoreShown, explain func(part string) string) Score {
	out := Score{Total: s.Total.Decimal(), Currency: string(s.Total.Currency), Parts: make([]ScorePart, len(s.Parts))}
	for i, part := range s.Parts {
		out.Parts[i] = ScorePart{Name: part.Name, Amount: part.Amount.Decimal()}
		if explain != nil {
			micros := part.Micros
			out.Parts[i].Micros, out.Parts[i].Explanation = &micros, explain(part.Name)
		}
	}
	if explain != nil {
		micros := s.Micros
		out.Micros = &micros
	}
	return out
}

func marketing(it *travel.Itinerary) []string {
	out := make([]string, 0, it.SegmentCount())
	for i := range it.Slices {
		for j := range it.Slices[i].Segments {
			out = append(out, it.Slices[i].Segments[j].Marketing.String())
		}
	}
	return out
}

func quotePrice(p *page.Paging, q *travel.Quote) Price {
	return shownPrice(p, p.Quote(q), q.Offer.Price.Kind, q.AsOf, q.FreshUntil, q.HardUntil)
}

func price(p *page.Paging, in *travel.Price, asOf, fresh, hard time.Time) Price {
	return shownPrice(p, p.Show(in), in.Kind, asOf, fresh, hard)
}

func shownPrice(p *page.Paging, shown page.Shown, kind travel.PriceKind, asOf, fresh, hard time.Time) Price {
	out := Price{
		Total: shown.Total, Base: shown.Base, Taxes: shown.Taxes, Fees: shown.Fees, Kind: string(kind), Original: shown.Original,
		AsOf: Instant{asOf}, FreshUntil: Instant{fresh}, HardUntil: Instant{hard},
	}
	if shown.Rate != "" {
		out.FX = &FX{Rate: shown.Rate, Date: p.Rates.Date(), Source: p.Rates.Source()}
	}
	return out
}

// FareOf writes conditions; amount converts fees into the currency to show.
func FareOf(f *travel.Fare, amount func(travel.Money) travel.Money) Fare {
	return Fare{
		Brand: Optional(f.Brand), Basis: perSegment(f.Basis), Cabin: perSegment(f.Cabin),
		CabinBags: pieces(f.CabinBags), CheckedBags: pieces(f.CheckedBags),
		Refundable: answered(f.Refundable), Changeable: answered(f.Changeable),
		ChangeFee: amount(f.ChangeFee), RefundFee: amount(f.RefundFee), Seat: Optional(f.Seat.String()),
		CabinBagPrice: amount(f.CabinBagPrice), CheckedBagPrice: amount(f.CheckedBagPrice),
	}
}

func constraints(verdicts map[string]view.Verdict) map[string]string {
	out := make(map[string]string, len(verdicts))
	for name, v := range verdicts {
		out[name] = string(v)
	}
	return out
}

// unasked reports whether not one applicable partner could be asked: all are open,
// skipped or paused (docs/definitions.md 1).
func unasked(s *aggregator.Snapshot) bool {
	for i := range s.Partners {
		switch s.Partners[i].Status {
		case fault.NotApplicable, fault.CircuitOpen, fault.BudgetSkipped, fault.RateLimited:
		default:
			return false
		}
	}
	return true
}

// SellerOf writes who sells an offer.
func SellerOf(s travel.Seller) Seller { return Seller{Optional(s.Code), Optional(s.Name)} }
