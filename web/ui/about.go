package ui

import (
	"bytes"
	_ "embed"
	"html/template"
	"strings"

	"fanfare/aggregator/rank"
)

//go:embed ranking.html
var rankingHTML string

// score is how results of one kind are put in order, for people.
type score struct {
	ID, Title string
	Formula   string
	Weights   []rank.Weight
	Notes     []string
}

// ranking is the page that says how results are ranked, made from the constants that
// the scoring code counts with.
func ranking() *file {
	page := template.Must(template.New("ranking").Funcs(template.FuncMap{
		"words": func(part string) string { return strings.ReplaceAll(part, "_", " ") },
	}).Parse(rankingHTML))
	var b bytes.Buffer
	err := page.Execute(&b, map[string]any{
		"Version": rank.Version, "ChoiceSize": rank.ChoiceSize,
		"Scores": []score{
			{"flights", "Flights",
				"The cheapest offer's total for your party, taxes and mandatory fees included, and the bags that you ask for, plus for every seat:",
				rank.FlightWeights(), []string{
					"You can set what an hour of your time is worth yourself. The chance to miss a flight on another ticket grows from 2 % with time to spare to 30 % with none.",
					rank.HopelessRule() + " It stays in the list, marked."}},
			{"stays", "Hotels",
				"The cheapest rate's total for the whole stay and all rooms, with every mandatory fee, also those paid there, plus:",
				rank.StayWeights(), []string{
					"Of what is lost when a stay is cancelled the chance to cancel is counted: half the total for a rate that is given back for a fee, all of it for one that is not.",
					"Version " + rank.StayVersion + "."}},
		},
	})
	if err != nil {
		panic("ui: " + err.Error()) // impossible: the page is a constant, and a test renders it
	}
	return newFile(b.Bytes(), ".html")
}
