package partnersim

// The vendor's answer to an availability request.

type hotelbedsDoc struct {
	AuditData hotelbedsAudit   `json:"auditData"`
	Error     *hotelbedsError  `json:"error,omitempty"`
	Hotels    *hotelbedsHotels `json:"hotels,omitempty"`
}

type hotelbedsError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

type hotelbedsAudit struct {
	ProcessTime string `json:"processTime"`
	Timestamp   string `json:"timestamp"`
	RequestHost string `json:"requestHost"`
	ServerID    string `json:"serverId"`
	Environment string `json:"environment"`
	Release     string `json:"release"`
	Token       string `json:"token"`
	Internal    string `json:"internal"`
}

// hotelbedsHotels has nothing but a total of 0 when nothing was found.
type hotelbedsHotels struct {
	Hotels   []hotelbedsHotel `json:"hotels,omitempty"`
	CheckIn  string           `json:"checkIn,omitempty"`
	Total    int              `json:"total"`
	CheckOut string           `json:"checkOut,omitempty"`
}

type hotelbedsHotel struct {
	Code            int             `json:"code"`
	Name            string          `json:"name"`
	CategoryCode    string          `json:"categoryCode"`
	CategoryName    string          `json:"categoryName"`
	DestinationCode string          `json:"destinationCode"`
	DestinationName string          `json:"destinationName"`
	ZoneCode        int             `json:"zoneCode"`
	ZoneName        string          `json:"zoneName"`
	Latitude        string          `json:"latitude"`
	Longitude       string          `json:"longitude"`
	Rooms           []hotelbedsRoom `json:"rooms"`
	MinRate         string          `json:"minRate"`
	MaxRate         string          `json:"maxRate"`
	Currency        string          `json:"currency"`
}

type hotelbedsRoom struct {
	Code  string          `json:"code"`
	Name  string          `json:"name"`
	Rates []hotelbedsRate `json:"rates"`
}

type hotelbedsRate struct {
	RateKey        string               `json:"rateKey"`
	RateClass      string               `json:"rateClass"`
	RateType       string               `json:"rateType"`
	Net            string               `json:"net"`
	SellingRate    string               `json:"sellingRate,omitempty"`
	HotelMandatory bool                 `json:"hotelMandatory,omitempty"`
	Allotment      int                  `json:"allotment"`
	PaymentType    string               `json:"paymentType"`
	Packaging      bool                 `json:"packaging"`
	BoardCode      string               `json:"boardCode"`
	BoardName      string               `json:"boardName"`
	Cancellation   []hotelbedsPenalty   `json:"cancellationPolicies,omitempty"`
	Taxes          *hotelbedsTaxes      `json:"taxes,omitempty"`
	Rooms          int                  `json:"rooms"`
	Adults         int                  `json:"adults"`
	Children       int                  `json:"children"`
	ChildrenAges   string               `json:"childrenAges,omitempty"`
	DailyRates     []hotelbedsDailyRate `json:"dailyRates,omitempty"`
	Promotions     []hotelbedsPromotion `json:"promotions,omitempty"`
	Offers         []hotelbedsDiscount  `json:"offers,omitempty"`
}

type hotelbedsPenalty struct {
	Amount string `json:"amount"`
	From   string `json:"from"`
}

type hotelbedsTaxes struct {
	Taxes       []hotelbedsTax `json:"taxes"`
	AllIncluded bool           `json:"allIncluded"`
}

type hotelbedsTax struct {
	Included       bool   `json:"included"`
	Percent        string `json:"percent,omitempty"`
	Amount         string `json:"amount,omitempty"`
	Currency       string `json:"currency,omitempty"`
	Type           string `json:"type,omitempty"`
	ClientAmount   string `json:"clientAmount,omitempty"`
	ClientCurrency string `json:"clientCurrency,omitempty"`
}

type hotelbedsDailyRate struct {
	Offset   int    `json:"offset"`
	DailyNet string `json:"dailyNet"`
}

type hotelbedsPromotion struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

type hotelbedsDiscount struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Amount string `json:"amount"`
}
