package rapid

import (
	"slices"
	"strconv"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// penalty is as the document states it; views.
type penalty struct {
	start, amount, currency, percent, nights string
}

const (
	penaltyStart = iota
	penaltyAmount
	penaltyCurrency
	penaltyPercent
	penaltyNights
)

var penaltyKeys = document.NewKeys([]string{
	penaltyStart: "start", penaltyAmount: "amount", penaltyCurrency: "currency", penaltyPercent: "percent", penaltyNights: "nights",
}...)

// maxPenalties bounds the penalties of a rate; real ones have three or four.
const maxPenalties = 64

func (d *decoder) readPenalties() {
	r := d.r
	for a := r.Array(); a.Next(); {
		var p penalty
		for o := r.Object(penaltyKeys); o.Next(); {
			switch o.Key() {
			case penaltyStart:
				p.start = r.View()
			case penaltyAmount:
				p.amount = r.View()
			case penaltyCurrency:
				p.currency = r.Intern()
			case penaltyPercent:
				p.percent = r.View()
			case penaltyNights:
				p.nights = r.View()
			}
		}
		if len(d.penalties) < maxPenalties {
			d.penalties = append(d.penalties, p)
		}
	}
}

// cancellation: free until the first penalty starts, unless nothing, or some night, is
// never given back, or a penalty cannot be read. Without a penalty nobody has said when.
func (d *decoder) cancellation(c *travel.Cancellation, said conditions, charged travel.Money) {
	c.Refundable = said.refundable
	switch said.refundability {
	case "refundable":
		c.Refundable = travel.Yes
	case "non_refundable":
		c.Refundable = travel.No
	}
	readable := true
	if len(d.penalties) > 0 {
		c.Steps = make([]travel.CancellationStep, 0, len(d.penalties))
	}
	for i := range d.penalties {
		p := &d.penalties[i]
		w, ok := document.ParseWall(p.start)
		if !ok || w.Zone == document.NoZone && d.zone == nil {
			d.answer.Note("cancellation_unreadable", 1)
			readable = false
			continue
		}
		if w.Zone == document.NoZone {
			d.answer.Note("deadline_zone_assumed", 1)
		}
		step := travel.CancellationStep{From: w.Instant(d.zone), Fee: d.fee(p, charged)}
		if step.Fee.Known() && step.Fee.Minor <= 0 {
			continue
		}
		c.Steps = append(c.Steps, step)
	}
	slices.SortStableFunc(c.Steps, func(a, b travel.CancellationStep) int { return a.From.Compare(b.From) })
	if c.Refundable == travel.Yes && len(c.Steps) > 0 && readable && !said.nights && said.refundability != "partially_refundable" {
		c.FreeUntil = c.Steps[0].From
	}
}

// fee is the highest of what a penalty says, each of which may stand for itself; not
// stated if one of them cannot be told.
func (d *decoder) fee(p *penalty, charged travel.Money) (fee travel.Money) {
	for i, text := range []string{p.amount, p.percent, p.nights} {
		if text == "" {
			continue
		}
		var m travel.Money
		switch i {
		case 0:
			m = document.Advisory(text, p.currency)
		case 1:
			m = document.Percent(charged, text)
		case 2:
			m = d.firstNights(text)
		}
		switch {
		case !m.Known(), fee.Known() && fee.Currency != m.Currency:
			return travel.Money{}
		case !fee.Known(), m.Minor > fee.Minor:
			fee = m
		}
	}
	return fee
}

// firstNights is what the first nights of all rooms cost, as penalties by nights are
// counted from check-in on.
func (d *decoder) firstNights(text string) (all travel.Money) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return travel.Money{}
	}
	for i := range d.prices {
		p := &d.prices[i]
		if p.count == 0 {
			continue
		}
		room := travel.Money{Currency: all.Currency}
		if n > 0 {
			room = d.nights(p, n)
		}
		if room = room.Times(p.count); all.Known() {
			room = all.Plus(room)
		}
		if all = room; !all.Known() {
			return travel.Money{}
		}
	}
	return all
}
