package document_test

import (
	"fmt"

	"fanfare/providers/document"
)

const (
	offerID = iota
	offerTotal
	offerSegments
)

var offerKeys = document.NewKeys([]string{offerID: "id", offerTotal: "total", offerSegments: "segments"}...)

// A decoder asks for the keys that it knows, in whatever order they come. What it does not know
// is stepped over, and checked all the same.
func ExampleJSON() {
	r := document.NewJSON([]byte(`{"total": "412.30", "note": {"of": "no interest"}, "id": "off_1", "segments": [{}, {}]}`))
	defer r.Close()
	id, total, segments := "", "", 0
	for o := r.Object(offerKeys); o.Next(); {
		switch o.Key() {
		case offerID:
			id = r.Text()
		case offerTotal:
			total = r.Text()
		case offerSegments:
			for a := r.Array(); a.Next(); {
				segments++
			}
		}
	}
	fmt.Println(id, total, segments, r.End())

	twice := document.NewJSON([]byte(`{"total": "1.00", "total": "9.00"}`))
	defer twice.Close()
	for o := twice.Object(offerKeys); o.Next(); {
	}
	fmt.Println(twice.End())
	// Output:
	// off_1 412.30 2 <nil>
	// total at byte 18: key twice in one object
}

var fareNames = document.NewKeys("Fare", "Price")

// XML has the same shape: children by name, attributes by name, texts.
func ExampleXML() {
	x := document.NewXML([]byte(`<Offers xmlns="urn:x"><Fare code="Y"><Price>80.99</Price></Fare></Offers>`))
	defer x.Close()
	for w := x.Within(fareNames); w.Next(); {
		code := x.Attr("code")
		for c := x.Children(fareNames); c.Next(); {
			fmt.Println(code, x.Text())
		}
	}
	fmt.Println(x.End())
	// Output:
	// Y 80.99
	// <nil>
}
