package sabre

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// request is a question that the vendor would accept.
type request struct {
	world.Ask
	groups   []world.FareGroup
	from, to []string // as asked, slice by slice
	most     int      // itineraries
	brands   bool     // all of an itinerary, not just the cheapest
	currency travel.Currency
}

type cabinDoc struct{ Cabin, PreferLevel string }

// location is a place of a question.
type location struct{ LocationCode string }

// rqDoc is what the simulator reads of a question; the vendor takes keys as they are
// written, encoding/json in any case.
type rqDoc struct {
	OTA_AirLowFareSearchRQ *struct {
		Version string
		POS     struct {
			Source []struct {
				PseudoCityCode string
				RequestorID    struct {
					Type, ID    string
					CompanyName struct{ Code string }
				}
			}
		}
		OriginDestinationInformation []struct {
			RPH, DepartureDateTime              string
			OriginLocation, DestinationLocation location
			TPA_Extensions                      struct{ CabinPref cabinDoc }
		}
		TravelPreferences struct {
			CabinPref        []cabinDoc
			MaxStopsQuantity *int
			TPA_Extensions   json.RawMessage
		}
		TravelerInfoSummary struct {
			SeatsRequested   []int
			AirTravelerAvail []struct {
				PassengerTypeQuantity []struct {
					Code     string
					Quantity int
				}
			}
			PriceRequestInformation struct {
				CurrencyCode   travel.Currency
				TPA_Extensions struct {
					BrandedFareIndicators struct{ MultipleBrandedFares, SingleBrandedFare bool }
				}
			}
		}
		TPA_Extensions struct {
			IntelliSellTransaction struct {
				RequestType struct{ Name string }
			}
		}
	}
}

// parse reads a question as strictly as the vendor does; wrong is its complaint.
func (p *service) parse(question []byte, now time.Time) (q *request, wrong string) {
	var doc rqDoc
	if err := json.NewDecoder(bytes.NewReader(question)).Decode(&doc); err != nil {
		return nil, "validation: " + err.Error()
	}
	rq := doc.OTA_AirLowFareSearchRQ
	if rq == nil {
		return nil, "validation: OTA_AirLowFareSearchRQ is required"
	}
	q = &request{Ask: world.Ask{Cabin: travel.Economy, MaxStops: -1}, currency: p.Seller.Currency}
	complain := func(format string, args ...any) {
		if wrong == "" {
			wrong = "validation: " + fmt.Sprintf(format, args...)
		}
	}
	if rq.Version == "" {
		complain("Version is required")
	}
	if s := rq.POS.Source; len(s) == 0 || s[0].PseudoCityCode == "" || s[0].RequestorID.ID == "" || s[0].RequestorID.CompanyName.Code == "" {
		complain("POS.Source needs a PseudoCityCode and a RequestorID with an ID and the code of a CompanyName")
	}
	most, ok := strings.CutSuffix(rq.TPA_Extensions.IntelliSellTransaction.RequestType.Name, "ITINS")
	if q.most, _ = strconv.Atoi(most); !ok || q.most != 50 && q.most != 100 && q.most != 200 {
		complain("RequestType.Name %q", rq.TPA_Extensions.IntelliSellTransaction.RequestType.Name)
	}
	if n := len(rq.OriginDestinationInformation); n == 0 || n > 10 {
		complain("OriginDestinationInformation: %d of them", n)
	}
	cabins := rq.TravelPreferences.CabinPref
	after := travel.Date(0)
	for _, d := range rq.OriginDestinationInformation {
		if d.RPH == "" || !strings.Contains(d.DepartureDateTime, "T") {
			complain("OriginDestinationInformation needs an RPH, and a DepartureDateTime as YYYY-MM-DDThh:mm:ss")
		}
		s, bad := p.World.Flown(d.OriginLocation.LocationCode, d.DestinationLocation.LocationCode, d.DepartureDateTime, after, now)
		if bad != "" {
			complain("%s", bad)
		}
		after = s.Date
		q.Slices = append(q.Slices, s)
		q.from, q.to = append(q.from, d.OriginLocation.LocationCode), append(q.to, d.DestinationLocation.LocationCode)
		if d.TPA_Extensions.CabinPref.Cabin != "" {
			cabins = append(cabins, d.TPA_Extensions.CabinPref)
		}
	}
	for _, c := range cabins {
		if q.Cabin, ok = world.OTACabins[strings.ToUpper(c.Cabin)]; !ok {
			complain("Cabin %q", c.Cabin)
		}
	}
	if n := rq.TravelPreferences.MaxStopsQuantity; n != nil {
		q.MaxStops = *n
	}
	info := rq.TravelerInfoSummary
	for _, avail := range info.AirTravelerAvail {
		for _, pax := range avail.PassengerTypeQuantity {
			kind, known := world.PaxCode(pax.Code)
			if !known {
				complain("passenger type %q", pax.Code)
			}
			q.groups = append(q.groups, world.FareGroup{Code: pax.Code, Kind: kind, Count: pax.Quantity})
		}
	}
	pax, bad := world.Seats9(q.groups)
	if q.Pax = pax; bad != "" {
		complain("%s", bad)
	}
	if c := info.PriceRequestInformation.CurrencyCode; world.Rates[c] != 0 {
		q.currency = c
	}
	q.brands = info.PriceRequestInformation.TPA_Extensions.BrandedFareIndicators.MultipleBrandedFares
	return q, wrong
}
