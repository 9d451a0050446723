package ota

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"testing"

	"fanfare/providers/providertest"
	"fanfare/providers/travel"
)

// bigStays is an answer of 100 properties with four rates each, priced by the night, with
// the descriptions that real answers carry.
func bigStays() []byte {
	var b bytes.Buffer
	b.WriteString(`<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><OTA_HotelAvailRS xmlns="http://www.opentravel.org/OTA/2003/05" Version="1.0"><Success/><RoomStays>`)
	for i := range 100 {
		b.WriteString(`<RoomStay><RoomTypes>`)
		for r := range 2 {
			fmt.Fprintf(&b, `<RoomType BedTypeCode="Twin Bed" SizeMeasurement="15" Quantity="%d" RoomTypeCode="R%d"><RoomDescription Name="Standard room %d"><Text TextFormat="PlainText">Our standard rooms have two beds and a view over the harbour.</Text></RoomDescription><Amenities><Amenity ExistsCode="73" RoomAmenity="Newspaper"/><Amenity ExistsCode="20" RoomAmenity="Television"/></Amenities></RoomType>`, 3+r, r, r)
		}
		b.WriteString(`</RoomTypes><RatePlans>`)
		for p := range 2 {
			fmt.Fprintf(&b, `<RatePlan RatePlanName="Plan %d" RatePlanCode="P%d"><RatePlanDescription Name="Plan"><Text TextFormat="PlainText">Pay by card when you book, and sleep well.</Text></RatePlanDescription><CancelPenalties><CancelPenalty><Deadline AbsoluteDeadline="2027-02-2%dT18:00:00+01:00"/><AmountPercent Percent="100"/></CancelPenalty></CancelPenalties><MealsIncluded MealPlanCodes="19" MealPlanIndicator="true"/></RatePlan>`, p, p, p)
		}
		b.WriteString(`</RatePlans><RoomRates>`)
		for n := range 4 {
			fmt.Fprintf(&b, `<RoomRate EffectiveDate="2027-03-01" ExpireDate="2027-03-04" RatePlanCode="P%d" RoomTypeCode="R%d"><Rates>`, n/2, n%2)
			for night := range 3 {
				fmt.Fprintf(&b, `<Rate EffectiveDate="2027-03-0%d" ExpireDate="2027-03-0%d" RateTimeUnit="Day"><Base CurrencyCode="EUR" AmountAfterTax="%d.50" AmountBeforeTax="%d.00"/></Rate>`, night+1, night+2, 80+i+n, 70+i+n)
			}
			fmt.Fprintf(&b, `</Rates><Total CurrencyCode="EUR" AmountAfterTax="%d.50" AmountBeforeTax="%d.00"/></RoomRate>`, 3*(80+i+n)+1, 3*(70+i+n))
		}
		fmt.Fprintf(&b, `</RoomRates><TimeSpan Start="2027-03-01" End="2027-03-04"/><BasicPropertyInfo HotelCode="H%d" HotelName="House %d"><Position Latitude="57.%d1" Longitude="11.%d1"/><Award Rating="4"/></BasicPropertyInfo></RoomStay>`, i, i, 10+i%80, 10+i%80)
	}
	b.WriteString(`</RoomStays></OTA_HotelAvailRS></soap:Body></soap:Envelope>`)
	return b.Bytes()
}

