package ota

import (
	"strconv"
	"strings"

	"fanfare/providers/document"
	"fanfare/providers/opentravel"
	"fanfare/providers/travel"
)

const (
	propertyHotelCode = iota
	propertyHotelName
	propertyChainCode
	propertyBrandCode
	propertyPosition
	propertyAddress
	propertyAward
	propertyHotelCodeContext
	propertyContactNumbers
	propertyTPAExtensions
)

var propertyNames = opentravel.NewNames([]string{
	propertyHotelCode: "HotelCode", propertyHotelName: "HotelName", propertyChainCode: "ChainCode", propertyBrandCode: "BrandCode",
	propertyPosition: "Position", propertyAddress: "Address", propertyAward: "Award", propertyHotelCodeContext: "HotelCodeContext",
	propertyContactNumbers: "ContactNumbers", propertyTPAExtensions: "TPA_Extensions",
}...)

const (
	positionLatitude = iota
	positionLongitude
)

var positionNames = opentravel.NewNames([]string{positionLatitude: "Latitude", positionLongitude: "Longitude"}...)

const (
	addressLine = iota
	addressCityName
	addressPostalCode
)

var addressNames = opentravel.NewNames([]string{
	addressLine: "AddressLine", addressCityName: "CityName", addressPostalCode: "PostalCode",
}...)

var contactsNames = opentravel.NewNames("ContactNumber")

const (
	contactPhoneNumber = iota
	contactPhoneTechType
)

var contactNames = opentravel.NewNames([]string{contactPhoneNumber: "PhoneNumber", contactPhoneTechType: "PhoneTechType"}...)

var awardNames = opentravel.NewNames("Rating")

// property reads BasicPropertyInfo, and Property of a search, which are alike.
func (h *hotelDocument) property() travel.Property {
	var p travel.Property
	giata := false
	for f := h.d.Fields(propertyNames); f.Next(); {
		switch f.Key() {
		case propertyHotelCode:
			p.ID = strings.Clone(clipped(h.d.View()))
		case propertyHotelName:
			p.Name = h.d.Name()
		case propertyChainCode:
			p.Chain = h.d.Intern()
		case propertyBrandCode:
			if p.Chain == "" {
				p.Chain = h.d.Intern()
			}
		case propertyPosition:
			h.position(&p)
		case propertyAddress:
			var lines []string
			for a := h.d.Fields(addressNames); a.Next(); {
				line := h.d.Name()
				if line != "" && len(lines) < 8 {
					lines = append(lines, line)
				}
				switch a.Key() {
				case addressCityName:
					p.City = line
				case addressPostalCode:
					p.PostCode = line
				}
			}
			p.Address = document.Clean(strings.Join(lines, ", "), document.MaxName)
		case propertyAward:
			for a := h.d.Fields(awardNames); a.Next(); {
				if stars := starsOf(h.d.View()); p.Stars == 0 {
					p.Stars = stars
				}
			}
		case propertyHotelCodeContext:
			giata = strings.EqualFold(h.d.View(), "giata")
		case propertyContactNumbers:
			h.phone(&p)
		case propertyTPAExtensions:
			h.references(&p)
		}
	}
	if giata {
		p.GIATA = p.ID
	}
	return p
}

var (
	extensionNames  = opentravel.NewNames("TPA_PropertyReferenceInfo")
	referencesNames = opentravel.NewNames("PropertyReference")
)

const (
	referenceCatalogCode = iota
	referenceCatalogName
)

var referenceNames = opentravel.NewNames([]string{
	referenceCatalogCode: "ReferenceCatalogCode", referenceCatalogName: "ReferenceCatalogName",
}...)

// references reads Concur's list of a property's ids in other directories, for that of GIATA.
func (h *hotelDocument) references(p *travel.Property) {
	for e := h.d.Fields(extensionNames); e.Next(); {
		for r := h.d.Fields(referencesNames); r.Next(); {
			code, directory := "", ""
			for f := h.d.Fields(referenceNames); f.Next(); {
				if f.Key() == referenceCatalogCode {
					code = h.d.Name()
				} else {
					directory = h.d.View()
				}
			}
			if strings.EqualFold(directory, "giata") {
				p.GIATA = code
			}
		}
	}
}

// phone reads a property's telephone: the first that is not said to be a fax (code 3 of
// the PhoneTechType list) or a mobile phone (5).
func (h *hotelDocument) phone(p *travel.Property) {
	for c := h.d.Fields(contactsNames); c.Next(); {
		number, kind := "", ""
		for f := h.d.Fields(contactNames); f.Next(); {
			if f.Key() == contactPhoneNumber {
				number = h.d.Name()
			} else {
				kind = h.d.View()
			}
		}
		if p.Phone == "" && kind != "3" && kind != "5" {
			p.Phone = number
		}
	}
}

// clipped bounds an identifier that is kept.
func clipped(id string) string {
	if len(id) > document.MaxName {
		return id[:document.MaxName]
	}
	return id
}

func (h *hotelDocument) position(p *travel.Property) {
	var at [2]float64
	var known [2]bool
	for f := h.d.Fields(positionNames); f.Next(); {
		v, err := strconv.ParseFloat(strings.TrimSpace(h.d.View()), 64)
		at[f.Key()], known[f.Key()] = v, err == nil
	}
	if known == [2]bool{true, true} {
		p.SetGeo(at[positionLatitude], at[positionLongitude])
	}
}

// starsOf reads ratings such as 4, 4.5, "4 Stars" or 3*. 0 is unknown.
func starsOf(text string) float64 {
	end := 0
	for end < len(text) && (text[end]-'0' <= 9 || text[end] == '.') {
		end++
	}
	stars, err := strconv.ParseFloat(text[:end], 64)
	if err != nil || stars > 5 {
		return 0
	}
	return stars
}

// house is a property with the room stays that are its own.
type house struct {
	property travel.Property
	stays    string // by their RPH, parted by spaces
}

var hotelStaysNames = opentravel.NewNames("HotelStay")

const (
	hotelStayRoomStayRPH = iota
	hotelStayBasicPropertyInfo
)

var hotelStayNames = opentravel.NewNames([]string{hotelStayRoomStayRPH: "RoomStayRPH", hotelStayBasicPropertyInfo: "BasicPropertyInfo"}...)

// house reads a HotelStay.
func (h *hotelDocument) house() {
	var one house
	for f := h.d.Fields(hotelStayNames); f.Next(); {
		if f.Key() == hotelStayRoomStayRPH {
			one.stays = h.d.Intern()
		} else {
			one.property = h.property()
		}
	}
	if len(h.houses) < maxListed {
		h.houses = append(h.houses, one)
	}
}

// settle gives stays that name no property the one that names them.
func (h *hotelDocument) settle() {
	if len(h.houses) == 0 {
		return
	}
	of := map[string]*travel.Property{}
	for i := range h.houses {
		for rph := range strings.FieldsSeq(h.houses[i].stays) {
			of[rph] = &h.houses[i].property
		}
	}
	for i := range h.stays {
		s := &h.stays[i]
		if p := of[s.rph]; p != nil && s.property.ID == "" {
			s.property = *p
		}
	}
}
