package ndc

import (
	"strings"

	"fanfare/providers/document"
)

// decimals is how many digits of amounts without a point are decimals, by the
// document's metadata.
type decimals struct {
	key    string // a view; the currency, or something that ends in it
	digits int
	stated bool
}

const (
	metadataOther = iota
	metadataOtherMetadata
	metadataCurrencyMetadatas
	metadataCurrencyMetadata
	metadataShopping
	metadataShopMetadataGroup
	metadataCurrency
)

var metadataNames = document.NewKeys([]string{
	metadataOther: "Other", metadataOtherMetadata: "OtherMetadata", metadataCurrencyMetadatas: "CurrencyMetadatas",
	metadataCurrencyMetadata: "CurrencyMetadata", metadataShopping: "Shopping", metadataShopMetadataGroup: "ShopMetadataGroup",
	metadataCurrency: "Currency",
}...)

const (
	currencyDecimals = iota
	currencyCurCode
	currencyMetadataKey
)

var currencyNames = document.NewKeys([]string{currencyDecimals: "Decimals", currencyCurCode: "CurCode", currencyMetadataKey: "MetadataKey"}...)

// readMetadata finds the currencies' decimals.
func (d *decoder) readMetadata() {
	for c := d.x.Children(metadataNames); c.Next(); {
		if c.Key() != metadataCurrencyMetadata {
			d.readMetadata()
			continue
		}
		m := decimals{key: d.x.Attr("MetadataKey")}
		for k := d.x.Children(currencyNames); k.Next(); {
			if k.Key() == currencyDecimals {
				m.digits, m.stated = d.x.Int()
			} else {
				m.key = d.x.View()
			}
		}
		d.decimals = append(d.decimals, m)
	}
}

// decimalsOf finds the metadata of a currency. It only speaks of amounts without a
// point: in a document that writes points, 872 is 872.00.
func (d *decoder) decimalsOf(currency string) (digits int, stated bool) {
	for i := range d.decimals {
		if m := &d.decimals[i]; m.stated && m.digits >= 0 && m.digits <= 6 && strings.HasSuffix(m.key, currency) {
			return m.digits, true
		}
	}
	return 0, false
}

// pointed puts a point before the last digits of a whole number.
func pointed(text string, digits int) string {
	if digits == 0 {
		return text
	}
	sign := ""
	if text[0] == '-' {
		sign, text = "-", text[1:]
	}
	if n := digits + 1 - len(text); n > 0 {
		text = strings.Repeat("0", n) + text
	}
	return sign + text[:len(text)-digits] + "." + text[len(text)-digits:]
}
