package partnersim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/travel"
)

// sabreRequest is a question that the vendor would accept.
type sabreRequest struct {
	ask
	groups   []fareGroup
	from, to []string // as asked, slice by slice
	most     int      // itineraries
	brands   bool     // all of an itinerary, not just the cheapest
	currency travel.Currency
}

type sabreCabin struct{ Cabin, PreferLevel string }

// sabreLocation is a place of a question.
type sabreLocation struct{ LocationCode string }

// sabreRQ is what the simulator reads of a question; the vendor takes keys as they are
// written, encoding/json in any case.
type sabreRQ struct {
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
			OriginLocation, DestinationLocation sabreLocation
			TPA_Extensions                      struct{ CabinPref sabreCabin }
		}
		TravelPreferences struct {
			CabinPref        []sabreCabin
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
func (p *sabre) parse(question []byte, now time.Time) (q *sabreRequest, wrong string) {
	var doc sabreRQ
	if err := json.NewDecoder(bytes.NewReader(question)).Decode(&doc); err != nil {
		return nil, "validation: " + err.Error()
	}
	rq := doc.OTA_AirLowFareSearchRQ
	if rq == nil {
		return nil, "validation: OTA_AirLowFareSearchRQ is required"
	}
	q = &sabreRequest{ask: ask{cabin: travel.Economy, maxStops: -1}, currency: p.spec.Currency}
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
		s, bad := p.w.flown(d.OriginLocation.LocationCode, d.DestinationLocation.LocationCode, d.DepartureDateTime, after, now)
		if bad != "" {
			complain("%s", bad)
		}
		after = s.date
		q.slices = append(q.slices, s)
		q.from, q.to = append(q.from, d.OriginLocation.LocationCode), append(q.to, d.DestinationLocation.LocationCode)
		if d.TPA_Extensions.CabinPref.Cabin != "" {
			cabins = append(cabins, d.TPA_Extensions.CabinPref)
		}
	}
	for _, c := range cabins {
		if q.cabin, ok = otaCabins[strings.ToUpper(c.Cabin)]; !ok {
			complain("Cabin %q", c.Cabin)
		}
	}
	if n := rq.TravelPreferences.MaxStopsQuantity; n != nil {
		q.maxStops = *n
	}
	info := rq.TravelerInfoSummary
	for _, avail := range info.AirTravelerAvail {
		for _, pax := range avail.PassengerTypeQuantity {
			kind, known := paxCode(pax.Code)
			if !known {
				complain("passenger type %q", pax.Code)
			}
			q.groups = append(q.groups, fareGroup{pax.Code, kind, pax.Quantity})
		}
	}
	pax, bad := seats9(q.groups)
	if q.pax = pax; bad != "" {
		complain("%s", bad)
	}
	if c := info.PriceRequestInformation.CurrencyCode; rates[c] != 0 {
		q.currency = c
	}
	q.brands = info.PriceRequestInformation.TPA_Extensions.BrandedFareIndicators.MultipleBrandedFares
	return q, wrong
}
