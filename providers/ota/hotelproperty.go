package ota

import (
	"strconv"
	"strings"

	"fanfare/providers/travel"
	"fanfare/providers/wire"
	"fanfare/providers/wire/opentravel"
)

var propertyFields = opentravel.NewNames("HotelCode", "HotelName", "ChainCode", "BrandCode", "Position", "Address", "Award", "HotelCodeContext", "ContactNumbers", "TPA_Extensions")

var (
	positionNames = opentravel.NewNames("Latitude", "Longitude")
	addressNames  = opentravel.NewNames("AddressLine", "CityName", "PostalCode")
	contactsNames = opentravel.NewNames("ContactNumber")
	contactNames  = opentravel.NewNames("PhoneNumber", "PhoneTechType")
	awardNames    = opentravel.NewNames("Rating")
)

// property reads BasicPropertyInfo, and Property of a search, which are alike.
func (h *hotelDocument) property() travel.Property {
	var p travel.Property
	giata := false
	for f := h.d.Fields(propertyFields); f.Next(); {
		switch f.Key() {
		case 0:
			p.ID = strings.Clone(clipped(h.d.View()))
		case 1:
			p.Name = h.d.Name()
		case 2:
			p.Chain = h.d.Intern()
		case 3:
			if p.Chain == "" {
				p.Chain = h.d.Intern()
			}
		case 4:
			h.position(&p)
		case 5:
			var lines []string
			for a := h.d.Fields(addressNames); a.Next(); {
				line := h.d.Name()
				if line != "" && len(lines) < 8 {
					lines = append(lines, line)
				}
				switch a.Key() {
				case 1:
					p.City = line
				case 2:
					p.PostCode = line
				}
			}
			p.Address = wire.Clean(strings.Join(lines, ", "), wire.MaxName)
		case 6:
			for a := h.d.Fields(awardNames); a.Next(); {
				if stars := starsOf(h.d.View()); p.Stars == 0 {
					p.Stars = stars
				}
			}
		case 7:
			giata = strings.EqualFold(h.d.View(), "giata")
		case 8:
			h.phone(&p)
		case 9:
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
	referenceNames  = opentravel.NewNames("ReferenceCatalogCode", "ReferenceCatalogName")
)

// references reads Concur's list of a property's ids in other directories, for that of GIATA.
func (h *hotelDocument) references(p *travel.Property) {
	for e := h.d.Fields(extensionNames); e.Next(); {
		for r := h.d.Fields(referencesNames); r.Next(); {
			code, directory := "", ""
			for f := h.d.Fields(referenceNames); f.Next(); {
				if f.Key() == 0 {
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
			if f.Key() == 0 {
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
	if len(id) > wire.MaxName {
		return id[:wire.MaxName]
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
		p.SetGeo(at[0], at[1])
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

var (
	hotelStaysNames = opentravel.NewNames("HotelStay")
	hotelStayNames  = opentravel.NewNames("RoomStayRPH", "BasicPropertyInfo")
)

// house reads a HotelStay.
func (h *hotelDocument) house() {
	var one house
	for f := h.d.Fields(hotelStayNames); f.Next(); {
		if f.Key() == 0 {
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
