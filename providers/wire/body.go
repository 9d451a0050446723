package wire

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzip"

	"fanfare/providers/document"
	"fanfare/providers/fault"
)

// The limits on decompression (docs/reliability.md 3).
const (
	maxRatio  = 100     // bytes out for one byte in; live answers reach about 30
	ratioFrom = 1 << 20 // below this much output, any ratio is harmless
)

// buffer is a pooled body.
type buffer struct {
	bytes []byte
	begun bool // some byte of the body has come
}

// maxPooled is the largest buffer kept for the next body; larger ones are rare.
const (
	firstBuffer = 64 << 10
	maxPooled   = 2 << 20
)

var (
	buffers = sync.Pool{New: func() any { return &buffer{bytes: make([]byte, 0, max(firstBuffer, int(usual.Load())))} }}
	gunzips sync.Pool // of *gunzip

	// usual is a little more than most bodies have had lately, so that a new buffer
	// seldom has to grow.
	usual atomic.Int64
)

func getBuffer() *buffer { return buffers.Get().(*buffer) }

func (b *buffer) put() {
	size, was := int64(len(b.bytes))*9/8, usual.Load()
	if size < was {
		size = was - (was-size)/16
	}
	usual.Store(min(size, maxPooled))
	if cap(b.bytes) <= maxPooled {
		b.bytes = b.bytes[:0]
		buffers.Put(b)
	}
}

// gunzip is a decompressor with the buffer it reads through.
type gunzip struct {
	in *bufio.Reader
	z  gzip.Reader
}

// counter counts what is read from the network, and puts off what ends an idle body.
type counter struct {
	r    io.Reader
	n    int64
	idle *idler
}

// idler ends a body that nothing has come of for so long.
type idler struct {
	*time.Timer
	after time.Duration
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if n > 0 && c.idle.Stop() {
		c.idle.Reset(c.idle.after)
	}
	return n, err
}

var errTooLarge = errors.New("body over its bound")

// read fills b with the whole body of resp, decompressed, up to limit bytes. Errors:
// too_large and malformed as *fault.Error, else those of the connection. idle is put off
// with each piece that comes.
func (b *buffer) read(resp *http.Response, limit int64, idle *idler) error {
	wire := &counter{r: resp.Body, idle: idle}
	defer func() { b.begun = wire.n > 0 }()
	switch encoding := strings.ToLower(strings.TrimSpace(resp.Header.Get("Content-Encoding"))); encoding {
	case "", "identity":
		if resp.ContentLength > limit {
			return fault.New(fault.TooLarge, errTooLarge)
		}
		if n := int(resp.ContentLength) + 1; n > cap(b.bytes) { // one more, to see the end without growing
			b.bytes = make([]byte, 0, n)
		}
		return b.fill(wire, limit, nil)
	case "gzip", "x-gzip":
		g, _ := gunzips.Get().(*gunzip)
		if g == nil {
			g = &gunzip{in: bufio.NewReaderSize(nil, 16<<10)}
		}
		defer func() {
			g.in.Reset(nil)
			gunzips.Put(g)
		}()
		g.in.Reset(wire)
		if err := g.z.Reset(g.in); err != nil {
			return gzipFault(err)
		}
		if err := b.fill(&g.z, limit, wire); err != nil {
			return gzipFault(err)
		}
		return nil
	default:
		return fault.Newf(fault.Malformed, "content encoding %q", document.Clean(encoding, 60))
	}
}

// gzipFault tells broken compression from a broken connection.
func gzipFault(err error) error {
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || strings.HasPrefix(err.Error(), "flate:") {
		return fault.New(fault.Malformed, fmt.Errorf("gzip: %w", err))
	}
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// fill reads r to its end. in counts the compressed bytes, nil if there are none.
func (b *buffer) fill(r io.Reader, limit int64, in *counter) error {
	b.bytes = b.bytes[:0]
	for {
		if len(b.bytes) == cap(b.bytes) {
			grown := make([]byte, len(b.bytes), min(2*cap(b.bytes), int(limit)+1))
			copy(grown, b.bytes)
			b.bytes = grown
		}
		n, err := r.Read(b.bytes[len(b.bytes):min(cap(b.bytes), int(limit)+1)])
		b.bytes = b.bytes[:len(b.bytes)+n]
		size := int64(len(b.bytes))
		switch {
		case size > limit:
			return fault.New(fault.TooLarge, errTooLarge)
		case in != nil && size > ratioFrom && size > maxRatio*in.n:
			return fault.Newf(fault.TooLarge, "compressed over %d to 1", maxRatio)
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
	}
}
