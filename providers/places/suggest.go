package places

import (
	"cmp"
	"slices"
	"strings"

	"fanfare/providers/travel"
)

// Suggest names up to limit places that the unknown text may have meant, such as
// "LHR (London Heathrow)" for "LHX" or "heathrw". It is for error messages.
func (a *Atlas) Suggest(text string, limit int) []string {
	var names []string
	for _, id := range a.nearCodes(text) {
		names = append(names, a.label(&a.places[a.byID[id]]))
	}
	found := a.Search(text, 2*limit)
	slices.SortStableFunc(found, func(p, q Place) int { // towns cannot be flown to: last
		return cmp.Compare(b2i(p.Type == TypeCity), b2i(q.Type == TypeCity))
	})
	for i := range found {
		if name := a.label(&found[i]); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names[:min(limit, len(names))]
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// sameStart is what a letter that agrees from the start on is worth in size: people err late in a code.
const sameStart = 15

// nearCodes returns the two likeliest places whose code differs from the text in one letter, or in their order.
func (a *Atlas) nearCodes(text string) []string {
	code := strings.ToUpper(strings.TrimSpace(text))
	if slotOf(travel.Airport(code)) < 0 {
		return nil
	}
	var near []string
	for i := range a.places {
		if id := a.places[i].ID; a.index().sizes[i] > 0 && len(id) == 3 {
			if whole, _ := edits([]byte(code), id, 1); whole == 1 {
				near = append(near, id)
			}
		}
	}
	worth := func(id string) int {
		n := int(a.index().sizes[a.byID[id]])
		for i := 0; i < 3 && id[i] == code[i]; i++ {
			n += sameStart
		}
		return n
	}
	slices.SortFunc(near, func(p, q string) int { return cmp.Or(worth(q)-worth(p), cmp.Compare(p, q)) })
	return near[:min(2, len(near))]
}

// label is a place for people: "LHR (London Heathrow)", "JFK (New York, John F. Kennedy)".
func (a *Atlas) label(p *Place) string {
	name := strings.TrimSuffix(strings.TrimSuffix(p.Name, " Airport"), " International")
	if p.City != "" && !strings.Contains(fold(name), fold(p.City)) {
		name = p.City + ", " + name
	}
	return p.ID + " (" + name + ")"
}
