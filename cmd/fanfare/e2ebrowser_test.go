package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"fanfare/cmd/fanfare/server"
	"fanfare/providers/partnersim"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// browserPatience ends a test whose page never comes to what is waited for. No test
// here is faster or slower for it.
const browserPatience = 2 * time.Minute

// browser is a tab that notes everything that goes wrong in it.
type browser struct {
	t   *testing.T
	ctx context.Context

	mu         sync.Mutex // guards the fields below
	complaints []string
}

// openBrowser starts a tab of a Chromium of its own, of the given width. At the end of
// the test nothing may have been complained about: no error on the console, no
// exception, no violation of the content security policy.
func openBrowser(t *testing.T, width int64) *browser {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("NO CHROMIUM: the page is not tested at all. Install one so that chromium, chromium-browser or google-chrome is on the PATH (Debian: apt-get install chromium).")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(profile(t)),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "en-GB"))
	allocator, stopBrowser := chromedp.NewExecAllocator(context.Background(), options...)
	tab, closeTab := chromedp.NewContext(allocator)
	if err := chromedp.Do(tab); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	ctx, cancel := context.WithTimeout(tab, browserPatience)
	b := &browser{t: t, ctx: ctx}
	t.Cleanup(func() {
		cancel()
		if err := chromedp.Cancel(tab); err != nil {
			t.Logf("close the browser: %v", err)
		}
		closeTab()
		stopBrowser()
	})
	messages := chromedp.Console(ctx)
	go func() { // ends with ctx
		for m, err := range messages {
			if err != nil {
				return
			}
			switch m.Type {
			case "error", "warning", "assert", chromedp.ConsoleException:
				b.complain(string(m.Type) + ": " + m.Text)
			}
		}
	}()
	call(b, func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `
			window.violations = [];
			document.addEventListener("securitypolicyviolation", (e) => violations.push(e.effectiveDirective + " " + e.blockedURI));`})
		return err
	})
	call(b, func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
			Width: width, Height: 900, DeviceScaleFactor: 1, Mobile: width < 500})
		return err
	})
	return b
}

// profile is a browser's folder. What Chromium leaves running may still write to it for
// a moment, so that it takes more than one attempt to remove it.
func profile(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "fanfare-browser")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for range 100 {
			if err = os.RemoveAll(dir); err == nil {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Logf("remove the browser's folder: %v", err)
	})
	return dir
}

func call(b *browser, f func(context.Context) error) {
	b.t.Helper()
	if err := f(b.ctx); err != nil {
		b.t.Fatal(err)
	}
}

func (b *browser) complain(what string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.complaints = append(b.complaints, what)
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatalf("%v\nThe page shows:\n%s", err, b.glimpse())
	}
}

// glimpse is the page's text, for messages of failed tests.
func (b *browser) glimpse() string {
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`(document.body?.innerText ?? "").slice(0, 1500)`))
	if err != nil {
		return err.Error()
	}
	return text
}

// value is what an expression comes to in the page.
func value[T any](b *browser, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// until waits for an expression to become true in the page.
func (b *browser) until(what, expression string) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Poll[bool](fmt.Sprintf("!!(%s)", expression), chromedp.WithPollingTimeout(browserPatience))); err != nil {
		b.t.Fatalf("%s never came: %v\nThe page shows:\n%s", what, err, b.glimpse())
	}
}

// quiet fails the test if anything has been complained about, and forgets it.
func (b *browser) quiet() {
	b.t.Helper()
	if v := value[[]string](b, `violations.splice(0)`); len(v) > 0 {
		b.t.Errorf("the page violates its content security policy: %q", v)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.complaints) > 0 {
		b.t.Errorf("the console says %q", b.complaints)
	}
	b.complaints = nil
}

