package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestPageCombinations: a return in two tickets says so on its row, what that means, and
// which tickets they are; one box hides them all.
func TestPageCombinations(t *testing.T) {
	b := openBrowser(t, 1280)
	base, slow := newDemo(t, "stork")
	slow.release()
	b.do(chromedp.Navigate(base + "/"))
	b.do(chromedp.Click(`input[name=trip][value=return]`))
	b.pick("origin", "heathr", "LHR")
	b.pick("destination", "JFK", "JFK")
	b.setDate("date", day(60))
	b.setDate("return", day(67))
	b.do(chromedp.Click(`button[type=submit]`))
	b.until("the search's end", terminal+` && `+someRows)
	b.do(chromedp.Click(`input[name=combined_only]`))
	b.until("a combination", `document.querySelector("#list .risk") && ![...document.querySelectorAll("#list > li")].some((li) => !li.querySelector(".risk"))`)
	row := value[string](b, `document.querySelector("#list .risk").closest("li").querySelector(".head").innerText`)
	for _, want := range []string{"Two separate tickets, one for each direction", "LHR to JFK", "JFK to LHR"} {
		if !strings.Contains(row, want) {
			t.Errorf("the row of a combination says %q, which lacks %q", row, want)
		}
	}
	value[bool](b, `(() => { const li = document.querySelector("#list .risk").closest("li"); li.querySelector("details").open = true; li.scrollIntoView(); return true; })()`)
	b.until("its tickets", `document.querySelector("#list .tickets li:nth-child(2)")`)
	if n := value[int](b, `document.querySelector("#list .tickets").children.length`); n != 2 {
		t.Errorf("%d tickets are listed, want 2", n)
	}
	b.do(chromedp.Click(`input[name=combined_only]`), chromedp.Click(`input[name=combine]`))
	b.until("the list without combinations", `document.querySelectorAll("#list > li").length > 0 && !document.querySelector("#list .risk")`)
	b.quiet()
}
