package partnersim

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"fanfare/providers/partnersim/amadeus"
)

// amadeusCompiled is a definition of one of the vendor's specifications. Its patterns of
// amounts are escaped twice, so that they would match nothing.
func amadeusCompiled(t *testing.T, file, at string) *jsonschema.Schema {
	t.Helper()
	var spec any
	if err := json.Unmarshal(bytes.ReplaceAll(vendorFile(t, "amadeus-hotel-v3/"+file), []byte(`\\\\`), []byte(`\\`)), &spec); err != nil {
		t.Fatal(err)
	}
	dropOldBounds(spec)
	c := jsonschema.NewCompiler()
	if err := c.AddResource("spec.json", asJSON(t, spec)); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("spec.json#" + at)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// dropOldBounds takes out what older drafts of JSON Schema write otherwise: bounds that are flags.
func dropOldBounds(v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range []string{"exclusiveMinimum", "exclusiveMaximum"} {
			if _, flag := v[name].(bool); flag {
				delete(v, name)
			}
		}
		for _, x := range v {
			dropOldBounds(x)
		}
	case []any:
		for _, x := range v {
			dropOldBounds(x)
		}
	}
}

// TestAmadeusHotelFitsTheVendorsSchema: the specification has one object where its own
// example, and every answer, has a list; it calls kilometres otherwise than its examples;
// and payment types are in capitals in the newer release only.
func TestAmadeusHotelFitsTheVendorsSchema(t *testing.T) {
	lists, missing := amadeusCompiled(t, "openapi_HotelList_v1.json", "/components/schemas/HotelSearchResponse"), amadeusCompiled(t, "openapi_HotelList_v1.json", "/components/schemas/Error_404")
	offers, refused := amadeusCompiled(t, "openapi_HotelSearch_v3.json", "/definitions/HotelOffers"), amadeusCompiled(t, "openapi_HotelSearch_v3.json", "/definitions/Errors")
	check := func(name string, schema *jsonschema.Schema, document []byte) {
		t.Helper()
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
		if err == nil {
			err = schema.Validate(doc)
		}
		if err != nil {
			t.Errorf("%s: %v\n%.400s", name, err, document)
		}
	}
	w := testWorld(3)
	for _, name := range strings.Fields("bolster mitten cushion") {
		p := amadeusHotelNamed(w, name, Behaviour{})
		token := amadeusToken(t, p)
		get := func(target string) []byte { return call(p, amadeusCall(token, target, "")).Body.Bytes() }
		check("list", lists, bytes.ReplaceAll(get(amadeusParis+"&ratings=1,2,3"), []byte(`"unit":"KM"`), []byte(`"unit":"KILOMETERS"`)))
		check("not listed", missing, get(amadeus.ListPath+"by-hotels?hotelIds=ZZZZZ999"))
		check("refusal", refused, get(amadeus.HotelPath+"?hotelIds=x"))
		ids := strings.Join(amadeusIDs(t, p, amadeusParis)[:20], ",")
		for _, query := range []string{"true", "false&roomQuantity=2", "false&currency=USD"} {
			var doc struct{ Data []json.RawMessage }
			if err := json.Unmarshal(get(amadeus.HotelPath+"?hotelIds="+ids+amadeusStay+query), &doc); err != nil || len(doc.Data) == 0 {
				t.Fatalf("%s: %v, %d hotels", query, err, len(doc.Data))
			}
			for _, h := range doc.Data {
				for _, kind := range []string{"guarantee", "deposit", "prepay", "holdtime"} {
					h = bytes.ReplaceAll(h, []byte(`"paymentType":"`+kind), []byte(`"paymentType":"`+strings.ToUpper(kind)))
				}
				check(query, offers, h)
			}
		}
	}
}

