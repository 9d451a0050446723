package partnersim

import (
	"bytes"
	"compress/gzip"
	"sync"
)

// body is a rendered document, with its compressed twin made when first wanted. It is immutable.
type body struct {
	plain []byte

	once sync.Once
	zip  []byte
}

// zipped is the document under gzip, at the fastest level: clients are measured, not the simulator.
func (b *body) zipped() []byte {
	b.once.Do(func() {
		var out bytes.Buffer
		z, _ := gzip.NewWriterLevel(&out, gzip.BestSpeed) // the level is valid: no error
		z.Write(b.plain)
		z.Close()
		b.zip = out.Bytes()
	})
	return b.zip
}

// bodyKey names an answer: a partner, the question's bytes, and all that prices depend on.
type bodyKey struct {
	partner  string
	question dice
	moment   int64
	offers   int
}

// bodyCache keeps rendered answers up to a number of bytes, and forgets the oldest first.
type bodyCache struct {
	limit int

	mu    sync.Mutex // guards the fields below
	have  map[bodyKey]*body
	order []bodyKey
	bytes int
}

func newBodyCache(limit int) *bodyCache {
	return &bodyCache{limit: limit, have: map[bodyKey]*body{}}
}

func (c *bodyCache) get(key bodyKey) *body {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.have[key]
}

func (c *bodyCache) put(key bodyKey, b *body) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.have[key] != nil {
		return
	}
	c.have[key] = b
	c.order = append(c.order, key)
	c.bytes += bodyCost(b)
	for c.bytes > c.limit && len(c.order) > 1 {
		oldest := c.order[0]
		c.order = c.order[1:]
		c.bytes -= bodyCost(c.have[oldest])
		delete(c.have, oldest)
	}
}

// bodyCost counts a document and, about a tenth of it, its compressed twin.
func bodyCost(b *body) int { return len(b.plain) + len(b.plain)/8 }
