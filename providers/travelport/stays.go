package travelport

import (
	"strconv"
	"strings"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

const (
	staysHotelSearchResult = iota
	staysNextResultReference
	staysResponseMessage
	staysRequestedHotelDetails
	staysHotelDetailsSearchResult
	staysHotelSuperShopperResults
	staysAggregatorHotelDetails
)

var staysNames = document.NewKeys([]string{
	staysHotelSearchResult: "HotelSearchResult", staysNextResultReference: "NextResultReference", staysResponseMessage: "ResponseMessage",
	staysRequestedHotelDetails: "RequestedHotelDetails", staysHotelDetailsSearchResult: "HotelDetailsSearchResult",
	staysHotelSuperShopperResults: "HotelSuperShopperResults", staysAggregatorHotelDetails: "AggregatorHotelDetails",
}...)

const (
	resultHotelProperty = iota
	resultRateInfo
	resultHotelRateDetail
	resultAggregateHotelDetails
	resultAggregatorHotelDetails
)

var resultNames = document.NewKeys([]string{
	resultHotelProperty: "HotelProperty", resultRateInfo: "RateInfo", resultHotelRateDetail: "HotelRateDetail",
	resultAggregateHotelDetails: "AggregateHotelDetails", resultAggregatorHotelDetails: "AggregatorHotelDetails",
}...)

const (
	propPropertyAddress = iota
	propCoordinateLocation
	propHotelRating
)

var propNames = document.NewKeys([]string{
	propPropertyAddress: "PropertyAddress", propCoordinateLocation: "CoordinateLocation", propHotelRating: "HotelRating",
}...)

var (
	lineNames   = document.NewKeys("Address")
	ratingNames = document.NewKeys("Rating")
)

// readStays reads the answer to a search of properties, or the details of one.
func (d *decoder) readStays() {
	x := d.x
	for c := x.Children(staysNames); c.Next(); {
		switch c.Key() {
		case staysHotelSearchResult, staysRequestedHotelDetails, staysHotelDetailsSearchResult, staysHotelSuperShopperResults, staysAggregatorHotelDetails:
			d.readResult()
		case staysNextResultReference:
			if text := x.Text(); len(text) <= maxNext {
				d.next = text
			}
		case staysResponseMessage:
			d.readMessage()
		}
	}
}

// maxNext bounds what is sent back to ask for a further page; real ones have 400 bytes.
const maxNext = 8 << 10

// result is a property with its rates, being read.
type result struct {
	property travel.Property
	payment  travel.Payment // of the property, for rates that do not say
	rates    []travel.Rate
	said     []rateSaid // of each
	sold     bool
}

// readResult reads a property with its rates.
func (d *decoder) readResult() {
	found := result{sold: true}
	d.readResultParts(&found)
	p := &found.property
	for i := range found.rates {
		r := &found.rates[i]
		r.PartnerRef = p.ID + "/" + r.PartnerRef
		if r.Payment == travel.PaymentUnknown {
			r.Payment = found.payment
		}
		if r.Payment == travel.PayAtProperty {
			r.PayAtProperty = r.Price.Total
		}
		d.cancel(r, &found.said[i], p)
	}
	if !found.sold {
		d.answer.Note("not_available", 1)
	}
	if len(found.rates) > 0 {
		d.answer.Stays = append(d.answer.Stays, travel.Stay{Property: *p, Rates: found.rates})
	}
}

// readResultParts reads the property and its rates, which an aggregator's details may hold once
// more.
func (d *decoder) readResultParts(found *result) {
	x := d.x
	for c := x.Children(resultNames); c.Next(); {
		switch c.Key() {
		case resultHotelProperty:
			p := &found.property
			if p.ID != "" { // the same house at another source
				break
			}
			p.ID, p.Name = strings.Clone(x.Attr("HotelCode")), x.AttrName("Name")
			p.Chain = x.AttrIntern("HotelChain")
			found.sold, found.payment = x.Attr("Availability") != "NotAvailable", paymentOf(x.Attr("ReserveRequirement"))
			d.readProperty(p)
		case resultRateInfo:
			d.addRate(found, false)
		case resultHotelRateDetail:
			d.addRate(found, true)
		case resultAggregateHotelDetails, resultAggregatorHotelDetails:
			if x.Attr("Total") == "" && x.Attr("ApproximateTotal") == "" {
				d.readResultParts(found)
			} else {
				d.addRate(found, true)
			}
		}
	}
}

// addRate reads a rate, and keeps it or counts the rule against it.
func (d *decoder) addRate(found *result, detail bool) {
	d.answer.OffersIn++
	r, more, rule := d.readRate(detail)
	if rule == "" {
		rule = r.Check()
	}
	if rule != "" {
		d.answer.Drop(rule, 1)
		return
	}
	found.rates, found.said = append(found.rates, r), append(found.said, more)
}

// readProperty reads what the property is. Of several ratings the first that is a number
// of stars counts.
func (d *decoder) readProperty(p *travel.Property) {
	x := d.x
	for c := x.Children(propNames); c.Next(); {
		switch c.Key() {
		case propPropertyAddress:
			var lines []string
			for l := x.Children(lineNames); l.Next(); {
				if line := x.Name(); line != "" {
					lines = append(lines, line)
				}
			}
			p.Address = document.Clean(strings.Join(lines, ", "), document.MaxName)
		case propCoordinateLocation:
			lat, err := strconv.ParseFloat(x.Attr("latitude"), 64)
			lon, err2 := strconv.ParseFloat(x.Attr("longitude"), 64)
			if err == nil && err2 == nil {
				p.SetGeo(lat, lon)
			}
		case propHotelRating:
			for r := x.Children(ratingNames); r.Next(); {
				if stars, err := strconv.ParseFloat(x.View(), 64); err == nil && p.Stars == 0 && stars > 0 && stars <= 5 {
					p.Stars = stars
				}
			}
		}
	}
}

const (
	rateRoomRateDescription = iota
	rateCancelInfo
	rateInclusions
	rateMealPlans
	rateGuaranteeInfo
	rateHotelRateByDate
)

var rateNames = document.NewKeys([]string{
	rateRoomRateDescription: "RoomRateDescription", rateCancelInfo: "CancelInfo", rateInclusions: "Inclusions",
	rateMealPlans: "MealPlans", rateGuaranteeInfo: "GuaranteeInfo", rateHotelRateByDate: "HotelRateByDate",
}...)

var (
	textNames   = document.NewKeys("Text")
	insideNames = document.NewKeys("MealPlans")
)

// rateSaid is what of a rate can only be told when its property is known: how it may be
// cancelled, and its days, 0 where they are not stated.
type rateSaid struct {
	due     cancelling
	in, out travel.Date
}

// readRate reads a RateInfo of a search, or a HotelRateDetail: a rate of a property.
func (d *decoder) readRate(detail bool) (r travel.Rate, said rateSaid, rule string) {
	x := d.x
	r = travel.Rate{Price: travel.Price{Kind: travel.Live}}
	total := first(x.Attr("MinimumStayAmount"), x.Attr("ApproximateMinimumStayAmount"))
	var base, taxes string
	if detail {
		total = first(x.Attr("Total"), x.Attr("ApproximateTotal"))
		base, taxes = x.Attr("Base"), first(x.Attr("Tax"), x.Attr("Taxes"))
		r.RoomCode = strings.Clone(x.Attr("RatePlanType"))
		if r.PartnerRef = r.RoomCode; r.PartnerRef == "" {
			r.PartnerRef = strings.Clone(first(x.Attr("RateOfferId"), x.Attr("Key")))
		}
	} else {
		r.PartnerRef = strings.Clone(first(x.Attr("RateSupplier"), x.Attr("RateCategory")))
	}
	r.Payment = paymentOf(first(x.Attr("PaymentType"), x.Attr("RateGuaranteed")))
	packaged := document.XMLBool(x.Attr("PackageOffer")) == travel.Yes
	if document.XMLBool(x.Attr("TaxesIncluded")) == travel.No || document.XMLBool(x.Attr("ExtraFeesIncluded")) == travel.No {
		d.answer.Note("tax_not_in_total", 1)
	}
	for c := x.Children(rateNames); c.Next(); {
		switch c.Key() {
		case rateRoomRateDescription:
			if name := strings.ToLower(x.Attr("Name")); strings.HasPrefix(name, "room") || name == "description" {
				for t := x.Children(textNames); t.Next(); {
					if r.Room == "" {
						r.Room = x.Name()
					}
				}
			}
		case rateCancelInfo:
			said.due = d.readCancellation(&r.Cancellation)
		case rateInclusions:
			for m := x.Children(insideNames); m.Next(); {
				r.Board = d.board()
			}
		case rateMealPlans:
			r.Board = d.board()
		case rateGuaranteeInfo:
			if r.Payment == travel.PaymentUnknown {
				r.Payment = paymentOf(x.Attr("GuaranteeType"))
			}
		case rateHotelRateByDate:
			said.day(x.Attr("EffectiveDate"), x.Attr("ExpireDate"))
		}
	}
	if packaged {
		return r, said, travel.RulePackageOnly
	}
	if r.Price.Total, rule = money(total); rule != "" {
		return r, said, rule
	}
	r.Price.Base, r.Price.Taxes = advisory(base), advisory(taxes)
	return r, said, ""
}

// day adds the days of a part of the stay.
func (said *rateSaid) day(from, to string) {
	if in, err := travel.ParseDate(from); err == nil && (said.in == 0 || in < said.in) {
		said.in = in
	}
	if out, err := travel.ParseDate(to); err == nil && out > said.out {
		said.out = out
	}
}
