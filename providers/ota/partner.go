package ota

import (
	"context"
	"net/http"

	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// partner is what the clients of both protocols share: where and how one partner is asked.
type partner struct {
	cfg       wire.Config
	atlas     *places.Atlas
	operation string
	url       string
	header    http.Header // constant
	soap      string      // namespace of the envelope, "" without
	auth      string
	json      bool // messages are in JSON
	currency  func(market travel.Country) travel.Currency
}

// newPartner returns, with the partner, the reader of its options, which has all complaints so far. A nil atlas is places.Default.
func newPartner(cfg wire.Config, atlas *places.Atlas, operation string, settings []wire.Setting) (*partner, *wire.Options) {
	cfg, opts := cfg.WithDefaults(credentials, settings)
	p := &partner{
		cfg: cfg, atlas: places.OrDefault(atlas), operation: operation, header: http.Header{},
		url:      cfg.BaseURL + opts.Path("path", ""),
		json:     wire.HasSetting(settings, "format") && opts.Choice("format", "xml", "json") == "json",
		soap:     envelopes[opts.Choice("soap", "false", "true", "1.1", "1.2")],
		auth:     opts.Choice("auth", "basic", "wsse", "requestor"),
		currency: opts.Currency("currency"),
	}
	opts.Text("target", "", "one of Production, Test", wire.OneOf("", "Production", "Test"))
	if p.json && p.soap != "" {
		opts.Complain("options.soap: JSON has no envelope")
	}
	p.mediaTypes(opts)
	opts.Check(cfg.Authenticate(p.header, "x-api-key", p.auth == "basic"))
	if p.auth == "wsse" && p.soap == "" {
		opts.Complain("options.auth: wsse needs options.soap")
	}
	opts.Check(wire.ConstantHeaders(p.header, cfg.Options))
	return p, opts
}

// envelopes are the namespaces of SOAP by the option soap.
var envelopes = map[string]string{"true": wire.SOAP11, "1.1": wire.SOAP11, "1.2": wire.SOAP12}

// mediaTypes sets what is sent and what is asked for.
func (p *partner) mediaTypes(opts *wire.Options) {
	standard := "application/xml"
	switch p.soap {
	case wire.SOAP11:
		standard = "text/xml"
	case wire.SOAP12:
		standard = "application/soap+xml"
	}
	kind := opts.Choice("content_type", standard, "application/xml", "text/xml", "application/soap+xml")
	if p.json {
		p.header.Set("Content-Type", "application/json")
		p.header.Set("Accept", "application/json")
	} else {
		p.header.Set("Content-Type", kind+"; charset=utf-8")
		p.header.Set("Accept", "application/xml, text/xml, application/soap+xml")
	}
	if action, declared := opts.Action("soap_action"); declared {
		p.header.Set("SOAPAction", action)
	}
}

// accepted are the media types that answers may have.
var accepted = []string{"application/xml", "text/xml", "application/json"}

// call sends a message and decodes the answer. Nothing to sell is an empty answer,
// whatever its status. The error is a *fault.Error.
func (p *partner) call(ctx context.Context, message func() ([]byte, error), decode func([]byte) (travel.Answer, error)) (travel.Answer, error) {
	return wire.Exchange[travel.Answer]{
		Config: p.cfg, Op: p.operation, URL: p.url, Header: p.header, Body: message, MediaTypes: accepted, Decode: decode,
		Refused: func(_ *fault.Error, _ http.Header, body []byte) (nothing bool, said error) {
			a, err := decode(body)
			return a.OffersIn == 0, err
		},
	}.Do(ctx)
}
