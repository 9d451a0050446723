package partnersim

import "time"

func (p *ndc) root172(x *xmlWriter, now time.Time, inside func()) {
	attrs := at{"xmlns", ndc172Space}
	if p.habits.prefixes == 2 {
		x.prefix, attrs = "ns2:", at{"xmlns:ns2", ndc172Space}
	}
	x.in("AirShoppingRS", append(attrs, "PrimaryLangID", "en", "TimeStamp", now.Format("2006-01-02T15:04:05.000-07:00"), "Version", "17.2"), func() {
		x.in("Document", nil, func() {
			x.leaf("Name", p.spec.DisplayName)
			x.leaf("ReferenceVersion", "1.0")
		})
		inside()
	})
	x.prefix = ""
}

func (a *ndcPlan) write172(x *xmlWriter) {}
