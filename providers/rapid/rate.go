package rapid

import (
	"math"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

const (
	rateID = iota
	rateStatus
	rateAvailableRooms
	rateRefundable
	rateCurrentRefundability
	rateSaleScenario
	rateMerchantOfRecord
	rateAmenities
	rateBedGroups
	rateCancelPenalties
	rateNonrefundableDateRanges
	rateOccupancyPricing
	rateDeposits
)

var rateKeys = document.NewKeys([]string{
	rateID: "id", rateStatus: "status", rateAvailableRooms: "available_rooms", rateRefundable: "refundable",
	rateCurrentRefundability: "current_refundability", rateSaleScenario: "sale_scenario", rateMerchantOfRecord: "merchant_of_record",
	rateAmenities: "amenities", rateBedGroups: "bed_groups", rateCancelPenalties: "cancel_penalties",
	rateNonrefundableDateRanges: "nonrefundable_date_ranges", rateOccupancyPricing: "occupancy_pricing", rateDeposits: "deposits",
}...)

const (
	salePackage = iota
	saleMember
	saleMobilePromotion
)

var saleKeys = document.NewKeys([]string{salePackage: "package", saleMember: "member", saleMobilePromotion: "mobile_promotion"}...)

var (
	bedKeys  = document.NewKeys("links")
	linkKeys = document.NewKeys("price_check")
	hrefKeys = document.NewKeys("expires")
)

// conditions is what a rate says beside its price.
type conditions struct {
	refundable    travel.Answered
	refundability string // in more detail, "" if not stated
	nights        bool   // some nights are never given back
	deposits      int
	deposit       travel.Money // of all, not stated unless each is
}

// readRate reads a rate, or names the rule against it. Its PartnerRef is the id of the rate
// alone.
func (d *decoder) readRate() (travel.Rate, string) {
	r := d.r
	out := travel.Rate{Price: travel.Price{Kind: travel.Live}}
	var c conditions
	var id, status, merchant string
	rule := ""
	d.prices, d.penalties = d.prices[:0], d.penalties[:0]
	for o := r.Object(rateKeys); o.Next(); {
		switch o.Key() {
		case rateID:
			id = r.View()
		case rateStatus:
			status = r.View()
		case rateAvailableRooms:
			if n, ok := r.Int(); ok && n > 0 && n < math.MaxInt32 { // which stands for "nobody knows"
				out.RoomsLeft = n
			}
		case rateRefundable:
			c.refundable = r.Bool()
		case rateCurrentRefundability:
			c.refundability = r.View()
		case rateSaleScenario:
			rule = d.readSale()
		case rateMerchantOfRecord:
			merchant = r.View()
		case rateAmenities:
			out.Board = d.readBoard()
		case rateBedGroups:
			out.ExpiresAt = d.readExpiry()
		case rateCancelPenalties:
			d.readPenalties()
		case rateNonrefundableDateRanges:
			for a := r.Array(); a.Next(); {
				c.nights = true
			}
		case rateOccupancyPricing:
			d.readPrices()
		case rateDeposits:
			for a := r.Array(); a.Next(); c.deposits++ {
				if one := d.readAmount().money(); c.deposits == 0 {
					c.deposit = one
				} else {
					c.deposit = c.deposit.Plus(one)
				}
			}
		}
	}
	switch {
	case r.Err() != nil, rule != "":
		return travel.Rate{}, rule
	case status == "sold_out":
		return travel.Rate{}, travel.RuleSoldOut
	case status == "price_changed":
		d.answer.Note("price_changed", 1)
	}
	out.PartnerRef = id
	switch {
	case merchant == "expedia":
		out.Payment = travel.PayNow
	case merchant == "property" && c.deposits > 0:
		out.Payment = travel.PayDeposit
	case merchant == "property":
		out.Payment = travel.PayAtProperty
	}
	charged, rule := d.price(&out, merchant == "property")
	if rule != "" {
		return travel.Rate{}, rule
	}
	if out.Payment == travel.PayDeposit {
		out.PayAtProperty = c.rest(out.Price.Total)
	}
	d.cancellation(&out.Cancellation, c, charged)
	return out, ""
}

// rest is what is paid at the property when a deposit has been.
func (c *conditions) rest(total travel.Money) travel.Money {
	if c.deposit.Currency != total.Currency || c.deposit.Minor < 0 || c.deposit.Minor > total.Minor {
		return travel.Money{}
	}
	total.Minor -= c.deposit.Minor
	return total
}

// readSale: a package rate may only be sold within a package. Rates for members and for
// mobile devices come only to partners who may show them, and are counted.
func (d *decoder) readSale() (rule string) {
	for o := d.r.Object(saleKeys); o.Next(); {
		if d.r.Bool() != travel.Yes {
			continue
		}
		switch o.Key() {
		case salePackage:
			rule = travel.RulePackageOnly
		case saleMember:
			d.answer.Note("member_rates", 1)
		case saleMobilePromotion:
			d.answer.Note("mobile_rates", 1)
		}
	}
	return rule
}

// readExpiry is when the last price check of the bed groups expires: until then the rate
// can be had, if only with other beds.
func (d *decoder) readExpiry() (last time.Time) {
	r := d.r
	for m := r.Members(); m.Next(); {
		for o := r.Object(bedKeys); o.Next(); {
			for l := r.Object(linkKeys); l.Next(); {
				for h := r.Object(hrefKeys); h.Next(); {
					if at := document.ParseInstant(r.View()); at.After(last) {
						last = at
					}
				}
			}
		}
	}
	return last
}

// occupancyOf reads adults[-age[,age]], such as 2-9,4, ages sorted; false if it is none.
func occupancyOf(key string) (travel.Occupancy, bool) {
	adults, ages, _ := strings.Cut(strings.TrimSpace(key), "-")
	o := travel.Occupancy{ChildAges: []int{}}
	var err error
	if o.Adults, err = strconv.Atoi(adults); err != nil || o.Adults < 1 || o.Adults > maxGuests {
		return o, false
	}
	for ages != "" {
		var age string
		age, ages, _ = strings.Cut(ages, ",")
		n, err := strconv.Atoi(strings.TrimSpace(age))
		if err != nil || n < 0 || n > 120 || len(o.ChildAges) >= maxGuests {
			return o, false
		}
		at := 0
		for at < len(o.ChildAges) && o.ChildAges[at] <= n {
			at++
		}
		o.ChildAges = append(o.ChildAges[:at], append([]int{n}, o.ChildAges[at:]...)...)
	}
	return o, true
}

// maxGuests bounds an occupancy; nobody sells such rooms.
const maxGuests = 40
