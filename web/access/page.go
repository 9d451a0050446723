package access

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

// pageSessions let the travellers' page use the API where that wants a key: who has loaded the
// page has a cookie that this company's servers have signed, and only the page's own requests count. They
// are limited by address, as all without a key are. The signature is no secret of a person: it
// says that the page was loaded.
type pageSessions struct{ secret []byte }

const pageCookie = "fanfare_page"

// begin gives a browser that loads the page its cookie.
func (p *pageSessions) begin(c *gin.Context) {
	if p.signed(c) {
		return
	}
	var id [16]byte
	rand.Read(id[:]) //nolint:errcheck // never fails: see crypto/rand
	text := base64.RawURLEncoding.EncodeToString(id[:])
	http.SetCookie(c.Writer, &http.Cookie{Name: pageCookie, Value: text + "." + p.sign(text), Path: "/", HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: c.Request.TLS != nil})
}

// has reports whether the request comes from a page of this server, in a browser that has
// loaded it. Browsers say where a request comes from, and pages cannot change what they say.
func (p *pageSessions) has(c *gin.Context) bool {
	return c.GetHeader("Sec-Fetch-Site") == "same-origin" && p.signed(c)
}

func (p *pageSessions) signed(c *gin.Context) bool {
	value, err := c.Cookie(pageCookie)
	text, signature, found := strings.Cut(value, ".")
	return err == nil && found && hmac.Equal([]byte(signature), []byte(p.sign(text)))
}

func (p *pageSessions) sign(text string) string {
	mac := hmac.New(sha256.New, p.secret)
	mac.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