func TestAmadeusHotelRefuses(t *testing.T) {
	p := amadeusHotelPartner(testWorld(1))
	token := amadeusToken(t, p)
	id := amadeusIDs(t, p, amadeusParis)[0]
	good := amadeus.HotelPath + "?hotelIds=" + id + amadeusStay + "false"
	for name, c := range map[string]struct {
		target string
		status int
		says   string
	}{
		"another path":     {"/v3/shopping/hotels", 404, "38196"},
		"another list":     {amadeus.ListPath + "by-name?x=y", 404, "38196"},
		"no ids":           {strings.Replace(good, "hotelIds="+id, "", 1), 400, "32171"},
		"no id":            {strings.Replace(good, id, "PARIS", 1), 400, "eight capital letters"},
		"21 ids":           {strings.Replace(good, id, strings.Repeat(id+",", 20)+id, 1), 400, "hotelIds"},
		"unknown id":       {strings.Replace(good, id, "ZZZZZ999", 1), 400, "1257"},
		"too many guests":  {strings.Replace(good, "adults=2", "adults=9", 1), 400, "3664"},
		"no date":          {strings.Replace(good, "2027-03-01", "01/03/2027", 1), 400, "checkInDate"},
		"dates swapped":    {strings.Replace(good, "2027-03-04", "2027-02-04", 1), 400, `"code":404`},
		"too long":         {strings.Replace(good, "2027-03-04", "2027-08-04", 1), 400, `"code":377`},
		"too far":          {strings.NewReplacer("2027-03-01", "2028-03-01", "2027-03-04", "2028-03-04").Replace(good), 400, `"code":382`},
		"the past":         {strings.Replace(good, "2027-03-01", "2020-03-01", 1), 400, `"code":381`},
		"ten adults":       {strings.Replace(good, "adults=2", "adults=10", 1), 400, "adults"},
		"ten rooms":        {good + "&roomQuantity=10", 400, "roomQuantity"},
		"children":         {good + "&childAges=7", 400, "childAges"},
		"strange money":    {good + "&currency=ABC", 400, `"code":61`},
		"price":            {good + "&currency=EUR&priceRange=cheap", 400, "priceRange"},
		"price of what":    {good + "&priceRange=100-200", 400, `"parameter":"currency"`},
		"board":            {good + "&boardType=BB", 400, "boardType"},
		"payment":          {good + "&paymentPolicy=CASH", 400, "paymentPolicy"},
		"flag":             {good + "&includeClosed=1", 400, "includeClosed"},
		"residence":        {good + "&countryOfResidence=Britain", 400, "countryOfResidence"},
		"list, no place":   {amadeus.ListPath + "by-geocode?radius=5", 400, `"parameter":"latitude"`},
		"list, off Earth":  {strings.Replace(amadeusParis, "48.8566", "NaN", 1), 400, `"parameter":"latitude"`},
		"list, no city":    {amadeus.ListPath + "by-city?cityCode=ZZZ", 400, "1157"},
		"list, city unset": {amadeus.ListPath + "by-city?radius=5", 400, "32171"},
		"list, too wide":   {strings.Replace(amadeusParis, "radius=5", "radius=301", 1), 400, "radius"},
		"list, unit":       {strings.Replace(amadeusParis, "KM", "LEAGUE", 1), 400, "radiusUnit"},
		"list, stars":      {amadeusParis + "&ratings=6", 400, "ratings"},
		"list, five stars": {amadeusParis + "&ratings=1,2,3,4,5", 400, "ratings"},
		"list, amenity":    {amadeusParis + "&amenities=MOAT", 400, "amenities"},
		"list of nowhere":  {strings.Replace(amadeusParis, "48.8566", "-60", 1), 400, "895"},
		"list of nobody":   {amadeus.ListPath + "by-hotels?hotelIds=ZZZZZ999", 404, "1797"},
		"list of a city":   {amadeus.ListPath + "by-city?cityCode=PAR", 200, `"iataCode":"PAR"`},
		"a good question":  {good, 200, `"hotel-offers"`},
	} {
		if rw := call(p, amadeusCall(token, c.target, "")); rw.Code != c.status || !strings.Contains(rw.Body.String(), c.says) {
			t.Errorf("%s: %d %.300s, want %d and %q", name, rw.Code, rw.Body, c.status, c.says)
		}
	}
	if rw := call(p, amadeusCall(token, good, "{}")); rw.Code != 405 {
		t.Errorf("a POST: %d", rw.Code)
	}
	if rw := call(p, amadeusCall("wrong", good, "")); rw.Code != 401 {
		t.Errorf("a wrong token: %d", rw.Code)
	}
}
