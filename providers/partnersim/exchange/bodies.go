package exchange

import (
	"bytes"
	"compress/gzip"
	"sync"

	"fanfare/providers/partnersim/rng"
)

// Body is a rendered document, with its compressed twin made when first wanted. It is immutable.
type Body struct {
	Plain []byte

	once sync.Once
	zip  []byte
}

// Zipped is the document under gzip, at the fastest level: clients are measured, not the simulator.
func (b *Body) Zipped() []byte {
	b.once.Do(func() {
		var out bytes.Buffer
		z, _ := gzip.NewWriterLevel(&out, gzip.BestSpeed) // the level is valid: no error
		z.Write(b.Plain)
		z.Close()
		b.zip = out.Bytes()
	})
	return b.zip
}

// BodyKey names an answer: a partner, the question's bytes, and all that prices depend on.
type BodyKey struct {
	Partner  string
	Question rng.RNG
	Moment   int64
	Offers   int
}

// BodyCache keeps rendered answers up to a number of bytes, and forgets the oldest first.
type BodyCache struct {
	limit int

	mu    sync.Mutex // guards the fields below
	have  map[BodyKey]*Body
	order []BodyKey
	bytes int
}

func NewBodyCache(limit int) *BodyCache {
	return &BodyCache{limit: limit, have: map[BodyKey]*Body{}}
}

func (c *BodyCache) Get(key BodyKey) *Body {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.have[key]
}

func (c *BodyCache) Put(key BodyKey, b *Body) {
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
func bodyCost(b *Body) int { return len(b.Plain) + len(b.Plain)/8 }
