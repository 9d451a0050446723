package lab

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var quietLog = log.New(io.Discard, "", 0)

// child is the server under test, in a process of its own.
type child struct {
	t      *testing.T
	cmd    *exec.Cmd
	config string // its file
	base   string
	ops    string
	log    *watched
	ended  chan struct{}
	err    error // of Wait, once ended
}

// canary begins every secret that the laboratory gives away; nobody may ever read it.
const canary = "canary-5e3f"

// watched keeps what a process writes, and who waits for a line.
type watched struct {
	mu   sync.Mutex // guards the field below
	text bytes.Buffer
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// after returns what follows text on its line, "" while it is not there.
func (w *watched) after(text string) string {
	_, rest, ok := strings.Cut(w.String(), text)
	if !ok || !strings.Contains(rest, "\n") {
		return ""
	}
	line, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(line)
}

// writeFile is the path of a new file with the text, in a folder of its own.
func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// startChild serves the configuration until the test ends.
func startChild(t *testing.T, config string, env ...string) *child {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := writeFile(t, "fanfare.yaml", config)
	c := &child{t: t, config: path, log: &watched{}, ended: make(chan struct{})}
	c.cmd = exec.Command(exe)
	c.cmd.Dir = filepath.Dir(path) // the store is made there
	c.cmd.Env = append(append(os.Environ(), childEnv+"="+path), env...)
	c.cmd.Stderr, c.cmd.Stdout = c.log, c.log
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		c.err = c.cmd.Wait()
		close(c.ended)
	}()
	t.Cleanup(c.stop)
	if !until(t.Context(), time.Minute, func() bool { return c.log.after("metrics on") != "" || c.over() }) || c.over() {
		t.Fatalf("the server did not start:\n%s", c.log)
	}
	c.base = c.log.after("page and API on ")
	c.ops = strings.TrimSuffix(c.log.after("metrics on"), "/metrics")
	if !until(t.Context(), time.Minute, func() bool { return c.get("/readyz") == http.StatusOK }) {
		t.Fatalf("the server was never ready:\n%s", c.log)
	}
	return c
}

func (c *child) over() bool {
	select {
	case <-c.ended:
		return true
	default:
		return false
	}
}

// stop kills the process; what it has said is looked at.
func (c *child) stop() {
	c.cmd.Process.Kill() //nolint:errcheck // it may have ended
	<-c.ended
	said := c.log.String()
	for _, bad := range []string{"DATA RACE", "fatal error:", canary} {
		if strings.Contains(said, bad) {
			c.t.Errorf("the server's output has %q:\n%s", bad, said)
		}
	}
}

func (c *child) signal(s os.Signal) { c.cmd.Process.Signal(s) } //nolint:errcheck // it may have ended

// get is the status of a path of the public listener, 0 without an answer.
func (c *child) get(path string) int {
	resp, err := http.Get(c.base + path)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, resp.Body) //nolint:errcheck // only the status counts
	return resp.StatusCode
}

// metrics is the text of /metrics.
func (c *child) metrics() string {
	resp, err := http.Get(c.ops + "/metrics")
	if err != nil {
		return ""
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	return string(text)
}

// metric is the sum of a metric over all series with the labels, each as name="value".
func (c *child) metric(name string, labels ...string) float64 {
	sum := 0.0
	for line := range strings.Lines(c.metrics()) {
		series, value, ok := strings.Cut(strings.TrimSpace(line), " ")
		if at := strings.LastIndexByte(line, '}'); at >= 0 && strings.HasPrefix(line, name+"{") {
			series, value, ok = line[:at], strings.TrimSpace(line[at+1:]), true
		}
		if !ok || series != name && !strings.HasPrefix(series, name+"{") {
			continue
		}
		matches := true
		for _, l := range labels {
			matches = matches && strings.Contains(series, l)
		}
		if f, err := strconv.ParseFloat(value, 64); err == nil && matches {
			sum += f
		}
	}
	return sum
}

// memory is a line of the process's status in bytes, such as VmHWM.
func (c *child) memory(field string) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), field+":")
	line, _, _ := strings.Cut(rest, "\n")
	kilobytes, _ := strconv.ParseInt(strings.Fields(line + " 0")[0], 10, 64)
	return kilobytes << 10
}

// forgetPeak makes VmHWM begin anew.
func (c *child) forgetPeak() {
	os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", c.cmd.Process.Pid), []byte("5"), 0) //nolint:errcheck // Linux only
}

func (c *child) files() int {
	list, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", c.cmd.Process.Pid))
	return len(list)
}

// reload writes the configuration as the whole of the file, and asks for it to be read.
func (c *child) reload(config string) {
	next := c.config + ".next"
	if err := errors.Join(os.WriteFile(next, []byte(config), 0o600), os.Rename(next, c.config)); err != nil {
		c.t.Fatal(err)
	}
	c.signal(syscall.SIGHUP)
}
