package wire

import (
	"context"
	"net"
)

// NameServer is a resolver that asks the DNS server at address (host:port), and no other;
// "" is the system's own, which is nil.
func NameServer(address string) *net.Resolver {
	if address == "" {
		return nil
	}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, address)
	}}
}
