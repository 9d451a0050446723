package partnersim

import (
	"cmp"
	"net/http"
	"strconv"
	"time"

	"fanfare/providers/faultinject"
	"fanfare/providers/partnersim/exchange"
)

// inject is what a fault does to an answer on its way. The other faults, such as FaultHTTP503, are
// documents of the vendor's and go well.
func (b *Behaviour) inject(f Fault) faultinject.Fault {
	const sent = 0.6 // of a body that is cut
	switch f {
	case FaultRefuse:
		return faultinject.Reset
	case FaultHang:
		return faultinject.Hang
	case FaultTruncated:
		return faultinject.Truncate(sent)
	case FaultChunkCut:
		return faultinject.TruncateChunk(sent)
	case FaultReset:
		return faultinject.ResetInBody(sent)
	case FaultHTML:
		return faultinject.HTMLPage
	case FaultDrip:
		return faultinject.Drip(cmp.Or(b.DripEvery, 50*time.Millisecond))
	}
	return faultinject.Send
}

// answer is a reply as it goes over the wire: compressed, if the client accepts that and it is worth it.
// The faults that cut a body write it by themselves and uncompressed.
func (b *Behaviour) answer(r *http.Request, rep exchange.Reply, f Fault) faultinject.Answer {
	if f == FaultMalformed {
		rep.Body = &exchange.Body{Plain: faultinject.Garbled(rep.Body.Plain)}
	}
	if f == FaultTruncated || f == FaultChunkCut || f == FaultReset {
		return faultinject.Answer{Status: rep.Status, Header: rep.Header, Body: rep.Body.Plain}
	}
	header := map[string]string{}
	for name, value := range rep.Header {
		header[name] = value
	}
	out := rep.Body.Plain
	if !b.NoGzip && exchange.AcceptsGzip(r) && len(out) > 1024 {
		out = rep.Body.Zipped()
		header["Content-Encoding"] = "gzip"
	}
	header["Vary"] = "Accept-Encoding"
	header["Content-Length"] = strconv.Itoa(len(out))
	return faultinject.Answer{Status: rep.Status, Header: header, Body: out}
}
