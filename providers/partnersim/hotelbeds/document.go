package hotelbeds

// The vendor's answer to an availability request.

// Document is the whole of an answer.
type Document struct {
	AuditData auditDoc  `json:"auditData"`
	Error     *errorDoc `json:"error,omitempty"`
	Hotels    *Hotels   `json:"hotels,omitempty"`
}

type errorDoc struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

type auditDoc struct {
	ProcessTime string `json:"processTime"`
	Timestamp   string `json:"timestamp"`
	RequestHost string `json:"requestHost"`
	ServerID    string `json:"serverId"`
	Environment string `json:"environment"`
	Release     string `json:"release"`
	Token       string `json:"token"`
	Internal    string `json:"internal"`
}

// Hotels has nothing but a total of 0 when nothing was found.
type Hotels struct {
	Hotels   []hotelDoc `json:"hotels,omitempty"`
	CheckIn  string     `json:"checkIn,omitempty"`
	Total    int        `json:"total"`
	CheckOut string     `json:"checkOut,omitempty"`
}

type hotelDoc struct {
	Code            int    `json:"code"`
	Name            string `json:"name"`
	CategoryCode    string `json:"categoryCode"`
	CategoryName    string `json:"categoryName"`
	DestinationCode string `json:"destinationCode"`
	DestinationName string `json:"destinationName"`
	ZoneCode        int    `json:"zoneCode"`
	ZoneName        string `json:"zoneName"`
	Latitude        string `json:"latitude"`
	Longitude       string `json:"longitude"`
	Rooms           []room `json:"rooms"`
	MinRate         string `json:"minRate"`
	MaxRate         string `json:"maxRate"`
	Currency        string `json:"currency"`
}

type room struct {
	Code  string    `json:"code"`
	Name  string    `json:"name"`
	Rates []rateDoc `json:"rates"`
}

type rateDoc struct {
	RateKey        string      `json:"rateKey"`
	RateClass      string      `json:"rateClass"`
	RateType       string      `json:"rateType"`
	Net            string      `json:"net"`
	SellingRate    string      `json:"sellingRate,omitempty"`
	HotelMandatory bool        `json:"hotelMandatory,omitempty"`
	Allotment      int         `json:"allotment"`
	PaymentType    string      `json:"paymentType"`
	Packaging      bool        `json:"packaging"`
	BoardCode      string      `json:"boardCode"`
	BoardName      string      `json:"boardName"`
	Cancellation   []penalty   `json:"cancellationPolicies,omitempty"`
	Taxes          *taxesDoc   `json:"taxes,omitempty"`
	Rooms          int         `json:"rooms"`
	Adults         int         `json:"adults"`
	Children       int         `json:"children"`
	ChildrenAges   string      `json:"childrenAges,omitempty"`
	DailyRates     []dailyRate `json:"dailyRates,omitempty"`
	Promotions     []promotion `json:"promotions,omitempty"`
	Offers         []discount  `json:"offers,omitempty"`
}

type penalty struct {
	Amount string `json:"amount"`
	From   string `json:"from"`
}

type taxesDoc struct {
	Taxes       []tax `json:"taxes"`
	AllIncluded bool  `json:"allIncluded"`
}

type tax struct {
	Included       bool   `json:"included"`
	Percent        string `json:"percent,omitempty"`
	Amount         string `json:"amount,omitempty"`
	Currency       string `json:"currency,omitempty"`
	Type           string `json:"type,omitempty"`
	ClientAmount   string `json:"clientAmount,omitempty"`
	ClientCurrency string `json:"clientCurrency,omitempty"`
}

type dailyRate struct {
	Offset   int    `json:"offset"`
	DailyNet string `json:"dailyNet"`
}

type promotion struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

type discount struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Amount string `json:"amount"`
}
