package aggregator

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"fanfare/aggregator/merge"
	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// Search is one held search: the question, each partner's newest answer, and the
// newest snapshot. Everybody with the same question shares it.
type Search struct {
	ID    string
	Query travel.Query

	agg     *Aggregator
	created time.Time
	newest  atomic.Pointer[Snapshot]
	merger  merge.Merger // what has been merged of this search, for the next revision
	dropped atomic.Bool  // no longer held; it goes on for those who still wait

	background      atomic.Bool  // a part that no traveller has asked for; see parts.go
	lastNeeded      atomic.Int64 // when another search last needed it as a part, in Unix nanoseconds
	notifyScheduled atomic.Bool  // a look at its parts is on its way

	mu               sync.Mutex // guards the fields below
	partners         []*partner // sorted by name
	changed          chan struct{}
	terminal         bool // for those who wait: all have ended, or the budget is over
	asking           int  // calls in flight, refreshes included
	published        time.Time
	pending          *time.Timer // a revision that waits for answers close behind
	budget           *time.Timer // turns the search terminal; stopped when it is, or it would keep the search alive
	expiry           *time.Timer // replaces the newest snapshot when it is outdated; nil while nobody watches
	accounted        int64       // bytes, under the cache's bound
	lastUse          time.Time   // of any request
	lastAct          time.Time   // of the traveller: POST, one-shot, change of view
	watchers         int
	askers           int    // travellers who asked the question
	departed         int    // of them, those who left before the end
	idDisclosed      bool   // somebody may come back for it by its id
	cancelCalls      func() // ends the calls of a search that nobody waits for; nil once it is terminal
	terminalReported bool   // that it turned terminal
	begun            int64  // the first revision since the question was last asked anew
	views            map[string]bool
	doneSent         int64 // the revision of which some stream was told that the search is done

	plans         []plan             // how its trip can be put together; set once
	parts         map[string]*Search // of the plans, by id
	partRefreshes int                // of parts, since the traveller's last act
	parents       []*Search          // whose part it is
}

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

// coalesce is how long answers that come close together wait for each other to make
// one revision. The first and the last do not wait.
const coalesce = 50 * time.Millisecond

// Snapshot returns the newest revision, never nil. None of its prices is past its hard limit.
func (s *Search) Snapshot() *Snapshot {
	s.renew()
	return s.newest.Load()
}

// Changed returns a channel that is closed when there is a revision newer than the
// snapshot returned with it, which is as Snapshot returns it.
func (s *Search) Changed() (*Snapshot, <-chan struct{}) {
	s.renew()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newest.Load(), s.changed
}

// Wait returns the first snapshot for which done holds, or the newest when ctx ends.
func (s *Search) Wait(ctx context.Context, done func(*Snapshot) bool) *Snapshot {
	for {
		snapshot, changed := s.Changed()
		if done(snapshot) {
			return snapshot
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return s.Snapshot()
		}
	}
}

// Watch keeps the search alive and refreshed while somebody looks; call the function
// returned when they leave.
func (s *Search) Watch() (leave func()) {
	s.mu.Lock()
	s.watchers++
	s.setExpiryLocked()
	s.mu.Unlock()
	var once sync.Once
	return func() {
		once.Do(func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.watchers--
			s.lastUse = s.agg.now()
			if s.watchers == 0 {
				s.setExpiryLocked()
			}
		})
	}
}

// askedNowLocked notes that a traveller has asked the question: prices are kept fresh from now on,
// with as many refreshes as for a new search. The lock is held.
func (s *Search) askedNowLocked(now time.Time) {
	s.askers++
	s.lastUse, s.lastAct, s.partRefreshes = now, now, 0
	for _, p := range s.partners {
		p.refreshes = 0
	}
}

// maxViews bounds how many changes of view extend how long prices are kept fresh.
const maxViews = 200

