package wire

import (
	"fmt"
	"net/netip"
)

// Egress decides which resolved addresses partner traffic may reach: public ones,
// and the operator's networks. It is asked at every dial with the address that is
// about to be connected to, so a name that changes its mind gains nothing.
type Egress struct {
	Allow []netip.Prefix // the operator's egress.allow
}

// denied are the networks that are not the public internet (docs/reliability.md 2, rows 15 to 17).
// netip's own predicates miss carrier-grade NAT, benchmarking, 240/4 and the
// prefixes that carry an IPv4 address inside.
var denied = func() []netip.Prefix {
	var all []netip.Prefix
	for _, s := range []string{
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
		"192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
		"::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
		"5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
	} {
		all = append(all, netip.MustParsePrefix(s))
	}
	return all
}()

// Check returns an error if addr may not be dialled. An IPv4 address within IPv6 is
// judged as the IPv4 address; one with a zone is link-local and never allowed.
func (e Egress) Check(addr netip.Addr) error {
	addr = addr.Unmap()
	if addr.Zone() == "" {
		for _, p := range e.Allow {
			if p.Contains(addr) {
				return nil
			}
		}
	}
	for _, p := range denied {
		if p.Contains(addr.WithZone("")) {
			return fmt.Errorf("address %s is in %s, which partner traffic may not reach", addr, p)
		}
	}
	return nil
}
