package opentravel

import (
	"strings"

	"fanfare/providers/travel"
)

var featuresNames = NewNames("BrandFeature")

const (
	featureID = iota
	featureApplication
	featureServiceGroup
	featureSubCode
)

var featureNames = NewNames([]string{
	featureID: "Id", featureApplication: "Application", featureServiceGroup: "ServiceGroup", featureSubCode: "SubCode",
}...)

// maxFeatures bounds those that are kept; documents of 200 itineraries list some hundreds.
const maxFeatures = 4096

// standardSeat is the sub code of ATPCO's branded fares (group BF) for choosing a standard
// seat; it is the cheapest kind, so that better ones need no look.
const standardSeat = "050"

// features reads what brands have, for what they say of choosing a seat.
func (l *lowFare) features() {
	d := l.d
	for f := d.Fields(featuresNames); f.Next(); {
		var id, application, group, code string // views
		for a := d.Fields(featureNames); a.Next(); {
			switch a.Key() {
			case featureID:
				id = d.View()
			case featureApplication:
				application = d.View()
			case featureServiceGroup:
				group = d.View()
			case featureSubCode:
				code = d.View()
			}
		}
		if group != "BF" || code != standardSeat || len(l.seats) >= maxFeatures {
			continue
		}
		if l.seats == nil {
			l.seats = map[string]travel.SeatChoice{}
		}
		l.seats[strings.Clone(id)] = seatOf(application)
	}
}

// seatOf is ATPCO's letter for how a brand has a service.
func seatOf(application string) travel.SeatChoice {
	switch application {
	case "F":
		return travel.SeatIncluded
	case "C":
		return travel.SeatAtAPrice
	case "N":
		return travel.SeatNotOffered
	}
	return travel.SeatUnknown
}
