package server

import (
	"context"
	"errors"
	"net"
	"slices"

	"fanfare/providers/feeds"
	"fanfare/providers/registry"
	"fanfare/providers/travel"
	"fanfare/web/partner"
)

// partnerFeeds are the registry's feeds as the partner plane wants them.
type partnerFeeds struct{ s *Server }

// inFile reports whether the partner stands in the file: it is changed only there.
func (p partnerFeeds) inFile(name string) bool {
	p.s.partnersMu.Lock()
	defer p.s.partnersMu.Unlock()
	return slices.ContainsFunc(p.s.declared, func(f feeds.Feed) bool { return f.Name == name })
}

// Versions is partner.Feeds.Versions.
func (p partnerFeeds) Versions(name string) (all []any, live any, err error) {
	all = []any{}
	e := p.s.store.Snapshot().Entrant(name)
	if e == nil {
		if p.inFile(name) {
			return all, nil, nil // its declaration is the operator's
		}
		return nil, nil, partner.ErrNotFound
	}
	for _, v := range e.Versions {
		all = append(all, v)
	}
	if n := e.LiveVersion(); n > 0 {
		live = e.Versions[n-1]
	}
	return all, live, nil
}

// Version is partner.Feeds.Version.
func (p partnerFeeds) Version(name string, number int) (version any, document string, err error) {
	v := p.find(name, number)
	if v == nil {
		return nil, "", partner.ErrNotFound
	}
	return v, v.Document, nil
}

func (p partnerFeeds) find(name string, number int) *registry.Version {
	e := p.s.store.Snapshot().Entrant(name)
	if e == nil || number < 1 || number > len(e.Versions) {
		return nil
	}
	return e.Versions[number-1]
}

// Add is partner.Feeds.Add.
func (p partnerFeeds) Add(ctx context.Context, by, name, document string) (any, error) {
	if p.inFile(name) {
		return nil, &partner.Refused{Message: "The partner stands in the operator's file, and is changed only there."}
	}
	if complaints := p.complaints(name, document); len(complaints) > 0 {
		return nil, partner.Invalid(complaints)
	}
	v, err := p.s.store.AddVersion(ctx, by, name, document)
	if err != nil {
		return nil, planeError(err)
	}
	return v, nil
}

// complaints are what is wrong with a declaration.
func (p partnerFeeds) complaints(name, document string) (all []travel.FieldError) {
	_, errs := feeds.FromPlane(name, []byte(document), p.s.cfg.Search.MaxWait)
	for _, c := range errs {
		all = append(all, travel.FieldError{Field: c.Path, Message: c.Message})
	}
	return all
}

// Check is partner.Feeds.Check.
func (p partnerFeeds) Check(name string, number int) ([]travel.FieldError, error) {
	v := p.find(name, number)
	if v == nil {
		return nil, partner.ErrNotFound
	}
	return p.complaints(name, v.Document), nil
}

// SetState is partner.Feeds.SetState.
func (p partnerFeeds) SetState(ctx context.Context, by, name string, number int, change partner.StateChange) (any, error) {
	v, err := p.s.store.SetState(ctx, by, registry.Move{Partner: name, Number: number, To: registry.State(change.State), Share: change.Share, Reason: change.Reason, Force: change.Force})
	if err != nil {
		return nil, planeError(err)
	}
	return v, nil
}

// SetSecret is partner.Feeds.SetSecret.
func (p partnerFeeds) SetSecret(ctx context.Context, by, name, secret string, value partner.Secret) error {
	return planeError(p.s.store.SetSecret(ctx, by, name, secret, value.Value, value.Hosts))
}

// planeError is an error of the registry as a plane wants it.
func planeError(err error) error {
	var refused *registry.Refusal
	var missing *registry.EvidenceMissing
	var invalid registry.InvalidError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, registry.ErrUnavailable):
		return partner.ErrUnavailable
	case errors.As(err, &refused) && refused.NotFound:
		return partner.ErrNotFound
	case errors.As(err, &refused):
		return &partner.Refused{Message: refused.Message}
	case errors.As(err, &missing):
		gaps := make([]travel.FieldError, len(missing.Gaps))
		for i, g := range missing.Gaps {
			gaps[i] = travel.FieldError{Field: g.What, Message: "is " + g.Have + "; wanted: " + g.Want}
		}
		return &partner.Refused{Message: missing.Error(), Missing: gaps}
	case errors.As(err, &invalid):
		return partner.Invalid{{Field: "request", Message: invalid.Error()}}
	}
	return err
}

// opsPartners are the registry's partners as operators see them.
type opsPartners struct{ partnerFeeds }

// AddPartner is ops.Partners.AddPartner.
func (p opsPartners) AddPartner(ctx context.Context, by, name string) error {
	if !feeds.GoodName(name) {
		return partner.Invalid{{Field: "name", Message: "2 to 32 of a-z, 0-9 and -"}}
	}
	if p.inFile(name) {
		return &partner.Refused{Message: "A partner of the file has the same name."}
	}
	return planeError(p.s.store.AddPartner(ctx, by, name))
}

// RemovePartner is ops.Partners.RemovePartner.
func (p opsPartners) RemovePartner(ctx context.Context, by, name, reason string) error {
	if p.inFile(name) {
		return &partner.Refused{Message: "The partner stands in the file, and is taken out only there."}
	}
	return planeError(p.s.store.RemovePartner(ctx, by, name, reason))
}

// ApproveHosts is ops.Partners.ApproveHosts.
func (p opsPartners) ApproveHosts(ctx context.Context, by, name string, hosts []string) error {
	for _, host := range hosts {
		if _, _, err := net.SplitHostPort(host); err != nil {
			return partner.Invalid{{Field: "hosts", Message: host + ": host:port such as api.example.com:443"}}
		}
	}
	return planeError(p.s.store.ApproveHosts(ctx, by, name, hosts))
}

// auditPage is how many entries an answer has.
const auditPage = 100

// Audit is ops.Partners.Audit.
func (p opsPartners) Audit(ctx context.Context, object string, before int64) (any, error) {
	entries, err := p.s.store.Audit(ctx, object, before, auditPage)
	return entries, planeError(err)
}
