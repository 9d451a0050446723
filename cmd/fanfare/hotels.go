package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"fanfare/aggregator/merge"
	"fanfare/providers/travel"
)

type hotelsCmd struct {
	Match hotelsMatchCmd `cmd:"" help:"Which listings of several partners are one house."`
}

type hotelsMatchCmd struct {
	Explain bool   `help:"Also write the evidence of every pair that was compared."`
	File    string `arg:"" help:"The listings, a JSON object a line; - for standard input."`
}

// Help is what --help says besides.
func (cmd *hotelsMatchCmd) Help() string {
	return `A line is one listing: partner and id, and as far as known name, address, postcode, city, country, lat, lon (degrees),
stars, phone, url and giata. An unknown field is an error; null is as if the field were missing. A number may be written as a
string, and an id, postcode, phone or giata as a number.

Written are one line a house, {"listings":[["partner","id"],...]}, and then one line for each two listings that may be one house,
{"may_be_same":[["partner","id"],["partner","id"]],"probability":0.83}. With --explain follows one line for each pair that was
compared, with its verdict, and its evidence in log-odds.`
}

// Run matches the listings as stays of a search are merged.
func (cmd *hotelsMatchCmd) Run(std streams) error {
	in := std.in
	if cmd.File != "-" {
		f, err := os.Open(cmd.File)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	partners, err := readListings(in, cmd.File)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(std.out)
	if err := writeHouses(out, merge.MatchListings(partners, cmd.Explain)); err != nil {
		return err
	}
	return out.Flush()
}

const (
	longestListing = 1 << 20 // bytes in a line
	mostComplaints = 20      // about lines
)

// readListings reads all lines, and complains about those that are wrong.
func readListings(in io.Reader, file string) (map[string][]travel.Property, error) {
	partners := map[string][]travel.Property{}
	lines := map[travel.Listing]int{}
	var complaints []error
	s := bufio.NewScanner(in)
	s.Buffer(make([]byte, 0, 64<<10), longestListing)
	n := 0
	for s.Scan() {
		n++
		line := s.Bytes()
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		listing, property, err := readListing(line)
		if first, twice := lines[listing]; err == nil && twice {
			err = fmt.Errorf("partner %q lists id %q on line %d already; an id stands once a partner", listing.Partner, listing.ID, first)
		}
		if err != nil {
			if complaints = append(complaints, fmt.Errorf("%s:%d: %w", file, n, err)); len(complaints) == mostComplaints {
				break
			}
			continue
		}
		lines[listing] = n
		partners[listing.Partner] = append(partners[listing.Partner], property)
	}
	if err := s.Err(); errors.Is(err, bufio.ErrTooLong) {
		complaints = append(complaints, fmt.Errorf("%s:%d: longer than %d bytes; a listing is one line", file, n+1, longestListing))
	} else if err != nil {
		complaints = append(complaints, fmt.Errorf("read %s: %w", file, err))
	}
	return partners, errors.Join(complaints...)
}

const listingExample = `{"partner":"pillow","id":"4711","name":"Hotel Adlon"}`

// readListing reads one line.
func readListing(line []byte) (of travel.Listing, p travel.Property, err error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(line, &fields); err != nil || fields == nil {
		return of, p, fmt.Errorf("no JSON object; a line is such as %s", listingExample)
	}
	var lat, lon float64
	placed := 0
	for name, value := range fields {
		var wrong error
		switch name {
		case "partner":
			of.Partner, wrong = textField(value, false)
		case "id":
			of.ID, wrong = textField(value, true)
		case "name":
			p.Name, wrong = textField(value, false)
		case "address":
			p.Address, wrong = textField(value, false)
		case "city":
			p.City, wrong = textField(value, false)
		case "country":
			p.Country, wrong = textField(value, false)
		case "url":
			p.Website, wrong = textField(value, false)
		case "postcode":
			p.PostCode, wrong = textField(value, true)
		case "phone":
			p.Phone, wrong = textField(value, true)
		case "giata":
			p.GIATA, wrong = textField(value, true)
		case "stars":
			p.Stars, _, wrong = numberField(value, 0, 7)
		case "lat", "lon":
			most, at := 90.0, &lat
			if name == "lon" {
				most, at = 180, &lon
			}
			var known bool
			if *at, known, wrong = numberField(value, -most, most); known {
				placed++
			}
		default:
			wrong = errors.New("no such field; one of partner, id, name, address, postcode, city, country, lat, lon, stars, phone, url, giata")
		}
		if wrong != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", name, wrong))
		}
	}
	switch {
	case err != nil:
		return of, p, firstOf(err)
	case of.Partner == "" || of.ID == "":
		return of, p, fmt.Errorf("without partner or id; a line is such as %s", listingExample)
	}
	if p.ID = of.ID; placed == 2 {
		p.SetGeo(lat, lon)
	}
	return of, p, nil
}

