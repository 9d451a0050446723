package guard

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// Accounts holds what is known of each access to a partner: how much of its quota is used, the
// state of its breakers, how long its calls take. It belongs to what is called (Config.Account:
// protocol, host, path and credentials), not to a declaration. So it stays over reloads, also
// those that change a partner's name, deadline or limits; new limits apply to what was used
// already. With other credentials or another host it begins anew, which ends a suspension for
// credentials that were refused.
//
// Partners that are declared with the same access share its state, as the other side sees one
// caller: a call of either counts for both, each stops at its own limits, and the first of them
// in the configuration says how the breaker is set. What is counted by product is counted by
// product here too: a partner that sells flights and one that sells stays over the same access
// have breakers and days of their own.
//
// The zero value is not usable; see NewAccounts. It is safe for concurrent use.
type Accounts struct {
	mu  sync.Mutex // guards the field below
	all map[string]*account
}

// NewAccounts has no state of any account.
func NewAccounts() *Accounts { return &Accounts{all: map[string]*account{}} }

// account is one access to a partner.
type account struct {
	usage    *usage
	products map[travel.Product]*productState
}

// productState is what is known of the calls for one product.
type productState struct {
	breaker   *breaker
	latencies latencies
	budget    *budget
}

// sellable are the products that a partner may sell.
var sellable = []travel.Product{travel.Flights, travel.Hotels}

func newAccount(cfg *Config, now func() time.Time) *account {
	a := &account{usage: newUsage(now), products: map[travel.Product]*productState{}}
	for _, product := range sellable {
		a.products[product] = &productState{breaker: newBreaker(cfg.Name+"/"+string(product), cfg.Breaker, cfg.Deadline), budget: newBudget()}
	}
	return a
}

// open returns the account that cfg names, a new one if it is not known. Settings of one that
// is known change with Use. Nil Accounts know none.
func (a *Accounts) open(cfg *Config, now func() time.Time) *account {
	if a == nil || cfg.Account == "" {
		return newAccount(cfg, now)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	known := a.all[cfg.Account]
	if known == nil {
		known = newAccount(cfg, now)
		a.all[cfg.Account] = known
	}
	return known
}

// Use is called with the guards of all partners that are asked from now on, in the order of the
// configuration: their settings apply, and accounts that none of them has are forgotten.
func (a *Accounts) Use(guards []*Guard) {
	a.mu.Lock()
	defer a.mu.Unlock()
	used := map[string]bool{}
	for _, g := range guards {
		for _, product := range g.cfg.Products {
			if key := g.cfg.Account + " " + string(product); !used[key] {
				used[key] = true
				g.account.products[product].breaker.configure(g.cfg.Breaker, g.cfg.Deadline)
			}
		}
		used[g.cfg.Account] = true
	}
	maps.DeleteFunc(a.all, func(key string, _ *account) bool { return !used[key] })
}

// AccountState is the state of an account as plain data: what would have to outlive the process.
// The account's name is a hash, and holds no credentials.
type AccountState struct {
	Account  string                            `json:"account"`
	Day      string                            `json:"day"` // of the business clock, in UTC
	Used     map[travel.Product]int            `json:"used"`
	Breakers map[travel.Product]BreakerHistory `json:"breakers"`
}

// BreakerHistory is what a breaker remembers beyond its window of calls. Of a closed one that
// was well for long everything is zero.
type BreakerHistory struct {
	OpenedBy fault.Cause `json:"opened_by"`
	Since    time.Time   `json:"since"`
	RetryAt  time.Time   `json:"retry_at"`
	Reopened int         `json:"reopened"` // openings since it was last well for long
}

// States returns the state of all accounts, sorted by name.
func (a *Accounts) States() []AccountState {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := make([]AccountState, 0, len(a.all))
	for name, account := range a.all {
		state := AccountState{Account: name, Breakers: map[travel.Product]BreakerHistory{}}
		state.Day, state.Used = account.usage.today()
		for product, s := range account.products {
			state.Breakers[product] = s.breaker.history()
		}
		all = append(all, state)
	}
	slices.SortFunc(all, func(x, y AccountState) int { return strings.Compare(x.Account, y.Account) })
	return all
}