// stdStays is the fields that DecodeHotel reads of that document, for encoding/xml.
type stdStays struct {
	Stays []struct {
		Rooms []struct {
			Code     string `xml:"RoomTypeCode,attr"`
			Quantity string `xml:"Quantity,attr"`
			Name     struct {
				Name string   `xml:"Name,attr"`
				Text []string `xml:"Text"`
			} `xml:"RoomDescription"`
		} `xml:"RoomTypes>RoomType"`
		Plans []struct {
			Code      string `xml:"RatePlanCode,attr"`
			Penalties []struct {
				Deadline struct {
					At string `xml:"AbsoluteDeadline,attr"`
				} `xml:"Deadline"`
				Loss struct {
					Percent string `xml:"Percent,attr"`
				} `xml:"AmountPercent"`
			} `xml:"CancelPenalties>CancelPenalty"`
			Meals struct {
				Codes string `xml:"MealPlanCodes,attr"`
			} `xml:"MealsIncluded"`
		} `xml:"RatePlans>RatePlan"`
		Rates []struct {
			Room   string `xml:"RoomTypeCode,attr"`
			Plan   string `xml:"RatePlanCode,attr"`
			From   string `xml:"EffectiveDate,attr"`
			To     string `xml:"ExpireDate,attr"`
			Pieces []struct {
				From string        `xml:"EffectiveDate,attr"`
				To   string        `xml:"ExpireDate,attr"`
				Unit string        `xml:"RateTimeUnit,attr"`
				Base stdStayAmount `xml:"Base"`
			} `xml:"Rates>Rate"`
			Total stdStayAmount `xml:"Total"`
		} `xml:"RoomRates>RoomRate"`
		Span struct {
			Start string `xml:"Start,attr"`
			End   string `xml:"End,attr"`
		} `xml:"TimeSpan"`
		Property struct {
			Code     string `xml:"HotelCode,attr"`
			Name     string `xml:"HotelName,attr"`
			Position struct {
				Lat string `xml:"Latitude,attr"`
				Lon string `xml:"Longitude,attr"`
			} `xml:"Position"`
			Award struct {
				Rating string `xml:"Rating,attr"`
			} `xml:"Award"`
		} `xml:"BasicPropertyInfo"`
	} `xml:"Body>OTA_HotelAvailRS>RoomStays>RoomStay"`
}

type stdStayAmount struct {
	After    string `xml:"AmountAfterTax,attr"`
	Before   string `xml:"AmountBeforeTax,attr"`
	Currency string `xml:"CurrencyCode,attr"`
}

func (s *stdStays) rates() (n int) {
	for i := range s.Stays {
		n += len(s.Stays[i].Rates)
	}
	return n
}

// TestHotelEqualsEncodingXML compares what both readers make of the same document.
func TestHotelEqualsEncodingXML(t *testing.T) {
	doc := bigStays()
	a, err := DecodeHotel(doc, nil)
	var std stdStays
	if stdErr := xml.Unmarshal(doc, &std); err != nil || stdErr != nil || a.OffersKept() != std.rates() || std.rates() != 400 {
		t.Fatalf("DecodeHotel() = %d rates, drops %v, %v; encoding/xml %d, %v", a.OffersKept(), a.Drops, err, std.rates(), stdErr)
	}
	for i, s := range a.Stays {
		w := std.Stays[i]
		if s.Property.ID != w.Property.Code || s.Property.Name != w.Property.Name || fmt.Sprint(s.Property.Lat) != w.Property.Position.Lat {
			t.Fatalf("property %+v, want %+v", s.Property, w.Property)
		}
		for j, r := range s.Rates {
			x := w.Rates[j]
			if r.Price.Total.Decimal() != x.Total.After || r.Price.Base.Decimal() != x.Total.Before || r.RoomCode != x.Room || r.Room != w.Rooms[j%2].Name.Name ||
				r.Board != travel.BedAndBreakfast || r.Cancellation.FreeUntil.Format("2006-01-02T15") != w.Plans[j/2].Penalties[0].Deadline.At[:11]+"17" {
				t.Fatalf("rate %s, want %+v", providertest.RateLine(&r), x)
			}
		}
	}
}

func BenchmarkDecodeHotel(b *testing.B) {
	providertest.Bench(b, bigStays(), 400, func(doc []byte) (travel.Answer, error) { return DecodeHotel(doc, nil) }, "encoding/xml", func(doc []byte) (int, error) {
		var std stdStays
		err := xml.Unmarshal(doc, &std)
		return std.rates(), err
	})
}
