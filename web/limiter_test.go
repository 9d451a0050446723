package web

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/gin-gonic/gin"
)

// TestAddressesAreBounded: whoever was not heard of for longest is forgotten.
func TestAddressesAreBounded(t *testing.T) {
	l := newLimiter(Limits{NewSearchesPerSecond: 1, Burst: 1, RequestsPerSecond: 1})
	first := l.of("first")
	for i := range maxClients {
		l.of("first")
		l.of(strconv.Itoa(i))
	}
	if n := l.addresses.Len(); n != maxClients {
		t.Errorf("%d addresses are kept, want %d", n, maxClients)
	}
	if _, known := l.addresses.Get("0"); l.of("first") != first || known {
		t.Error("one that is heard of often was forgotten before one that is not")
	}
}

// unread is the writer of an answer that its client does not read.
type unread struct {
	http.ResponseWriter
	begun, read chan struct{}
}

func (u unread) Write(b []byte) (int, error) {
	close(u.begun)
	<-u.read
	return len(b), nil
}

// An address that is refused and does not read why keeps nobody else waiting.
func TestARefusalKeepsNobodyWaiting(t *testing.T) {
	l := newLimiter(Limits{Streams: 1})
	from := func(w http.ResponseWriter, addr string) *gin.Context {
		c, _ := gin.CreateTestContext(w)
		c.Request = httptest.NewRequest(http.MethodGet, "/", nil)
		c.Request.RemoteAddr = addr
		return c
	}
	if _, ok := l.wait(from(httptest.NewRecorder(), "203.0.113.5:1")); !ok {
		t.Fatal("the first stream is refused")
	}
	u := unread{httptest.NewRecorder(), make(chan struct{}), make(chan struct{})}
	refused := make(chan struct{})
	go func() {
		defer close(refused)
		l.wait(from(u, "203.0.113.5:2"))
	}()
	<-u.begun
	if !l.mu.TryLock() {
		t.Error("the table is locked while a client is answered")
	} else {
		l.mu.Unlock()
	}
	close(u.read)
	<-refused
}
