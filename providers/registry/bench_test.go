package registry

import (
	"context"
	"path/filepath"
	"testing"
	"time"
)

// BenchmarkVerify is the check of a key in the path of a request, among 10,000 keys: no store
// is asked.
func BenchmarkVerify(b *testing.B) {
	s, err := Open(context.Background(), Options{URL: "sqlite:" + filepath.Join(b.TempDir(), "f.db")})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	_, text, err := s.CreateKey(context.Background(), "bench", KeyRequest{Kind: Public, Name: "x"})
	if err != nil {
		b.Fatal(err)
	}
	snapshot := s.Snapshot()
	for range 10_000 {
		k := &Key{ID: randomText(idLength), Kind: Public}
		snapshot.keys[k.ID] = k
	}
	wrong := keyText(Public, randomText(idLength), randomText(secretLength))
	mistyped := text[:20] + "!" + text[21:]
	for name, key := range map[string]string{"good": text, "unknown": wrong, "mistyped": mistyped} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			now := time.Now()
			for b.Loop() {
				if _, err := snapshot.Verify(key, now); (err == nil) != (name == "good") {
					b.Fatal(err)
				}
			}
		})
	}
}

func FuzzParseKey(f *testing.F) {
	f.Add(keyText(Public, randomText(idLength), randomText(secretLength)))
	f.Add("ffk_pub_")
	f.Fuzz(func(t *testing.T, text string) {
		kind, id, secret, ok := parseKey(text)
		if ok && keyText(kind, id, secret) != text {
			t.Errorf("parseKey(%q) = %s, %s, %s", text, kind, id, secret)
		}
	})
}
