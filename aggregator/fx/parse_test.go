package fx

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"fanfare/providers/travel"
)

// document is a table of the given day with the given elements in it.
func document(day string, cubes ...string) string {
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
<Cube><Cube time='%s'>
%s
</Cube></Cube></gesmes:Envelope>`, day, strings.Join(cubes, "\n"))
}

func cube(currency, rate string) string {
	return fmt.Sprintf("<Cube currency='%s' rate='%s'/>", currency, rate)
}

func TestParse(t *testing.T) {
	table, err := Parse(strings.NewReader(document("2026-11-20", cube("USD", "1.25"), cube("JPY", "150"), cube("AED", "4.000001"))), "test")
	if err != nil {
		t.Fatal(err)
	}
	if table.Date().String() != "2026-11-20" || table.Source() != "test" || !table.Has("EUR") || !table.Has("AED") || table.Has("GBP") {
		t.Errorf("Parse = %+v", table)
	}
	if got, ok := table.EURMicros(travel.Money{Minor: 125, Currency: "USD"}); !ok || got != 1_000_000 {
		t.Errorf("EURMicros(USD 1.25) = %d, %v, want 1000000", got, ok)
	}
}

func TestParseErrors(t *testing.T) {
	good := cube("USD", "1.25")
	for name, c := range map[string]struct{ text, want string }{
		"empty":             {"", "no day of rates"},
		"not xml":           {"{}", "no day of rates"},
		"truncated":         {document("2026-11-20", good)[:300], "line"},
		"html":              {"<html><body>504</body></html>", "want one Envelope"},
		"doctype":           {"<!DOCTYPE a [<!ENTITY x 'y'>]>" + document("2026-11-20", good), "document type"},
		"two documents":     {document("2026-11-20", good) + "<Envelope/>", "want one Envelope"},
		"bad day":           {document("20.11.2026", good), "20.11.2026"},
		"no such day":       {document("2026-02-30", good), "2026-02-30"},
		"day before euro":   {document("1998-12-31", good), "before the euro"},
		"no rates":          {document("2026-11-20"), "no rates on 2026-11-20"},
		"two days":          {document("2026-11-20", good, "</Cube><Cube time='2026-11-19'>", good), "second day"},
		"rate ahead of day": {"<Envelope>" + good + "</Envelope>", "ahead of the day"},
		"unknown currency":  {document("2026-11-20", good, cube("XTS", "1")), `line 6: unknown currency "XTS"`},
		"lower case":        {document("2026-11-20", cube("usd", "1")), "unknown currency"},
		"double currency":   {document("2026-11-20", good, good), "second rate of USD"},
		"euro":              {document("2026-11-20", cube("EUR", "1")), "one of the euro"},
		"zero":              {document("2026-11-20", cube("USD", "0.000")), "is zero"},
		"negative":          {document("2026-11-20", cube("USD", "-1.2")), "not a positive decimal"},
		"comma":             {document("2026-11-20", cube("USD", "1,2")), "not a positive decimal"},
		"exponent":          {document("2026-11-20", cube("USD", "1e3")), "not a positive decimal"},
		"spaces":            {document("2026-11-20", cube("USD", " 1")), "not a positive decimal"},
		"point at the end":  {document("2026-11-20", cube("USD", "1.")), "not a positive decimal"},
		"missing rate":      {document("2026-11-20", "<Cube currency='USD'/>"), "missing"},
		"missing currency":  {document("2026-11-20", "<Cube rate='1'/>"), "unknown currency"},
		"too many decimals": {document("2026-11-20", cube("USD", "1.0000001")), "too long"},
		"too many digits":   {document("2026-11-20", cube("USD", "12345678901")), "too long"},
		"far too long":      {document("2026-11-20", cube("USD", strings.Repeat("1", 1000))), "too long"},
		"other attribute":   {document("2026-11-20", "<Cube currency='USD' rate='1' unit='100'/>"), `"unit"`},
		"too deep":          {"<Envelope>" + strings.Repeat("<a>", 20), "deeply"},
		"too big":           {document("2026-11-20", good, strings.Repeat(" ", maxBytes)), "over 1048576 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			table, err := Parse(strings.NewReader(c.text), "rates.xml")
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "rates.xml") {
				t.Errorf("Parse = %v, %v, want an error with %q", table, err, c.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add(embedded)
	f.Add([]byte(document("2026-11-20", cube("USD", "1.25"), cube("JPY", "9999999999"), cube("KWD", "0.000001"))))
	f.Fuzz(func(t *testing.T, text []byte) {
		table, err := Parse(bytes.NewReader(text), "fuzz")
		if err != nil {
			return
		}
		if table.Date() < firstDay || !table.Has("EUR") {
			t.Fatalf("Parse accepts %v", table)
		}
		for c := range table.rates {
			for _, minor := range []int64{0, 1, -1, 1e12, math.MaxInt64, math.MinInt64} {
				table.EURMicros(travel.Money{Minor: minor, Currency: c})
				table.Convert(travel.Money{Minor: minor, Currency: c}, "EUR")
				table.FromMicros(minor, c)
			}
			if got, ok := table.Rate("EUR", c); !ok || got == "" || got == "0" {
				t.Fatalf("Rate(EUR, %s) = %q, %v", c, got, ok)
			}
		}
	})
}
