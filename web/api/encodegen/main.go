// Encodegen writes the JSON encoder of package api, the files *_gen.go, from the shapes: the struct types
// of that package and their tags. What is written is what encoding/json would write, but that a nil
// slice is [] and a nil map {}, as no list or object of the API is null.
//
// It begins with the types that are marked //fanfare:view, whose encoders note where each field
// stands. It reads the shapes as text, so that it runs also while the encoder lags behind them, and
// refuses what it has no rule for.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// generated is how the names of files end that are written.
const generated = "_gen.go"

func main() {
	dir := "."
	if len(os.Args) > 1 {
		dir = os.Args[1]
	}
	if err := write(dir); err != nil {
		fmt.Fprintln(os.Stderr, "encodegen:", err)
		os.Exit(1)
	}
}

// write generates the encoder of the package in dir.
func write(dir string) error {
	files, err := generate(dir)
	if err != nil {
		return err
	}
	for name, source := range files {
		if err := os.WriteFile(filepath.Join(dir, name), source, 0o644); err != nil {
			return err
		}
	}
	return nil
}
