package api

import "fanfare/providers/travel"

// ParseQuery reads a query as it is POSTed, without view fields, for the tools that
// take one from a file. It is not yet normalised; what is wrong with the document is
// travel.Invalid.
func ParseQuery(body []byte, product travel.Product) (travel.Query, error) {
	q, _, errs := readBody(body, product, nil)
	if len(errs) > 0 {
		return travel.Query{}, errs
	}
	return q, nil
}
