// Package oracle is an independent check of what a search shows. Its tests start the program with
// simulated partners, ask over HTTP, take the full list of offers, and count again what each view of
// it must be: prices, filters, facets, orders, labels, scores, freshness. The model is written from
// docs/definitions.md and the API's document alone, and shares no code with what it checks.
package oracle