// View notes which view is looked at. One not seen before is an act of the traveller's: prices
// are kept fresh for longer, but not more often.
func (s *Search) View(hash string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.agg.now()
	s.lastUse = now
	if s.views[hash] || len(s.views) >= maxViews {
		return
	}
	if s.views == nil {
		s.views = map[string]bool{}
	}
	s.views[hash] = true
	s.lastAct = now
}

// ClaimDone reports whether a stream must still say that the search is done at the revision,
// to a client that has seen that revision already; and notes that it will.
func (s *Search) ClaimDone(revision int64) (unsaid bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	unsaid = s.doneSent != revision
	s.doneSent = revision
	return unsaid
}

// Active reports whether the search can still be found.
func (s *Search) Active() bool { return !s.dropped.Load() }

// askLocked starts the calls to the given partners, on goroutines that the aggregator owns.
// The lock is held; partners are marked asking.
func (s *Search) askLocked(targets []*partner) { s.askPartnersLocked(targets, false) }

// askPartnersLocked is ask, by background calls where no traveller has asked. The lock is held.
func (s *Search) askPartnersLocked(targets []*partner, inBackground bool) {
	if len(targets) == 0 {
		return
	}
	s.asking += len(targets)
	sources := make([]Partner, len(targets))
	for i, p := range targets {
		p.asking, p.inBackground, p.late = true, inBackground, s.terminal
		if (p.status == fault.Queued || p.status == fault.Expired) && !inBackground {
			p.status = fault.Asking
		}
		sources[i] = p.source
	}
	s.agg.fanOut(s, sources, inBackground, func(i int, prepared *merge.Prepared) { s.deliver(targets[i], prepared) })
}

// deliver takes one partner's answer into the search.
func (s *Search) deliver(p *partner, prepared *merge.Prepared) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.asking = false
	s.asking--
	if a := &prepared.Answer; a.Unasked {
		if p.status == fault.Asking && slices.Contains(s.partners, p) { // by a traveller, meanwhile
			s.askLocked([]*partner{p})
		}
		if s.asking == 0 && !s.terminal {
			s.publishLocked()
		}
		return
	}
	p.apply(prepared, s.agg.now()) // a partner removed meanwhile is none of ours any more
	s.scheduleLocked()
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

// scheduleLocked publishes a revision now if nothing is left to wait for, else soon. The
// lock is held.
func (s *Search) scheduleLocked() {
	wait := coalesce - time.Since(s.published)
	if s.asking == 0 || s.newest.Load().Status == Pending || wait <= 0 {
		s.publishLocked()
		return
	}
	if s.pending == nil {
		s.pending = time.AfterFunc(wait, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			if s.pending != nil {
				s.publishLocked()
			}
		})
	}
}

