package fx

import (
	"bytes"
	_ "embed"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"fanfare/providers/travel"
)

const (
	maxBytes    = 1 << 20 // the bank's file has 2 kB
	maxDepth    = 8       // the format needs 3
	maxUnits    = 10_000_000_000
	maxDecimals = 6 // the bank gives at most 5
)

// firstDay is the first day on which the euro had rates; no table is older.
var firstDay = travel.NewDate(1999, 1, 4)

//go:embed eurofxref-daily.xml
var embedded []byte

// Embedded returns the table that is part of the program, of 2024-12-31.
func Embedded() *Table { return loadEmbedded() }

var loadEmbedded = sync.OnceValue(func() *Table {
	t, err := Parse(bytes.NewReader(embedded), "embedded")
	if err != nil {
		panic(fmt.Sprintf("fx: embedded table: %v", err)) // impossible: a test loads it
	}
	return t
})

// Load reads a table from a file.
func Load(path string) (*Table, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("rates: %w", err)
	}
	defer f.Close()
	return Parse(f, path)
}

// Parse reads a table in the format of eurofxref-daily.xml: one day, and for each
// currency its units for one euro. It refuses what it does not understand, with
// the line: documents over 1 MiB, no or several days, unknown or double currencies,
// rates that are not positive, of over ten digits or over six decimals. source is
// what Table.Source says.
func Parse(r io.Reader, source string) (*Table, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("rates %s: %w", source, err)
	}
	if len(text) > maxBytes {
		return nil, fmt.Errorf("rates %s: over %d bytes", source, maxBytes)
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	p := parser{source: source}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = p.token(token)
		}
		if err != nil {
			line, _ := d.InputPos()
			return nil, fmt.Errorf("rates %s: line %d: %w", source, line, err)
		}
	}
	if p.table == nil {
		return nil, fmt.Errorf("rates %s: no day of rates", source)
	}
	if len(p.table.rates) == 1 {
		return nil, fmt.Errorf("rates %s: no rates on %s", source, p.table.date)
	}
	return p.table, nil
}

type parser struct {
	source string
	depth  int
	roots  int
	table  *Table // from the day on
}

func (p *parser) token(token xml.Token) error {
	switch e := token.(type) {
	case xml.Directive:
		return errors.New("a document type is not accepted")
	case xml.EndElement:
		p.depth--
	case xml.StartElement:
		p.depth++
		if p.depth > maxDepth {
			return errors.New("nested too deeply")
		}
		if p.depth == 1 {
			if p.roots++; p.roots > 1 || e.Name.Local != "Envelope" {
				return fmt.Errorf("element %q, want one Envelope", e.Name.Local)
			}
		}
		if e.Name.Local == "Cube" {
			return p.cube(e.Attr)
		}
	}
	return nil
}

func (p *parser) cube(attributes []xml.Attr) error {
	var day, currency, units string
	for _, a := range attributes {
		switch a.Name.Local {
		case "time":
			day = a.Value
		case "currency":
			currency = a.Value
		case "rate":
			units = a.Value
		default:
			return fmt.Errorf("unknown attribute %q", a.Name.Local)
		}
	}
	switch {
	case day != "" && currency+units != "":
		return errors.New("a day and a rate in one element")
	case day != "":
		return p.day(day)
	case currency != "" || units != "":
		return p.rate(currency, units)
	}
	return nil
}

func (p *parser) day(text string) error {
	if p.table != nil {
		return fmt.Errorf("a second day %q; the file of one day is needed", text)
	}
	date, err := travel.ParseDate(text)
	if err != nil {
		return err
	}
	if date < firstDay {
		return fmt.Errorf("day %s is before the euro", date)
	}
	p.table = newTable(date, p.source)
	return nil
}

func (p *parser) rate(currency, text string) error {
	if p.table == nil {
		return fmt.Errorf("currency %q ahead of the day", currency)
	}
	c := travel.Currency(currency)
	if _, ok := c.Exponent(); !ok {
		return fmt.Errorf("unknown currency %q", currency)
	}
	if p.table.Has(c) {
		return fmt.Errorf("a second rate of %s, or one of the euro", c)
	}
	units, decimals, err := parseRate(text)
	if err != nil {
		return fmt.Errorf("%s: %w", c, err)
	}
	p.table.add(c, units, decimals)
	return nil
}

// parseRate reads a positive decimal such as "1.0389".
func parseRate(text string) (units uint64, decimals int, err error) {
	if text == "" || len(text) > 18 {
		return 0, 0, fmt.Errorf("rate %.20q is missing or too long", text)
	}
	point := -1
	for i, c := range []byte(text) {
		switch {
		case c >= '0' && c <= '9':
			units = units*10 + uint64(c-'0')
		case c == '.' && point < 0 && i > 0 && i < len(text)-1:
			point = i
		default:
			return 0, 0, fmt.Errorf("rate %q is not a positive decimal", text)
		}
	}
	if point >= 0 {
		decimals = len(text) - point - 1
	}
	switch {
	case units == 0:
		return 0, 0, fmt.Errorf("rate %q is zero", text)
	case units >= maxUnits || decimals > maxDecimals:
		return 0, 0, fmt.Errorf("rate %q is too long", text)
	}
	return units, decimals, nil
}
