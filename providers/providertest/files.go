package providertest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// root is the project's folder, as seen from the folders of protocols, where tests run.
var root = filepath.Join("..", "..")

// Load reads a document of testdata, such as "kiwi/return.json".
func Load(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Vendor reads a partner's own document in place, such as "kiwi/error_400_bad_date.json";
// it is never part of this project. The test skips where the collection is not there.
func Vendor(t testing.TB, name string) []byte {
	t.Helper()
	dir := os.Getenv("FANFARE_PARTNERS")
	if dir == "" {
		dir = filepath.Join(root, "..", "shared", "partners")
	}
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Skipf("SKIPPED, the vendors' documents are not here (FANFARE_PARTNERS names their folder): %v", err)
	}
	return b
}

// Golden compares what was made of a document, as Written writes it, with
// testdata/name.golden, or rewrites that under -update.
func Golden(t *testing.T, name string, a travel.Answer, err error) {
	t.Helper()
	got := Written(&a)
	if err != nil {
		got = fmt.Sprintf("error %v\n%s\n", err, fault.Of(err).Detail)
	}
	path := filepath.Join(root, "testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != got {
		t.Errorf("%s differs from its golden file (-update rewrites it): %v\n%s", name, err, got)
	}
}
