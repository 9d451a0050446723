package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// airline is a row of aircodes. A code with an asterisk is shared by two airlines.
type airline struct {
	IATA string `json:"iata"`
	ICAO string `json:"icao"`
	Name string `json:"name"`
}

var (
	designator = regexp.MustCompile(`^([A-Z][A-Z0-9]|[0-9][A-Z])$`)
	trading    = regexp.MustCompile(`(?i)^.*\b(?:t/a|d/b/a|dba)\s+`)
	bracket    = regexp.MustCompile(`\s*\([^)]*\)?`)
	legal      = regexp.MustCompile(`(?i)[,\s]+(ltd|limited|inc|llc|l\.l\.c|plc|p\.l\.c|gmbh|ag|a\.g|s\.a|sa|s\.a\.u|s\.a\.s|sas|s\.l|s\.l\.u|s\.p\.a|spa|s\.r\.l|srl|b\.v|n\.v|nv|bv|a/s|a\.s|as|ab|oy|oyj|abp|aps|co|corp|corporation|company|pty|pvt|private|\(?pty\)?|jsc|ojsc|pjsc|cjsc|llp|bhd|sdn|berhad|tbk|kk|k\.k|c\.a|ca|s\.c\.a|z\.o\.o|d\.d|d\.o\.o|a\.d|s\.a de c\.v|sa de cv|de c\.v|q\.c\.s\.c|s\.a\.o\.g|k\.s\.c|s\.a\.e|saog|lda|ltda|eood|ood|kft|zrt)\.?$`)
)

// airlineTable writes one line an airline, sorted by code: code and name. What is
// wrong or missing here is corrected in data/carriers.tsv, which is written by hand.
func airlineTable(raw []byte) ([]byte, error) {
	var rows []airline
	if err := json.Unmarshal(raw, &rows); err != nil {
		return nil, err
	}
	slices.SortStableFunc(rows, func(a, b airline) int { return cmp.Compare(a.IATA, b.IATA) })
	names := map[string]string{}
	var codes []string
	for _, r := range rows {
		name := airlineName(r.Name)
		if !designator.MatchString(r.IATA) || name == "" || names[r.IATA] != "" {
			continue // shared codes name nobody for sure
		}
		names[r.IATA] = name
		codes = append(codes, r.IATA)
	}
	var b bytes.Buffer
	for _, c := range codes {
		fmt.Fprintf(&b, "%s\t%s\n", c, names[c])
	}
	return b.Bytes(), nil
}

// airlineName turns a registered name into the one travellers know: "Sky Wings Co., Ltd." into "Sky Wings".
func airlineName(s string) string {
	s = bracket.ReplaceAllString(trading.ReplaceAllString(clean(s), ""), "")
	for {
		shorter := strings.TrimRight(legal.ReplaceAllString(strings.TrimRight(s, " .,"), ""), " ,&")
		if shorter == s || shorter == "" {
			return s
		}
		s = shorter
	}
}