// pick types into the nth place field, waits for the suggestion, and takes it with the keyboard.
func (b *browser) pick(name string, typed, code string) {
	b.t.Helper()
	field := fmt.Sprintf("input[name=%s]", name)
	b.do(chromedp.Click(field), chromedp.SendKeys(field, typed))
	option := fmt.Sprintf(`document.querySelector('input[name=%s]').parentElement.querySelector('[role=option][data-value=%s]')`, name, code)
	b.until("the suggestion "+code, option)
	for range value[int](b, option+`.parentElement.children.length`) {
		if value[bool](b, option+`.getAttribute("aria-selected") === "true"`) {
			break
		}
		b.do(chromedp.KeyEvent("\ue015")) // arrow down
	}
	if active, id := value[string](b, fmt.Sprintf(`document.querySelector('input[name=%s]').getAttribute("aria-activedescendant")`, name)), value[string](b, option+".id"); active != id {
		b.t.Errorf("aria-activedescendant of %s = %q, want %q", name, active, id)
	}
	b.enter()
	b.until("the taken place", fmt.Sprintf(`document.querySelector('input[name=%s]').getAttribute("aria-expanded") === "false" && document.querySelector('input[name=%s]').value.length > 3`, name, name))
}

// enter presses the key as a keyboard does: no character follows where the page has taken
// the key for itself. chromedp.KeyEvent sends one always, which submits the form.
func (b *browser) enter() {
	b.t.Helper()
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
		call(b, func(ctx context.Context) error {
			_, err := chromedp.Call(ctx, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: kind, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13})
			return err
		})
	}
}

// day is so many days from now, as the form and the API write it.
func day(ahead int) string { return travel.DateOf(time.Now().UTC()).AddDays(ahead).String() }

// setDate does what a date picker does.
func (b *browser) setDate(name, date string) {
	b.t.Helper()
	b.do(chromedp.SetValue(fmt.Sprintf("input[name=%s]", name), date))
}

const (
	ids       = `[...document.querySelectorAll("#list > li")].map((li) => li.dataset.id)`
	statusOf  = `document.querySelector("#partners").dataset.status`
	revision  = `document.querySelector("#list").dataset.revision ?? ""`
	terminal  = `["complete", "degraded", "failed"].includes(` + statusOf + `)`
	someRows  = `document.querySelectorAll("#list > li").length > 0`
	searchIDs = `document.querySelector("#list").dataset.search`
)

// sameAsPolled waits until page and poll are at the same revision, and compares their order.
func (b *browser) sameAsPolled(base, product, view string) {
	b.t.Helper()
	for b.ctx.Err() == nil {
		shown := value[[]string](b, ids)
		at := value[string](b, revision)
		var polled struct {
			Revision int64
			Results  []struct{ ID string }
		}
		get(b.t, base+"/v1/"+product+"/searches/"+value[string](b, searchIDs)+view, &polled)
		if fmt.Sprint(polled.Revision) != at {
			continue // one of them is ahead
		}
		var want []string
		for _, r := range polled.Results {
			want = append(want, r.ID)
		}
		if !slices.Equal(shown, want) {
			b.t.Errorf("the page's order is\n%q, polled is\n%q", shown, want)
		}
		return
	}
	b.t.Error("page and poll never were at the same revision")
}

// newDemo is the demo, but its slow partner answers when it is told to, and not
// after some seconds.
func newDemo(t *testing.T, slow string) (base string, hold *gate) {
	t.Helper()
	cfg := server.Defaults()
	cfg.DataDir = t.TempDir()
	cfg.Listen, cfg.Ops.Listen = "127.0.0.1:0", "127.0.0.1:0"
	cfg.Search.Budget, cfg.Search.MaxWait = 2*browserPatience, 2*browserPatience
	world := partnersim.NewWorld(1, places.Default(), time.Now)
	for _, spec := range partnersim.DemoPartners(1) {
		spec.Behaviour.Latency = partnersim.Latency{}
		var partner http.Handler = partnersim.NewPartner(world, spec)
		if spec.Name == slow {
			hold = &gate{next: partner, came: make(chan struct{}, 1), open: make(chan struct{})}
			partner = hold
		}
		server, err := partnersim.Serve(t.Context(), "127.0.0.1:0", partner)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(server.Close)
		f := demoFeed(spec, server.URL())
		f.Deadline = 2 * browserPatience
		cfg.Partners = append(cfg.Partners, f)
	}
	server := startServer(t, cfg)
	t.Cleanup(hold.release)
	return "http://" + server.Addr().String(), hold
}