// publishLocked makes the next revision. The lock is held.
func (s *Search) publishLocked() {
	if s.pending != nil {
		s.pending.Stop()
		s.pending = nil
	}
	if s.asking == 0 {
		s.terminal = true
	}
	s.published = time.Now()
	now, rates := s.agg.now(), s.agg.cfg.Rates()
	s.renewAnswersLocked(now, rates)
	next := &Snapshot{ID: s.ID, Query: s.Query, CreatedAt: s.created, UpdatedAt: now, Revision: time.Now().UnixMilli(), Rates: rates}
	if last := s.newest.Load(); last != nil {
		next.Revision = max(next.Revision, last.Revision+1)
	}
	if s.begun == 0 {
		s.begun = next.Revision
	}
	states := make([]merge.PartnerState, len(s.partners))
	next.Partners = make([]PartnerView, len(s.partners))
	for i, p := range s.partners {
		next.Partners[i] = p.view(s.terminal)
		states[i] = merge.PartnerState{Name: p.source.Name(), Status: string(next.Partners[i].Status), Prepared: p.standing}
		if p.standing != nil {
			next.answers = append(next.answers, p.standing)
		}
	}
	next.trips = s.tripsLocked()
	next.setValidUntil()
	next.StateHash = merge.StateHash(s.ID, states)
	next.Status = judge(next.Partners, s.terminal)
	next.estimate(s.agg.past)
	next.mergeOnce(&s.merger, s.agg.doNotMergePairs(), func() { s.agg.accountMerged(s, next) })
	next.pages.Memo = s.agg.memo(s, next)
	next.combineOnce(s.agg.cfg.Atlas, func(n int) { s.agg.accountCombined(s, next, n) })
	s.newest.Store(next)
	if s.changed != nil {
		close(s.changed)
	}
	s.changed = make(chan struct{})
	s.agg.cache.RemovePrefix(s.ID, madePrefix) // of older revisions
	s.agg.accountLocked(s, now)
	if s.terminal {
		s.releaseLocked()
	}
	s.setExpiryLocked()
	s.notifyParentsLocked()
	if s.terminal && !s.terminalReported {
		s.terminalReported = true
		if s.Query.Product == travel.Flights {
			s.agg.past.learn(routeOf(&s.Query), next.answers)
		}
		s.agg.searched(next)
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

// join is a traveller asking for a held search: partners are asked again whose answer
// is not good any more. A search without an answer that could be shown, because it has failed or
// expired or all its partners were replaced, starts anew if that asks a partner or waits for a
// background call, so that the traveller waits as for a new one. It is false if the search is not held any more, or not yet a
// traveller's.
func (s *Search) join() bool {
	s.renew()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dropped.Load() || s.background.Load() {
		return false
	}
	now := s.agg.now()
	s.askedNowLocked(now)
	changed := s.reconcileLocked(true)
	status := s.newest.Load().Status
	stands := slices.ContainsFunc(s.partners, func(p *partner) bool { return p.standing != nil })
	if (status == Failed || status == Expired || s.terminal && !stands) &&
		slices.ContainsFunc(s.partners, func(p *partner) bool { return p.awaited(now) && (p.inBackground || !p.asking) }) {
		s.beginLocked(now)
		return true
	}
	if changed { // by partners that SetPartners has replaced, and whom it will find done
		defer s.publishLocked()
	}
	s.askLocked(s.selectPartners((*partner).shouldAsk, now))
	return true
}

// awaited reports whether a traveller who asks the question now waits for the partner: no
// answer stands, and the partner is asked already or is worth a call.
func (p *partner) awaited(now time.Time) bool {
	return (p.standing == nil || p.standing.Offers() == 0) && (p.asking && p.standing == nil || p.shouldAsk(now))
}

// beginLocked asks the question anew: the search is pending again, and those who asked it before and do
// not watch it do not count any more. The lock is held.
func (s *Search) beginLocked(now time.Time) {
	s.reconcileLocked(true)
	s.created, s.begun, s.terminalReported, s.terminal = now, 0, false, true
	s.askers, s.departed = 1+s.watchers, 0 // who still waits will wait for this, too
	for _, p := range s.partners {
		if p.awaited(now) {
			p.standing, p.partial, p.failed, p.ended, p.late = nil, nil, nil, false, false
			p.status, p.cause = fault.Asking, fault.None
			s.terminal = false
		}
	}
	s.askLocked(s.selectPartners((*partner).shouldAsk, now))
	s.publishLocked()
	s.setBudgetLocked()
}

// unasked reports whether the partner has come in since the search began.
func (p *partner) unasked(time.Time) bool { return p.status == fault.Queued && !p.asking }

// selectPartners are the partners for which is holds. The lock is held.
func (s *Search) selectPartners(is func(p *partner, now time.Time) bool, now time.Time) (targets []*partner) {
	for _, p := range s.partners {
		if is(p, now) {
			targets = append(targets, p)
		}
	}
	return targets
}

// askAgainLocked asks the partners for which again holds. The lock is held.
func (s *Search) askAgainLocked(again func(p *partner, now time.Time) bool, now time.Time) {
	changed := s.reconcileLocked(true)
	s.askLocked(s.selectPartners(again, now))
	if changed { // by partners that SetPartners has replaced, and whom it will find done
		s.publishLocked()
	}
}

// overBudget makes the search terminal for those who wait, although calls go on.
func (s *Search) overBudget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.terminal {
		s.terminal = true
		s.publishLocked()
	}
}
