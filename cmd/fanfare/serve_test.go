package main

import (
	"errors"
	"os"
	"os/exec"
	"testing"
)

// A server goes on when the reader of its log has gone away.
func TestTheReaderOfTheLogGoesAway(t *testing.T) {
	if os.Getenv("FANFARE_TEST_PIPE") == "1" {
		outliveReaders()
		for range 3 {
			_, err := os.Stderr.WriteString("a line that nobody reads\n")
			if err == nil {
				os.Exit(3)
			}
		}
		os.Exit(0)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestTheReaderOfTheLogGoesAway$")
	cmd.Env = append(os.Environ(), "FANFARE_TEST_PIPE=1")
	cmd.Stderr = w
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	err = cmd.Run()
	_ = w.Close()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		t.Fatalf("the process ended with %v", exit)
	}
	if err != nil {
		t.Fatal(err)
	}
}
