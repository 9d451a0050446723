package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// maxFile bounds one unpacked file; the largest we read is about 2 MB.
const maxFile = 32 << 20

// npmPackage is a package of the npm registry, pinned.
type npmPackage struct {
	spec      string // name@version
	integrity string // as npm shows it: "sha512-" and base64
}

// file downloads the package into dir, unless it is there already, and returns one of its files.
func (p npmPackage) file(dir, name string) ([]byte, error) {
	tarball, err := p.pack(dir)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.spec, err)
	}
	zip, err := gzip.NewReader(bytes.NewReader(tarball))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.spec, err)
	}
	for r := tar.NewReader(zip); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%s: no file %s", p.spec, name)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.spec, err)
		}
		if h.Name == name {
			return io.ReadAll(io.LimitReader(r, maxFile))
		}
	}
}

func (p npmPackage) pack(dir string) ([]byte, error) {
	into := filepath.Join(dir, strings.NewReplacer("/", "-", "@", "-").Replace(p.spec))
	if err := os.MkdirAll(into, 0o755); err != nil {
		return nil, err
	}
	found, err := filepath.Glob(filepath.Join(into, "*.tgz"))
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		cmd := exec.Command("npm", "pack", "--silent", "--ignore-scripts", p.spec)
		cmd.Dir, cmd.Stderr = into, os.Stderr
		if err := cmd.Run(); err != nil {
			return nil, fmt.Errorf("npm pack: %w", err)
		}
		if found, err = filepath.Glob(filepath.Join(into, "*.tgz")); err != nil || len(found) != 1 {
			return nil, fmt.Errorf("npm pack left %d tarballs, %w", len(found), err)
		}
	}
	tarball, err := os.ReadFile(found[0])
	if err != nil {
		return nil, err
	}
	sum := sha512.Sum512(tarball)
	if got := "sha512-" + base64.StdEncoding.EncodeToString(sum[:]); got != p.integrity {
		return nil, fmt.Errorf("checksum is %s, want %s", got, p.integrity)
	}
	return tarball, nil
}
