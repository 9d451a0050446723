package feeds

import (
	"crypto/sha256"
	"encoding/json"
	"net/url"
	"strings"

	"fanfare/providers/travel"
)

// Account names what the feed calls: the protocol, the host and path of base_url, and the
// credentials, which are in it only as part of a hash. Feeds that differ in anything else, such
// as their names, deadlines or limits, have the same. It is what guard.Accounts goes by.
func (f *Feed) Account() string {
	body, err := json.Marshal([]any{f.Protocol, calledAt(f.BaseURL), f.Credentials, f.Auth}) // maps are sorted
	if err != nil {
		panic("feeds: " + err.Error()) // impossible: plain data
	}
	sum := sha256.Sum256(body)
	return travel.EncodeID(sum[:16])
}

// calledAt is host, port and path of an address, however they are written.
func calledAt(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base // Check complains
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return strings.ToLower(u.Hostname()) + ":" + port + strings.TrimRight(u.EscapedPath(), "/")
}
