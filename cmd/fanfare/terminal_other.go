//go:build !unix

package main

import "io"

// terminalSize knows no terminals here: output is plain.
func terminalSize(io.Writer) (columns, rows int, ok bool) { return 0, 0, false }
