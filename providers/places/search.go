package places

// searchIndex finds places by text.
type searchIndex struct{}

func newSearchIndex([]Place, map[string][]string, map[string]int) *searchIndex {
	return &searchIndex{}
}

// Search returns up to limit places that the text may mean, the best first.
func (a *Atlas) Search(q string, limit int) []Place { return nil }

// Suggest names up to limit places that the unknown text may have meant, such as
// "LHR (London Heathrow)" for "LHX" or "heathrw".
func (a *Atlas) Suggest(text string, limit int) []string { return nil }
