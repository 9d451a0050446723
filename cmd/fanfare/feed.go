package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"fanfare/providers/feeds"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

type feedCmd struct {
	Protocols feedProtocolsCmd `cmd:"" help:"The protocols that partners may speak, with their credentials and options."`
	Check     feedCheckCmd     `cmd:"" help:"What is wrong with a partner's declaration, and what its offers look like."`
}

type feedProtocolsCmd struct {
	Protocol string `arg:"" optional:"" placeholder:"P" help:"Only this one."`
	JSON     bool   `help:"As one JSON document."`
}

// protocolJSON is a protocol as --json shows it.
type protocolJSON struct {
	Protocol    string           `json:"protocol"`
	Products    []travel.Product `json:"products"`
	Credentials []settingJSON    `json:"credentials"`
	Options     []settingJSON    `json:"options"`
}

type settingJSON struct {
	Name     string `json:"name"`
	About    string `json:"about"`
	Required bool   `json:"required"`
}

// Run lists what may stand in a feed's protocol, credentials and options.
func (cmd *feedProtocolsCmd) Run(std streams) error {
	all := feeds.Describe()
	if cmd.Protocol != "" {
		kept := all[:0]
		for _, p := range all {
			if p.Name == cmd.Protocol {
				kept = append(kept, p)
			}
		}
		if all = kept; len(all) == 0 {
			return errUsage{fmt.Errorf("%s: no protocol; one of %s", cmd.Protocol, strings.Join(feeds.Protocols(), ", "))}
		}
	}
	if cmd.JSON {
		return writeProtocolsJSON(std.out, all)
	}
	return writeProtocols(std.out, all)
}

func writeProtocolsJSON(w io.Writer, all []feeds.Protocol) error {
	out := make([]protocolJSON, len(all))
	for i, p := range all {
		out[i] = protocolJSON{p.Name, p.Products, settingsJSON(p.Credentials, true), settingsJSON(p.Options, false)}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}

// settingsJSON: options may always be left out.
func settingsJSON(settings []wire.Setting, required bool) []settingJSON {
	out := make([]settingJSON, len(settings))
	for i, s := range settings {
		out[i] = settingJSON{s.Name, s.About, required && !s.Optional}
	}
	return out
}

func writeProtocols(w io.Writer, all []feeds.Protocol) error {
	widest := 0
	for _, p := range all {
		for _, s := range append(p.Credentials[:len(p.Credentials):len(p.Credentials)], p.Options...) {
			widest = max(widest, len(s.Name))
		}
	}
	var b strings.Builder
	for i, p := range all {
		if i > 0 {
			b.WriteByte('\n')
		}
		products := make([]string, len(p.Products))
		for i, product := range p.Products {
			products[i] = string(product)
		}
		fmt.Fprintf(&b, "%s: %s\n", p.Name, strings.Join(products, ", "))
		writeSettings(&b, "credentials", p.Credentials, widest, true)
		writeSettings(&b, "options", p.Options, widest, false)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeSettings(b *strings.Builder, kind string, settings []wire.Setting, widest int, required bool) {
	if len(settings) == 0 {
		fmt.Fprintf(b, "  %-11s  none\n", kind)
	}
	for _, s := range settings {
		about := s.About
		if required && s.Optional {
			about += " (may be left out)"
		}
		fmt.Fprintf(b, "  %-11s  %-*s  %s\n", kind, widest, s.Name, about)
		kind = ""
	}
}
