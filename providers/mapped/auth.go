package mapped

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// sign says in the declared way who asks, in headers or in the address that it returns. Tokens
// of oauth_client_credentials come with the exchange.
func (a *Auth) sign(method string, u *url.URL, header http.Header, body []byte, message template) string {
	switch a.Kind {
	case "bearer":
		header.Set("Authorization", "Bearer "+a.Token)
	case "header":
		header.Set(a.Name, a.Value)
	case "query":
		signed := *u
		q := signed.Query()
		q.Set(a.Name, a.Value)
		signed.RawQuery = q.Encode()
		return signed.String()
	case "basic":
		header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(a.Username+":"+a.Password)))
	case "hmac":
		timestamp := strconv.FormatInt(time.Now().Unix(), 10) // partners compare it with their own clock
		text := message.fill(map[string]string{"method": method, "path": u.EscapedPath(), "query": u.RawQuery, "body": string(body), "timestamp": timestamp},
			func(s string) string { return s })
		mac := hmac.New(sha256.New, []byte(a.Secret))
		mac.Write([]byte(text))
		header.Set("X-Timestamp", timestamp)
		if a.Encoding == "base64" {
			header.Set(a.Name, base64.StdEncoding.EncodeToString(mac.Sum(nil)))
		} else {
			header.Set(a.Name, hex.EncodeToString(mac.Sum(nil)))
		}
	}
	return u.String()
}