// firstOf is one of several complaints about a line, always the same.
func firstOf(err error) error {
	lines := strings.Split(err.Error(), "\n")
	least := lines[0]
	for _, l := range lines {
		least = min(least, l)
	}
	return errors.New(least)
}

// textField is a string, or a number where it may be one; "" for null.
func textField(value json.RawMessage, number bool) (string, error) {
	var text *string
	if json.Unmarshal(value, &text) == nil {
		if text == nil {
			return "", nil
		}
		return strings.TrimSpace(*text), nil
	}
	var n json.Number
	if number && json.Unmarshal(value, &n) == nil {
		return n.String(), nil
	}
	return "", fmt.Errorf("%s is no string; such as %q", value, "4711")
}

// numberField is a number from least to most, or a string of one; unknown for null and "".
func numberField(value json.RawMessage, least, most float64) (x float64, known bool, err error) {
	text, err := textField(value, true)
	if err != nil || text == "" {
		return 0, false, err
	}
	x, err = strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(x) || x < least || x > most {
		return 0, false, fmt.Errorf("%s is no number from %g to %g", value, least, most)
	}
	return x, true, nil
}

// listingJSON is a listing as ["partner","id"].
type listingJSON [2]string

func listingsJSON(all []travel.Listing) []listingJSON {
	out := make([]listingJSON, len(all))
	for i, l := range all {
		out[i] = listingJSON{l.Partner, l.ID}
	}
	return out
}

type (
	houseLine struct {
		Listings []listingJSON `json:"listings"`
	}
	doubtLine struct {
		MayBeSame   []listingJSON `json:"may_be_same"`
		Probability float64       `json:"probability"`
	}
	judgementLine struct {
		Pair        []listingJSON  `json:"pair"`
		Verdict     string         `json:"verdict"` // same, may_be_same, different
		Probability float64        `json:"probability"`
		Veto        *string        `json:"veto"`
		Evidence    []evidenceJSON `json:"evidence"`
	}
	evidenceJSON struct {
		What    string  `json:"what"`
		LogOdds float64 `json:"log_odds"`
	}
)

func writeHouses(w io.Writer, h merge.Houses) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, cluster := range h.Clusters {
		if err := e.Encode(houseLine{listingsJSON(cluster)}); err != nil {
			return err
		}
	}
	doubted := map[merge.DoNotMerge]bool{}
	for _, d := range h.Doubts {
		doubted[d.Listings] = true
		if err := e.Encode(doubtLine{listingsJSON(d.Listings[:]), probability(d.Probability)}); err != nil {
			return err
		}
	}
	for _, j := range h.Judged {
		if err := e.Encode(judgementLineOf(&j, doubted[j.Listings])); err != nil {
			return err
		}
	}
	return nil
}

func judgementLineOf(j *merge.Judgement, doubted bool) judgementLine {
	line := judgementLine{Pair: listingsJSON(j.Listings[:]), Verdict: "different", Probability: probability(j.Probability), Evidence: []evidenceJSON{}}
	switch {
	case j.Merged:
		line.Verdict = "same"
	case doubted:
		line.Verdict = "may_be_same"
	}
	if j.Veto != "" {
		line.Veto = &j.Veto
	}
	for _, part := range j.Evidence {
		line.Evidence = append(line.Evidence, evidenceJSON{part.What, hundredths(part.LogOdds)})
	}
	return line
}

// probability is rounded down, so that what is below the band that is merged looks so.
func probability(p float64) float64 { return math.Floor(p*100) / 100 }

func hundredths(x float64) float64 { return math.Round(x*100) / 100 }
