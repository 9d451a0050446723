package view

import (
	"slices"
	"strings"

	"fanfare/aggregator/fx"
	"fanfare/providers/travel"
)

// tooDear compares what people see: amounts rounded to the currency of display.
func tooDear(total, limit travel.Money, rates *fx.Table) bool {
	if !limit.Known() {
		return false
	}
	shown, ok := rates.Convert(total, limit.Currency)
	return !ok || shown.Minor > limit.Minor
}

// StayRow is a property with its passing rates, cheapest first.
type StayRow struct {
	Result *travel.StayResult
	Quotes []travel.RateQuote
}

// Filter returns the properties of which at least one rate passes, in the order given.
func (v *Stays) Filter(results []travel.StayResult, rates *fx.Table) []StayRow {
	rows := make([]StayRow, 0, len(results))
	for i := range results {
		r := &results[i]
		if !v.propertyPasses(&r.Property) {
			continue
		}
		quotes := slices.DeleteFunc(slices.Clone(r.Quotes), func(q travel.RateQuote) bool {
			judged := verdicts{strict: v.Strict}
			v.judge(r, q.Rate, &judged)
			return judged.failed || tooDear(q.Rate.Price.Total, v.MaxPrice, rates)
		})
		if len(quotes) > 0 {
			rows = append(rows, StayRow{r, quotes})
		}
	}
	return rows
}

func (v *Stays) propertyPasses(p *travel.Property) bool {
	if v.Name != "" && !strings.Contains(strings.ToLower(p.Name), v.Name) {
		return false
	}
	return v.BBox == nil || p.HasGeo && v.BBox.contains(p.Lat, p.Lon)
}

func (v *Stays) judge(r *travel.StayResult, rate *travel.Rate, out *verdicts) {
	if v.MinStars > 0 {
		verdict := verdictIf(r.Property.Stars >= v.MinStars)
		if r.Property.Stars == 0 {
			verdict = Unverifiable
		}
		out.judge("min_stars", verdict)
	}
	if v.Boards != nil {
		verdict := verdictIf(slices.Contains(v.Boards, rate.Board))
		if rate.Board == travel.BoardUnknown {
			verdict = Unverifiable
		}
		out.judge("board", verdict)
	}
	if v.FreeCancellation {
		verdict := verdictOf(rate.Cancellation.Refundable)
		if verdict == Verified && rate.Cancellation.FreeUntil.IsZero() {
			verdict = fails
		}
		out.judge("free_cancellation", verdict)
	}
}

// Constraints tells of each constraint whether it was verified for the rate. Never nil.
func (v *Stays) Constraints(r *travel.StayResult, rate *travel.Rate) map[string]Verdict {
	out := verdicts{marks: map[string]Verdict{}}
	v.judge(r, rate, &out)
	return out.marks
}
