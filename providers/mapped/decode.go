package mapped

import (
	"context"
	"fmt"

	"fanfare/providers/assemble"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// Decoded is what a document gave.
type Decoded struct {
	Answer     travel.Answer
	Complaints Complaints // about what the mapping made, for whoever declares it
	Next       string     // the address of the next page, "" after the last
}

// Decode reads one document. query is what was asked, for a mapping that uses it, and may be
// nil. The error is a *fault.Error: of a document that cannot be read, that is an error by the
// declaration, or on which an expression ran into one.
func (m *Mapping) Decode(ctx context.Context, body []byte, query map[string]any, atlas *places.Atlas) (Decoded, error) {
	tree, err := readTree(m.format, body, m.lists)
	if err != nil {
		return Decoded{}, fault.New(fault.Malformed, err)
	}
	said, err := m.refusal(ctx, tree, query)
	if err != nil {
		return Decoded{}, err
	}
	if said != nil {
		return Decoded{}, said
	}
	var out Decoded
	if empty, err := truth(ctx, m.emptyWhen, "response.empty.when", tree, query); err != nil || empty {
		return out, err
	}
	s := &shaper{exponent: m.exponent, atlas: atlas}
	if s.atlas == nil {
		s.atlas = places.Default()
	}
	if err := m.each(ctx, tree, query, func(raw any) error { return m.take(ctx, s, &out.Answer, raw, query) }); err != nil {
		return Decoded{}, err
	}
	out.Complaints = s.complaints
	assemble.LimitOffers(&out.Answer, assemble.MaxOffers)
	assemble.LimitStays(&out.Answer, assemble.MaxOffers)
	if m.next != nil {
		next, err := m.next.First(ctx, tree, query)
		if err != nil {
			return Decoded{}, expressionFault("response.next", err)
		}
		out.Next, _ = next.(string)
	}
	return out, nil
}

func expressionFault(at string, err error) error {
	return fault.New(fault.Malformed, fmt.Errorf("%s: %w", at, err))
}

// truth is whether an expression yields true, false without one.
func truth(ctx context.Context, p *Program, at string, tree any, query map[string]any) (bool, error) {
	if p == nil {
		return false, nil
	}
	v, err := p.First(ctx, tree, query)
	if err != nil {
		return false, expressionFault(at, err)
	}
	return v == true, nil
}

// refusal is the partner's error that a document is, nil if it is none.
func (m *Mapping) refusal(ctx context.Context, tree any, query map[string]any) (*fault.Error, error) {
	failed, err := truth(ctx, m.errorWhen, "response.errors.when", tree, query)
	if err != nil || !failed {
		return nil, err
	}
	text := func(p *Program) string {
		if p == nil {
			return ""
		}
		v, err := p.First(ctx, tree, query)
		if err != nil {
			return ""
		}
		s, _ := scalarText(v)
		return s
	}
	return assemble.PartnerError(text(m.code), text(m.message)), nil
}

// each calls yield with every raw offer of a document.
func (m *Mapping) each(ctx context.Context, tree any, query map[string]any, yield func(raw any) error) error {
	if m.offers.path != nil {
		switch members := m.offers.path.of(tree, query).(type) {
		case nil:
		case []any:
			for _, raw := range members {
				if err := yield(raw); err != nil {
					return err
				}
			}
		case map[string]any: // one offer, as XML writes it
			return yield(members)
		default:
			return fault.New(fault.Malformed, fmt.Errorf("response.offers: found %s; must lead to a list", typeOf(members)))
		}
		return nil
	}
	var failed error
	err := m.offers.program.Run(ctx, tree, query, func(raw any) bool {
		failed = yield(raw)
		return failed == nil
	})
	if err != nil {
		return expressionFault("response.offers", err)
	}
	return failed
}

// take makes an offer or a rate of a raw one, or counts by which rule it is dropped.
func (m *Mapping) take(ctx context.Context, s *shaper, a *travel.Answer, raw any, query map[string]any) error {
	shape, err := m.of.apply(ctx, raw, query)
	if err != nil {
		return expressionFault("response.map", err)
	}
	a.OffersIn++
	if m.product == travel.Hotels {
		p, r, rule := s.rate(shape)
		if rule != "" {
			a.Drop(rule, 1)
			return nil
		}
		s.addRate(a, p, r)
		return nil
	}
	o, rule := s.offer(shape)
	if rule != "" {
		a.Drop(rule, 1)
		return nil
	}
	a.Offers = append(a.Offers, o)
	assemble.TrimOffers(a, assemble.MaxOffers)
	return nil
}

// addRate puts a rate to its property.
func (s *shaper) addRate(a *travel.Answer, p travel.Property, r travel.Rate) {
	at, known := s.stays[p.ID]
	if !known {
		if s.stays == nil {
			s.stays = map[string]int{}
		}
		at, s.stays[p.ID] = len(a.Stays), len(a.Stays)
		a.Stays = append(a.Stays, travel.Stay{Property: p})
	}
	a.Stays[at].Rates = append(a.Stays[at].Rates, r)
}
