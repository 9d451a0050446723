package rapid

import (
	"crypto/sha512"
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// tolerance is how far the client's clock may be off.
const tolerance = 5 * time.Minute

// admit checks the Authorization header, "EAN APIKey=..,Signature=..,timestamp=..": nil if it is in order.
func (p *service) admit(header string) *errorDoc {
	scheme, rest, _ := strings.Cut(strings.TrimSpace(header), " ")
	given := map[string]string{}
	for _, part := range strings.Split(rest, ",") {
		name, value, _ := strings.Cut(part, "=")
		given[strings.ToLower(strings.TrimSpace(name))] = strings.TrimSpace(value)
	}
	key, signature, stamp := given["apikey"], given["signature"], given["timestamp"]
	ok := strings.EqualFold(scheme, "EAN") && key != ""
	if want := p.Seller.Credentials["api_key"]; want != "" && key != want {
		ok = false
	}
	if ok && signed(signature, key, p.Seller.Credentials["secret"], stamp) && (fresh(stamp, p.World.Now()) || fresh(stamp, time.Now())) {
		return nil // clients sign with the wall clock, whatever year the world is in
	}
	e := errUnauthenticated
	e.Fields = []field{
		{"apikey", "header", key}, {"signature", "header", signature}, {"timestamp", "header", stamp},
		{"servertimestamp", "server", strconv.FormatInt(p.World.Now().Unix(), 10)},
	}
	return &e
}

// signed checks that a signature is the hex SHA-512 of key, secret and timestamp.
// Without a secret any 64 bytes in hex will do.
func signed(signature, key, secret, stamp string) bool {
	raw, err := hex.DecodeString(signature)
	if err != nil || len(raw) != sha512.Size {
		return false
	}
	return secret == "" || sha512.Sum512([]byte(key+secret+stamp)) == [sha512.Size]byte(raw)
}

// fresh reports whether a timestamp, in seconds, is about now.
func fresh(stamp string, now time.Time) bool {
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	return err == nil && time.Unix(seconds, 0).Sub(now).Abs() <= tolerance
}

func isIP(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil
}
