package server

import (
	"bytes"
	"log"
	"os"
	"strings"
	"testing"
)

// What libraries log by themselves is said at debug level, without what they quote.
func TestLibrariesLogNoContent(t *testing.T) {
	var out bytes.Buffer
	NewLog(&out, false)
	log.Print("Unsolicited response received on idle HTTP channel starting with \"HTTP/1.1 200 OK secret-4711\"")
	if out.Len() != 0 {
		t.Errorf("at info level: %q", &out)
	}
	NewLog(&out, true)
	log.Print("Unsolicited response received on idle HTTP channel starting with \"HTTP/1.1 200 OK secret-4711\"")
	log.Print("short\nsecret-0815 and\x1b[2J " + strings.Repeat("x", 1000))
	log.Print(strings.Repeat("y", 1000))
	got := out.String()
	if strings.Contains(got, "secret") || strings.Contains(got, "\x1b") || strings.Count(got, "y") > 2*maxLibraryLine || strings.Count(got, "level=DEBUG") != 3 {
		t.Errorf("at debug level: %q", got)
	}
	if !strings.Contains(got, "Unsolicited response received on idle HTTP channel") {
		t.Errorf("the reason is lost: %q", got)
	}
	log.SetOutput(os.Stderr)
}
