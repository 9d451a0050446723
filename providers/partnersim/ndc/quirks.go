package ndc

import (
	"cmp"
	"fmt"
	"strings"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// quirks are how one partner writes what the standard leaves open.
type quirks struct {
	prefixes  byte // none; on the message only; on everything
	durations byte // PT9H5M0S, PT09H05M, P0DT9H5M, P0Y0M0DT9H5M0S
	latin1    bool // ISO 8859-1, as the document declares
	textXML   bool // media type
	pretty    bool
	comments  bool
	cdata     bool // names in CDATA sections
	short     bool // 48.0 for 48.00
	zeros     bool // flight numbers of four digits
	augment   bool // an AugmentationPoint with things of the airline's own
	optional  bool // an OfferItem nobody has to buy
	warnings  bool
	surcharge bool // a part of the fare printed apart from it; 17.2 only
	stations  bool // names of airports and terminals
}

func quirksOf(d rng.RNG, version string, latin1 bool) quirks {
	is := func(name string, permille int) bool { return d.Str(name).Chance(permille) }
	h := quirks{
		prefixes: byte(d.Str("prefixes").Roll(3)), durations: byte(d.Str("durations").Roll(4)), latin1: latin1,
		textXML: is("media", 400), pretty: is("pretty", 500), comments: is("comments", 500), cdata: is("cdata", 350), short: is("short", 400),
		zeros: is("zeros", 350), augment: is("augment", 500), optional: is("optional", 500), warnings: is("warnings", 600), surcharge: is("surcharge", 600), stations: is("stations", 500),
	}
	if h.latin1 {
		h.stations = true // there is something to encode
	}
	if version == V172 && h.prefixes == 1 {
		h.prefixes = 0 // one namespace: there is no part to mark
	}
	return h
}

// plain is the quirks of lean documents: nothing that costs bytes.
func (h quirks) plain() quirks {
	return quirks{prefixes: h.prefixes, durations: h.durations, latin1: h.latin1, textXML: h.textXML, zeros: h.zeros}
}

// document begins a document.
func (p *service) document() *exchange.XMLWriter {
	encoding := "UTF-8"
	if p.quirks.latin1 {
		encoding = "ISO-8859-1"
	}
	return &exchange.XMLWriter{Buf: []byte(`<?xml version="1.0" encoding="` + encoding + `"?>`), Pretty: p.quirks.pretty}
}

// encoded is a finished document as it is sent.
func (p *service) encoded(document []byte) []byte {
	if p.quirks.latin1 {
		return exchange.Latin1(document)
	}
	return document
}

// name writes an element with a name in it.
func (h quirks) name(x *exchange.XMLWriter, element, name string) {
	if h.cdata {
		x.Cdata(element, name)
		return
	}
	x.Leaf(element, name)
}

// stationName is what airlines print beside an airport's code: its city, with accents.
func stationName(a *world.Airport) string { return cmp.Or(a.City, a.Name) }

// amount is money as the partner writes it: some leave out a last zero after the point.
func (h quirks) amount(m travel.Money) string {
	text := m.Decimal()
	if h.short && strings.Contains(text, ".") {
		text = strings.TrimSuffix(text, "0")
		if strings.HasSuffix(text, ".") {
			text += "0"
		}
	}
	return text
}

// duration is ISO 8601 in one of its spellings.
func (h quirks) duration(minutes int) string {
	days, hours, rest := minutes/1440, minutes/60%24, minutes%60
	switch {
	case h.durations == 1:
		return fmt.Sprintf("PT%02dH%02dM", minutes/60, rest)
	case h.durations == 2:
		return fmt.Sprintf("P%dDT%dH%dM", days, hours, rest)
	case h.durations == 3:
		return fmt.Sprintf("P0Y0M%dDT%dH%dM0S", days, hours, rest)
	case days > 0:
		return fmt.Sprintf("P%dDT%dH%dM0S", days, hours, rest)
	}
	return fmt.Sprintf("PT%dH%dM0S", hours, rest)
}

func (h quirks) number(n int) string {
	if h.zeros {
		return fmt.Sprintf("%04d", n)
	}
	return fmt.Sprint(n)
}

// uuid is an identifier in the usual form.
func uuid(d rng.RNG) string {
	a, b := uint64(d), uint64(d.Str("uuid"))
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", uint32(a), uint16(a>>32), uint16(a>>48), uint16(b), b>>16)
}
