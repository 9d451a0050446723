package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestPageComparesFares: an open row sets its fares side by side, a card says what bags
// add, results that cost much more wait behind a button, and the way the order is made
// can be read.
func TestPageComparesFares(t *testing.T) {
	for _, width := range []int64{1280, 360} {
		b := openBrowser(t, width)
		base, stork := newDemo(t, "stork")
		stork.release()
		b.do(chromedp.Navigate(base + "/#flights?slices=LHR-JFK-" + day(60) + "&cabin_bag=1&limit=200"))
		b.until("the end of the search", terminal)

		const bags = `[...document.querySelectorAll(".price .with-bags")].map((e) => e.textContent).join("|")`
		if said := value[string](b, bags); !strings.Contains(said, "your bags included") {
			t.Errorf("%d px: cards say %.200q of bags, want that some include them", width, said)
		}
		value[bool](b, `(() => { for (const d of document.querySelectorAll("#list > li:not(.far) details")) { d.open = true; } return true; })()`)
		b.until("fares side by side", `document.querySelector(".fares tbody tr:nth-child(2)")`)
		if steps := value[string](b, `document.querySelector(".fares tbody").textContent`); !strings.Contains(steps, "+ £") {
			t.Errorf("%d px: the fares say %.300q, which lacks what the next one costs more", width, steps)
		}
		const fewer = `[...document.querySelectorAll("#list > li")].filter((e) => e.offsetParent === null).length`
		if hidden, far := value[int](b, fewer), value[int](b, `document.querySelectorAll("#list > li.far").length`); far == 0 || hidden != far {
			t.Errorf("%d px: %d rows are folded away, %d cost much more; want all of those", width, hidden, far)
		}
		b.do(chromedp.Click(`#more button`))
		if hidden := value[int](b, fewer); hidden != 0 {
			t.Errorf("%d px: %d rows are still folded away", width, hidden)
		}
		if wide := value[int](b, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
			t.Errorf("%d px: the page is %d px too wide", width, wide)
		}
		b.do(chromedp.Navigate(base + "/about/ranking"))
		b.until("the constants", `document.querySelectorAll("tbody tr").length > 10`)
		if wide := value[int](b, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
			t.Errorf("%d px: the page about the ranking is %d px too wide", width, wide)
		}
		b.quiet()
	}
}
