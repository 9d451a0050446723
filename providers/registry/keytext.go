package registry

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"strings"
)

// Kind is whose key it is, and so which plane it opens.
type Kind string

// The kinds of keys.
const (
	Public  Kind = "public"  // travellers' programs
	Partner Kind = "partner" // one partner's own feed
	Ops     Kind = "ops"
)

// The text of a key: ffk_<pub|par|ops>_<id><_><secret><checksum>, of digits and letters.
const (
	idLength       = 12
	secretLength   = 43 // 43 of 62 characters are 256 bits
	checksumLength = 6
	base62         = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

var kindCodes = map[Kind]string{Public: "pub", Partner: "par", Ops: "ops"}

var kindsByCode = map[string]Kind{"pub": Public, "par": Partner, "ops": Ops}

// keyText writes a key.
func keyText(kind Kind, id, secret string) string {
	body := "ffk_" + kindCodes[kind] + "_" + id + "_" + secret
	return body + checksum(body)
}

// checksum is the CRC-32 of a text in six characters: it finds a mistyped key without a
// look-up, and proves nothing.
func checksum(text string) string {
	var b [checksumLength]byte
	for i, n := checksumLength-1, crc32.ChecksumIEEE([]byte(text)); i >= 0; i-- {
		b[i] = base62[n%62]
		n /= 62
	}
	return string(b[:])
}

// randomText is n random characters of base62, each as likely as any other.
func randomText(n int) string {
	out := make([]byte, 0, n)
	var b [64]byte
	for len(out) < n {
		rand.Read(b[:]) //nolint:errcheck // never fails: see crypto/rand
		for _, c := range b {
			if c < 248 && len(out) < n { // 4 times 62: a higher one would make the first letters likelier
				out = append(out, base62[c%62])
			}
		}
	}
	return string(out)
}

// parseKey takes a key's text apart. It is false for what cannot be a key: another form, or a
// wrong checksum. Secret is a view of text.
func parseKey(text string) (kind Kind, id, secret string, ok bool) {
	const prefix = len("ffk_pub_")
	if len(text) != prefix+idLength+1+secretLength+checksumLength || text[:4] != "ffk_" || text[7] != '_' || text[prefix+idLength] != '_' {
		return "", "", "", false
	}
	kind, known := kindsByCode[text[4:7]]
	body := text[:len(text)-checksumLength]
	if !known || !isBase62(text[prefix:prefix+idLength]) || !isBase62(body[prefix+idLength+1:]) || checksum(body) != text[len(body):] {
		return "", "", "", false
	}
	return kind, text[prefix : prefix+idLength], body[prefix+idLength+1:], true
}

func isBase62(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool {
		return !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z')
	})
}

// hashSecret is what is stored of a secret. It has 256 random bits, so that a slow hash would
// add nothing.
func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// ParseKind reads a kind's name.
func ParseKind(name string) (Kind, error) {
	if _, known := kindCodes[Kind(name)]; !known {
		return "", fmt.Errorf("%q; public, partner or ops", name)
	}
	return Kind(name), nil
}
