package aggregator

import (
	"time"

	"fanfare/aggregator/merge"
	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// partner is one partner's state in one search.
type partner struct {
	source       Partner
	status       fault.Status
	cause        fault.Cause
	standing     *merge.Prepared // the answer that stands, nil without one
	partial      *merge.Prepared // a newer answer of which calls failed: it stands once prepared is past its hard limit
	failed       *travel.Answer  // the newest answer, if it or a part of it failed
	asking       bool            // a call is in flight, also while an older answer stands
	inBackground bool            // and is a background call
	ended        bool            // a call has ended since the question was last asked anew
	late         bool            // asked when the search was terminal: nobody waits, so there is no time-out
	lapsed       time.Time       // as_of of the last answer that passed its hard limit

	refreshes    int       // since the question was last asked
	offerRefresh time.Time // when the freshness of a single offer last made one
}

// apply makes prepared the partner's answer. While an older answer may still be shown, a failure
// leaves it standing, and so does an answer of which calls failed unless the older one is such
// an answer too.
func (p *partner) apply(prepared *merge.Prepared, now time.Time) {
	a := &prepared.Answer
	p.ended = true
	p.status, p.cause = fault.Judge(a.OffersKept(), a.Err)
	if a.Err == nil {
		p.standing, p.partial, p.failed = prepared, nil, nil
		return
	}
	p.failed = a
	partial := prepared.Offers() > 0
	stands := p.standing != nil && p.standing.Offers() > 0 && now.Before(p.standing.Answer.HardUntil)
	switch {
	case stands && (p.standing.Answer.Err == nil || !partial):
		p.status = fault.StaleServed
		if partial {
			p.partial = prepared
		}
	case partial:
		p.standing, p.partial = prepared, nil
	default:
		p.standing, p.partial = nil, nil
	}
}

// view is the partner as a snapshot shows it. Once the search is terminal a call
// that goes on for the first time is a time-out: still_running.
func (p *partner) view(terminal bool) PartnerView {
	v := PartnerView{Name: p.source.Name(), DisplayName: p.source.DisplayName(), Status: p.status, Cause: p.cause}
	if p.status == fault.Asking && terminal && !p.ended && !p.late {
		v.Status, v.Cause = fault.Timeout, fault.StillRunning
	}
	if p.status == fault.Expired || p.status == fault.Asking {
		v.AsOf = p.lapsed
	}
	if p.standing != nil {
		a := &p.standing.Answer
		v.Partial = a.Err != nil
		v.OffersIn, v.OffersKept, v.Drops, v.Notes = a.OffersIn, a.OffersKept(), a.Drops, a.Notes
		v.Took, v.AsOf, v.Attempts, v.AskedAs = a.Took, a.AsOf, a.Attempts, a.AskedAs
	}
	if a := p.failed; a != nil {
		v.Took, v.Attempts, v.RetryAt, v.Since = a.Took, a.Attempts, a.RetryAt, a.Since
		v.Code = fault.Of(a.Err).Code
		if p.standing == nil {
			v.OffersIn, v.Drops, v.Notes, v.AskedAs = a.OffersIn, a.Drops, a.Notes, a.AskedAs
		}
	}
	if v.Drops == nil {
		v.Drops = map[string]int{}
	}
	if v.Notes == nil {
		v.Notes = map[string]int{}
	}
	return v
}

// shouldAsk reports whether a traveller who asks is worth a call: the partner's answer is
// past fresh, or it failed and may be asked again, or it was never asked.
func (p *partner) shouldAsk(now time.Time) bool {
	switch {
	case p.asking || p.status == fault.NotApplicable:
		return false
	case p.failed != nil:
		return !now.Before(p.failed.RetryAt)
	case p.standing != nil:
		return !now.Before(p.standing.Answer.FreshUntil)
	}
	return true
}

// awaited reports whether a traveller who asks the question now waits for the partner: no
// answer stands, and the partner is asked already or is worth a call.
func (p *partner) awaited(now time.Time) bool {
	return (p.standing == nil || p.standing.Offers() == 0) && (p.asking && p.standing == nil || p.shouldAsk(now))
}

// unasked reports whether the partner has come in since the search began.
func (p *partner) unasked(time.Time) bool { return p.status == fault.Queued && !p.asking }

// lapse ends the partner's answer, which is past its hard limit. A newer, partial one takes its
// place if there is one; else the status is that of the failed call, or expired, or asking
// while the partner is asked again for a traveller.
func (p *partner) lapse(partial *merge.Prepared) {
	p.lapsed = p.standing.Answer.AsOf
	p.standing, p.partial = nil, nil
	switch {
	case p.failed != nil:
		p.status, p.cause = fault.Judge(p.failed.OffersKept(), p.failed.Err)
		if partial != nil && partial.Offers() > 0 {
			p.standing = partial
		}
	case p.asking && !p.inBackground:
		p.status, p.cause = fault.Asking, fault.None
	default:
		p.status, p.cause = fault.Expired, fault.None
	}
}
