package oracle

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// money is minor units of the currency of display; known is false for null.
type money struct {
	minor    int64
	currency string
	known    bool
}

// UnmarshalJSON reads {"amount":"412.30","currency":"GBP"} of a currency with two decimals, or null.
func (m *money) UnmarshalJSON(data []byte) error {
	var v *struct{ Amount, Currency string }
	if err := json.Unmarshal(data, &v); err != nil || v == nil {
		*m = money{}
		return err
	}
	minor, err := cents(v.Amount)
	*m = money{minor, v.Currency, true}
	return err
}

func (m money) String() string { return fmt.Sprintf("%s %.2f", m.currency, float64(m.minor)/100) }

func cents(decimal string) (int64, error) {
	whole, broken, found := strings.Cut(decimal, ".")
	if !found || len(broken) != 2 {
		return 0, fmt.Errorf("%q has not two decimals", decimal)
	}
	return strconv.ParseInt(whole+broken, 10, 64)
}

// micros is a decimal amount in millionths, to be compared with what explain=1 says.
func (m money) micros() int64 { return m.minor * 10_000 }

type head struct {
	ID        string `json:"id"`
	Revision  int64  `json:"revision"`
	StateHash string `json:"state_hash"`
	Status    string `json:"status"`
	Partners  []struct {
		Name       string         `json:"name"`
		Status     string         `json:"status"`
		OffersIn   int            `json:"offers_in"`
		OffersKept int            `json:"offers_kept"`
		Drops      map[string]int `json:"drops"`
	} `json:"partners"`
	Coverage struct {
		Asked, Answered int
		Share           float64
	} `json:"coverage"`
	Counts struct {
		Results  int `json:"results"`
		Matching int `json:"matching"`
		Hopeless int `json:"hopeless"`
	} `json:"counts"`
	Labels     map[string]string              `json:"labels"`
	NextCursor *string                        `json:"next_cursor"`
	Facets     map[string]json.RawMessage     `json:"facets"`
	Highlights map[string]struct{ ID string } `json:"highlights"`
}

type flightView struct {
	head
	Results []*flight `json:"results"`
}

type flight struct {
	ID          string `json:"id"`
	Slices      []slice
	Price       money
	Score       score
	Hopeless    bool
	OffersTotal int `json:"offers_total"`
	Offers      []*offer
	Combination *struct{} `json:"combination"`
}

type slice struct {
	Origin, Destination string
	Departs, Arrives    time.Time
	DurationMinutes     int `json:"duration_minutes"`
	Stops               int
	Segments            []segment
}

type segment struct {
	Marketing           flown
	Operating           *flown
	SoldAs              []flown `json:"sold_as"`
	Origin, Destination string
	Departs, Arrives    time.Time
	LayoverMinutes      *int `json:"layover_minutes"`
}

type flown struct {
	Carrier string
	Number  *string
}

type score struct {
	Total  string
	Micros int64
	Parts  []struct {
		Name, Amount string
		Micros       int64
	}
}

func (s *score) part(name string) int64 {
	for _, p := range s.Parts {
		if p.Name == name {
			return p.Micros
		}
	}
	return 0
}

type price struct {
	Total      money
	AsOf       time.Time `json:"as_of"`
	FreshUntil time.Time `json:"fresh_until"`
	HardUntil  time.Time `json:"hard_until"`
	Original   money
}

type offer struct {
	ID, Partner string
	Marketing   []string
	Price       price
	Fare        struct {
		CabinBags       *int  `json:"cabin_bags"`
		CheckedBags     *int  `json:"checked_bags"`
		Refundable      *bool `json:"refundable"`
		CabinBagPrice   money `json:"cabin_bag_price"`
		CheckedBagPrice money `json:"checked_bag_price"`
	}
	SeatsLeft    *int       `json:"seats_left"`
	ExpiresAt    *time.Time `json:"expires_at"`
	SelfTransfer bool       `json:"self_transfer"`
	Tickets      []struct {
		Partner string
		Price   price
	}
	Constraints map[string]string
}

type stayView struct {
	head
	Results []*stay `json:"results"`
}

type stay struct {
	ID             string
	Name           string
	Stars          *float64
	DistanceMetres *int     `json:"distance_metres"`
	GuestScore     *float64 `json:"guest_score"`
	Price          money
	Score          score
	RatesTotal     int `json:"rates_total"`
	Rates          []*rate
	Explain        *struct {
		DominatedBy []struct {
			ID       string
			BetterIn []string `json:"better_in"`
		} `json:"dominated_by"`
	}
}

type rate struct {
	ID, Partner  string
	Board        *string
	Price        price
	Cancellation struct {
		Refundable *bool
		FreeUntil  *time.Time `json:"free_until"`
	}
	RoomsLeft *int       `json:"rooms_left"`
	ExpiresAt *time.Time `json:"expires_at"`
}

// facet is one value of a facet, whatever its type.
type facet struct {
	Value json.RawMessage
	Count int
	From  money
}

func (f facet) value() string { return strings.Trim(string(f.Value), `"`) }

// near reports whether two amounts differ by no more than rounding once in two currencies can.
func near(a, b int64) bool { return math.Abs(float64(a-b)) <= 1 }
