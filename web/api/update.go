package api

import (
	"bytes"
	"context"
	"slices"

	"fanfare/aggregator"
)

// renderedView is a view at one revision, as a client of the stream has it.
type renderedView struct {
	*viewJSON
	revision int64
	status   aggregator.Status
	partners []string // their names, sorted, as they stand in the view
}

// render writes the snapshot as the client's view sees it.
func (st *stream) render(s *aggregator.Snapshot) (*renderedView, error) {
	view, err := st.request.streamView(st.c.Request.Context(), s)
	if err != nil {
		return nil, err
	}
	p := &renderedView{viewJSON: view, revision: s.Revision, status: s.Status, partners: make([]string, len(s.Partners))}
	for i := range s.Partners {
		p.partners[i] = s.Partners[i].Name
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

// field is a field of the view, nil if it was left out.
func (p *renderedView) field(name string) []byte {
	value := p.at.field(name).value
	if value == (span{}) {
		return nil
	}
	return p.cut(value)
}

// elements are the elements of a list of the view.
func (p *renderedView) elements(name string) []span { return p.at.field(name).elements }

func (p *renderedView) cut(s span) []byte { return p.text[s.from:s.to:s.to] }

// lacks reports whether a partner that last shows is gone.
func (p *renderedView) lacks(last *renderedView) bool {
	return slices.ContainsFunc(last.partners, func(name string) bool {
		_, still := slices.BinarySearch(p.partners, name)
		return !still
	})
}

// doneFields are those of Done.
var doneFields = []string{"id", "revision", "state_hash", "status"}

// updateFields are those of UpdateHead, FlightUpdate and StayUpdate that stand there as they do in
// the view.
var updateFields = append(slices.Clone(doneFields), "updated_at", "coverage", "counts", "labels", "highlights", "next_cursor", "early_stop")

// done is Done, out of a rendered view.
func (p *renderedView) done() []byte { return append(p.appendFields([]byte{'{'}, doneFields), '}') }

// appendFields appends fields of the view that are there, with commas between them.
func (p *renderedView) appendFields(b []byte, names []string) []byte {
	for i, name := range names {
		value := p.field(name)
		if value == nil {
			continue
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), name...), `":`...)
		b = append(b, value...)
	}
	return b
}

// since is what changed from last to p, as FlightUpdate or StayUpdate: parts that are equal in both
// are equal to the byte.
func (p *renderedView) since(last *renderedView) []byte {
	b := p.appendFields([]byte{'{'}, updateFields)
	b = append(b, `,"partners":[`...)
	b = p.appendChanged(b, "partners", p.partners, last, last.partners)
	b = append(b, ']')
	if facets := p.field("facets"); !bytes.Equal(facets, last.field("facets")) {
		b = append(append(b, `,"facets":`...), facets...)
	}
	b = appendValues(append(b, `,"order":`...), p.ids, appendText)
	b = append(b, `,"upsert":[`...)
	b = p.appendChanged(b, "results", p.ids, last, last.ids)
	b = append(b, `],"removed":`...)
	gone := slices.DeleteFunc(slices.Clone(last.ids), func(id string) bool { return slices.Contains(p.ids, id) })
	return append(appendValues(b, gone, appendText), '}')
}

// appendChanged appends the elements of a list that last does not have, or has otherwise, with
// commas between them. names and lastNames are what the elements of both are known by.
func (p *renderedView) appendChanged(b []byte, list string, names []string, last *renderedView, lastNames []string) []byte {
	elements, lastElements := p.elements(list), last.elements(list)
	first := true
	for i, name := range names {
		value := p.cut(elements[i])
		if at := slices.Index(lastNames, name); at >= 0 && bytes.Equal(value, last.cut(lastElements[at])) {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(b, value...)
	}
	return b
}
