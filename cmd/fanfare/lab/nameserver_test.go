package lab

import (
	"net"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// nameserver is a DNS server that says what it is told to.
type nameserver struct {
	conn   net.PacketConn
	answer func(name string, n int) (rcode dnsmessage.RCode, ip string, reply bool)
	asked  map[string]int
}

func (l *lab) nameserver(answer func(name string, n int) (dnsmessage.RCode, string, bool)) (address string) {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		l.Fatal(err)
	}
	s := &nameserver{conn: conn, answer: answer, asked: map[string]int{}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.serve()
	}()
	l.Cleanup(func() {
		conn.Close()
		<-done
	})
	return conn.LocalAddr().String()
}

func (s *nameserver) serve() {
	buffer := make([]byte, 1500)
	for {
		n, from, err := s.conn.ReadFrom(buffer)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(buffer[:n]) != nil || len(m.Questions) != 1 {
			continue
		}
		q := m.Questions[0]
		name := strings.TrimSuffix(q.Name.String(), ".")
		if q.Type == dnsmessage.TypeA {
			s.asked[name]++
		}
		rcode, ip, reply := s.answer(name, s.asked[name])
		if !reply {
			continue
		}
		m.Response, m.RCode, m.Additionals = true, rcode, nil
		if parsed := net.ParseIP(ip); parsed != nil && q.Type == dnsmessage.TypeA {
			m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}, Body: &dnsmessage.AResource{A: [4]byte(parsed.To4())}}}
		}
		if packed, err := m.Pack(); err == nil {
			s.conn.WriteTo(packed, from) //nolint:errcheck // as good as lost
		}
	}
}
