package travelport

import (
	"strings"
	"testing"

	"fanfare/providers/providertest"
)

// TestRateTerms: penalties, meals and payments by each way of writing them.
func TestRateTerms(t *testing.T) {
	for inside, want := range map[string]string{
		`<CancelInfo CancelDeadline="2027-02-27" CancelPenaltyAmount="GBP100.00"/>`:                                                                                                          "free until 2027-02-27T00:00:00Z from 2027-02-27T00:00:00Z GBP 100.00",
		`<CancelInfo CancelDeadline="2027-02-27T18:00:00+01:00" CancelPenaltyPercent="50"/>`:                                                                                                 "from 2027-02-27T17:00:00Z GBP 180.00",
		`<CancelInfo OffsetTimeUnit="Day" OffsetUnitMultiplier="2" OffsetDropTime="BeforeArrival" NumberOfNights="2"/><HotelRateByDate EffectiveDate="2027-03-01" ExpireDate="2027-03-03"/>`: "from 2027-02-27T00:00:00Z GBP 360.00",
		`<CancelInfo OffsetTimeUnit="Day" OffsetUnitMultiplier="2" NumberOfNights="1"/><HotelRateByDate EffectiveDate="2027-03-01" ExpireDate="2027-03-03"/>`:                                "from 2027-02-27T00:00:00Z unknown",
		`<CancelInfo OffsetTimeUnit="Day" OffsetUnitMultiplier="2"/>`:                                                                                                                        `"guarantee" refundable yes`,
		`<GuaranteeInfo GuaranteeType="Deposit"/>`:                                                                                                                                           `"deposit" refundable ?`,
		`<Inclusions><MealPlans Breakfast="false" Lunch="false" Dinner="false"/></Inclusions>`:                                                                                               `"room_only"`,
		`<RoomRateDescription Name="Room Rate"><Text>1 king bed</Text></RoomRateDescription>`:                                                                                                `"1 king bed"`,
	} {
		a, err := Decode([]byte(`<HotelDetailsRsp><RequestedHotelDetails><HotelProperty HotelCode="7" ReserveRequirement="Guarantee"><CoordinateLocation latitude="51.51" longitude="-0.18"/></HotelProperty>`+
			`<HotelRateDetail RatePlanType="RAC" Total="GBP360.00">`+inside+`</HotelRateDetail></RequestedHotelDetails></HotelDetailsRsp>`), nil)
		if got := providertest.Written(&a); err != nil || !strings.Contains(got, want) {
			t.Errorf("%s: %v\n%swant %s", inside, err, got, want)
		}
	}
}

// TestNoProperties: the description of every error of hotels is that of the service.
func TestNoProperties(t *testing.T) {
	const document = `<Fault><faultcode>Server.Business</faultcode><faultstring>No properties found</faultstring><detail><ErrorInfo><Code>5000</Code><Description>General hotel service error.</Description></ErrorInfo></detail></Fault>`
	if a, err := Decode([]byte(document), nil); err != nil || a.OffersIn != 0 {
		t.Errorf("Decode() = %v, want nothing", err)
	}
}

// TestLooseSegments: a solution that names its segments without journeys has a direction for
// each of their groups, and a carrier that flies its own flight does so under its number.
func TestLooseSegments(t *testing.T) {
	a, err := Decode([]byte(`<LowFareSearchRsp><AirSegmentList>`+
		`<AirSegment Key="1" Group="0" Carrier="BA" FlightNumber="1" Origin="LHR" Destination="MAD" DepartureTime="2027-03-01T10:00:00" ArrivalTime="2027-03-01T13:00:00"><CodeshareInfo OperatingCarrier="BA">BRITISH AIRWAYS</CodeshareInfo></AirSegment>`+
		`<AirSegment Key="2" Group="0" Carrier="IB" FlightNumber="2" Origin="MAD" Destination="LIS" DepartureTime="2027-03-01T15:00:00" ArrivalTime="2027-03-01T15:20:00"/>`+
		`<AirSegment Key="3" Group="1" Carrier="BA" FlightNumber="3" Origin="LIS" Destination="LHR" DepartureTime="2027-03-08T10:00:00" ArrivalTime="2027-03-08T13:00:00"/>`+
		`</AirSegmentList><AirPricingSolution Key="S" TotalPrice="GBP300.00"><AirSegmentRef Key="1"/><AirSegmentRef Key="2"/><AirSegmentRef Key="3"/></AirPricingSolution></LowFareSearchRsp>`), nil)
	got := providertest.Written(&a)
	if err != nil || len(a.Offers) != 1 || len(a.Offers[0].Itinerary.Slices) != 2 || len(a.Offers[0].Itinerary.Slices[0].Segments) != 2 || !strings.Contains(got, "BA1/BA1 LHR") {
		t.Errorf("Decode() = %v\n%s", err, got)
	}
}
