package guard

import (
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// Health is the state of the breaker of one partner and product.
type Health struct {
	Partner  string
	Product  travel.Product
	Breaker  State
	Since    time.Time // of the machine's clock
	RetryAt  time.Time
	OpenedBy fault.Cause
}

// Health returns the state of each product's breaker, also of products that the partner does not sell.
func (g *Guard) Health() []Health {
	all := make([]Health, 0, len(sellable))
	for _, product := range sellable {
		all = append(all, g.HealthOf(product))
	}
	return all
}

// HealthOf returns the state of the product's breaker.
func (g *Guard) HealthOf(product travel.Product) Health {
	state, since, retryAt, why := g.account.products[product].breaker.now()
	return Health{g.cfg.Name, product, state, since, retryAt, why}
}

// Latency95 returns the 95th percentile of how long the partner's latest calls for a product took,
// and false while too few are known.
func (g *Guard) Latency95(product travel.Product) (time.Duration, bool) {
	_, p95, known := g.account.products[product].latencies.quantiles()
	return p95, known
}
