package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"fanfare/aggregator"
	"fanfare/providers/travel"
)

// question is what a traveller asks, as far as it could be read.
type question struct {
	query  travel.Query // not yet normalised
	values Values       // the view, and how to wait
	errs   travel.Invalid
	rename func(field string) string // from the paths of a body to what the traveller wrote; nil is none
}

// start normalises the question, asks whether the client may start it, and starts or
// joins it. If it returns nil the request has been answered.
func (a *API) start(c *call, asked question) (s *aggregator.Search, r *request, joined bool) {
	q, err := asked.query.Normalise(a.cfg.Now(), a.cfg.Atlas, a.cfg.Market)
	found := complaints{list: asked.errs}
	var wrong travel.Invalid
	if errors.As(err, &wrong) {
		found.merge(wrong, asked.rename)
	}
	r, viewErrs := a.viewRequest(c.product(), q.Market, asked.values)
	found.merge(viewErrs, nil)
	if len(found.list) > 0 {
		invalid(c.Context, found.list)
		return nil, nil, false
	}
	if a.cfg.Aggregator.Partners() == 0 {
		noPartners(c.Context)
		return nil, nil, false
	}
	if !a.cfg.Aggregator.IsActive(q.ID()) {
		if wait, ok := a.cfg.Limits.NewSearch(c.Context); !ok {
			TooMany(c.Context, wait, "Too many new searches from this address; joining a held one is not limited so.")
			return nil, nil, false
		}
	}
	s, joined, err = a.cfg.Aggregator.Search(q)
	if err != nil {
		overloaded(c.Context, aggregator.RetryAfter)
		return nil, nil, false
	}
	return s, r, joined
}

// search is the one-shot.
func (a *API) search(c *call) {
	asked := question{values: c.values, rename: asParameter}
	if c.product() == travel.Hotels {
		asked.query, asked.errs = stayQuery(c.values)
	} else {
		asked.query = flightQuery(c.values)
	}
	wait := c.values.Duration("wait", a.cfg.Aggregator.Budget()+turning)
	if wait > 0 {
		release, ok := a.cfg.Limits.Wait(c.Context)
		if !ok {
			return
		}
		defer release()
	}
	s, r, _ := a.start(c, asked)
	if s == nil {
		return
	}
	defer s.Watch()()
	ctx, cancel := a.waiting(c, wait)
	defer cancel()
	snapshot, early := r.wait(ctx, s)
	if c.Request.Context().Err() != nil {
		s.Leave(snapshot)
		return
	}
	switch {
	case snapshot.Status == aggregator.Failed && unasked(snapshot):
		a.noneAsked(c, snapshot)
	case snapshot.Status == aggregator.Failed:
		WriteProblem(c.Context, Problem{Type: ProblemAllFailed, Title: "Every partner failed", Status: http.StatusBadGateway,
			ID: snapshot.ID, Partners: partnersOf(snapshot)})
	case early != nil:
		r.writeEarly(c.Context, snapshot, early)
	default:
		r.write(c.Context, snapshot, http.StatusOK)
	}
}

// turning is how long a search whose budget is over may take to become terminal, so
// that who waits for all of the budget reads how it ended.
const turning = 250 * time.Millisecond

// waiting is for a request that waits: it ends with the client, after wait, and soon
// when the server drains.
func (a *API) waiting(c *call, wait time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), wait)
	go func() { // ends with ctx
		select {
		case <-a.cfg.Draining:
			last := time.AfterFunc(lastWait, cancel)
			defer last.Stop()
			<-ctx.Done()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// wait waits for the end of the search, or until little is left to be saved.
func (r *request) wait(ctx context.Context, s *aggregator.Search) (*aggregator.Snapshot, *EarlyStop) {
	var early *EarlyStop
	snapshot := s.Wait(ctx, func(s *aggregator.Snapshot) bool {
		early = r.enough(ctx, s)
		return early != nil || s.Status.Terminal()
	})
	return snapshot, early
}

// enough tells what is given up by stopping now, nil if that is too much or unknown,
// or nothing is waited for any more.
func (r *request) enough(ctx context.Context, s *aggregator.Snapshot) (early *EarlyStop) {
	if !r.stop.Known() || s.Status != aggregator.Partial {
		return nil
	}
	_ = r.api.cfg.Work(ctx, func() { // who leaves does not stop early
		_, page, err := r.view.render(s)
		if err != nil || page == nil {
			return
		}
		if residual, known := page.Residual(); known && residual.Minor < r.stop.Minor {
			early = &EarlyStop{residual}
		}
	})
	return early
}

// noneAsked tells the client to come back when the first partner may be asked again.
func (a *API) noneAsked(c *call, s *aggregator.Snapshot) {
	wait := time.Minute
	for _, p := range s.Partners {
		if !p.RetryAt.IsZero() {
			wait = min(wait, p.RetryAt.Sub(a.cfg.Now()))
		}
	}
	retryAfter(c.Context, wait)
	WriteProblem(c.Context, Problem{Type: ProblemNoneAsked, Title: "No partner could be asked", Status: http.StatusServiceUnavailable,
		ID: s.ID, Partners: partnersOf(s)})
}
