package feeds

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fanfare/providers/fault"
	"fanfare/providers/providertest"
	"fanfare/providers/travel"
)

// TestNothingIsAViewOfTheBody: what a decoder keeps is its own. Bodies are read into pooled
// buffers, and a text that still lies in one turns into another partner's when it is used
// again.
func TestNothingIsAViewOfTheBody(t *testing.T) {
	for _, name := range Protocols() {
		if name == mappedProtocol {
			continue // its documents are read into trees of their own: see TestMappedFeeds
		}
		files, err := filepath.Glob(filepath.Join("..", "..", "testdata", name, "*.[jx][sm][ol]*"))
		if family, _, _ := strings.Cut(name, "-"); len(files) == 0 { // several protocols in one folder
			files, err = filepath.Glob(filepath.Join("..", "..", "testdata", family, "*.[jx][sm][ol]*"))
		}
		if err != nil || len(files) == 0 {
			t.Errorf("no documents of %s: %v", name, err)
		}
		for _, file := range files {
			if filepath.Ext(file) == ".golden" {
				continue
			}
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			a, err := DecodeDocument(name, body, nil)
			before := written(a, err)
			copy(body, bytes.Repeat([]byte("#"), len(body)))
			if after := written(a, err); after != before {
				t.Errorf("%s: when the body is used again, what was made of it becomes\n%s\nof\n%s", file, after, before)
			}
		}
	}
}

func written(a travel.Answer, err error) string {
	if e := fault.Of(err); e != nil {
		return e.Error() + " " + e.Code + " " + e.Detail
	}
	return providertest.Written(&a)
}
