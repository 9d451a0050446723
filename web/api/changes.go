package api

import (
	"bytes"
	"context"
	"encoding/json"

	"fanfare/aggregator"
)

// renderedView is a rendered view, taken apart to see what changed.
type renderedView struct {
	revision int64
	status   aggregator.Status
	whole    []byte
	fields   map[string]json.RawMessage
	partners map[string]json.RawMessage
	order    []string
	results  map[string]json.RawMessage
}

// render writes the snapshot as the client's view sees it, and takes it apart.
func (st *stream) render(s *aggregator.Snapshot) (*renderedView, error) {
	view, err := st.request.streamView(st.c.Request.Context(), s)
	if err != nil {
		return nil, err
	}
	body := view.text
	p := &renderedView{revision: s.Revision, status: s.Status, whole: body,
		partners: map[string]json.RawMessage{}, results: map[string]json.RawMessage{}}
	if err := json.Unmarshal(body, &p.fields); err != nil {
		return nil, err
	}
	var partners, results []json.RawMessage
	if err := json.Unmarshal(p.fields["partners"], &partners); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(p.fields["results"], &results); err != nil {
		return nil, err
	}
	for i, raw := range partners {
		p.partners[s.Partners[i].Name] = raw
	}
	for _, raw := range results {
		var named struct{ ID string }
		if err := json.Unmarshal(raw, &named); err != nil {
			return nil, err
		}
		p.order = append(p.order, named.ID)
		p.results[named.ID] = raw
	}
	return p, nil
}

// streamView is the view, with early_stop once little is left to be saved.
func (r *request) streamView(ctx context.Context, s *aggregator.Snapshot) (*viewJSON, error) {
	if early := r.enough(ctx, s); early != nil {
		return r.earlyView(ctx, s, early)
	}
	return r.plain(ctx, s)
}

// done is Done, out of a rendered view.
type done struct {
	ID        json.RawMessage `json:"id"`
	Revision  json.RawMessage `json:"revision"`
	StateHash json.RawMessage `json:"state_hash"`
	Status    json.RawMessage `json:"status"`
}

// changes is FlightUpdate or StayUpdate, out of rendered views: what is equal in both
// is equal to the byte.
type changes struct {
	done
	UpdatedAt  json.RawMessage   `json:"updated_at"`
	Coverage   json.RawMessage   `json:"coverage"`
	Counts     json.RawMessage   `json:"counts"`
	Labels     json.RawMessage   `json:"labels"`
	Highlights json.RawMessage   `json:"highlights"`
	NextCursor json.RawMessage   `json:"next_cursor"`
	EarlyStop  json.RawMessage   `json:"early_stop,omitempty"` // absent: the view has none
	Partners   []json.RawMessage `json:"partners"`             // changed only
	Facets     json.RawMessage   `json:"facets,omitempty"`     // if changed
	Order      []string          `json:"order"`                // ids of the page
	Upsert     []json.RawMessage `json:"upsert"`               // new on the page, or changed
	Removed    []string          `json:"removed"`
}

// lacks reports whether a partner that last shows is gone.
func (p *renderedView) lacks(last *renderedView) bool {
	for name := range last.partners {
		if _, still := p.partners[name]; !still {
			return true
		}
	}
	return false
}

// since tells what changed from last to p.
func (p *renderedView) since(last *renderedView) changes {
	f := p.fields
	u := changes{
		done:      done{ID: f["id"], Revision: f["revision"], StateHash: f["state_hash"], Status: f["status"]},
		UpdatedAt: f["updated_at"],
		Coverage:  f["coverage"], Counts: f["counts"], Labels: f["labels"], Highlights: f["highlights"],
		NextCursor: f["next_cursor"], EarlyStop: f["early_stop"],
		Partners: []json.RawMessage{}, Order: append([]string{}, p.order...), Upsert: []json.RawMessage{}, Removed: []string{},
	}
	if !bytes.Equal(f["facets"], last.fields["facets"]) {
		u.Facets = f["facets"]
	}
	for _, name := range sortedKeys(p.partners) {
		if !bytes.Equal(p.partners[name], last.partners[name]) {
			u.Partners = append(u.Partners, p.partners[name])
		}
	}
	for _, id := range p.order {
		if !bytes.Equal(p.results[id], last.results[id]) {
			u.Upsert = append(u.Upsert, p.results[id])
		}
	}
	for _, id := range last.order {
		if _, still := p.results[id]; !still {
			u.Removed = append(u.Removed, id)
		}
	}
	return u
}
