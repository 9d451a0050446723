package travel

// Currency is an upper-case ISO 4217 code, such as GBP.
type Currency string

// Exponent returns the number of decimals of the currency's minor unit (GBP 2,
// JPY 0, KWD 3), and false if the code is not a current ISO 4217 currency.
func (c Currency) Exponent() (int, bool) {
	if len(c) != 3 {
		return 0, false
	}
	e, ok := exponents[c]
	return int(e), ok
}

// exponents is ISO 4217 (active national codes, amendment list of 2025; funds and
// metals are left out because nothing is priced in them). HRK and BGN stay, as
// older documents carry them and both were retired at fixed rates.
var exponents = func() map[Currency]int8 {
	table := map[Currency]int8{}
	for exponent, codes := range map[int8]string{
		0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
		2: "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF " +
			"CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG " +
			"HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR " +
			"MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK " +
			"SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD " +
			"XCG YER ZAR ZMW ZWG",
		3: "BHD IQD JOD KWD LYD OMR TND",
	} {
		for i := 0; i+3 <= len(codes); i += 4 {
			table[Currency(codes[i:i+3])] = exponent
		}
	}
	return table
}()

// MarketCurrency returns the currency of a country's market (GB: GBP), and false
// for a code that is no country. It fixes the currency in which partners are asked.
func MarketCurrency(c Country) (Currency, bool) {
	currency, ok := marketCurrencies[c]
	return currency, ok
}

// marketCurrencies is ISO 3166-1 by ISO 4217, written down by us from the two standards.
var marketCurrencies = func() map[Country]Currency {
	table := map[Country]Currency{}
	for currency, countries := range map[Currency]string{
		"EUR": "AD AT AX BE BG BL CY DE EE ES FI FR GF GP GR HR IE IT LT LU LV MC ME MF MQ MT NL PM PT RE SI SK SM TF VA XK YT",
		"USD": "AS BQ EC FM GU IO MH MP PR PW SV TC TL UM US VG VI",
		"GBP": "GB GG GS IM JE", "AUD": "AU CC CX HM KI NF NR TV", "NZD": "CK NU NZ PN TK", "CHF": "CH LI",
		"NOK": "BV NO SJ", "DKK": "DK FO GL", "XOF": "BF BJ CI GW ML NE SN TG", "XAF": "CF CG CM GA GQ TD",
		"XPF": "NC PF WF", "XCD": "AG AI DM GD KN LC MS VC", "ILS": "IL PS", "MAD": "EH MA",
		"XCG": "CW SX", "AED": "AE", "AFN": "AF", "ALL": "AL", "AMD": "AM", "AOA": "AO", "ARS": "AR", "AWG": "AW", "AZN": "AZ",
		"BAM": "BA", "BBD": "BB", "BDT": "BD", "BHD": "BH", "BIF": "BI", "BMD": "BM", "BND": "BN", "BOB": "BO", "BRL": "BR",
		"BSD": "BS", "BTN": "BT", "BWP": "BW", "BYN": "BY", "BZD": "BZ", "CAD": "CA", "CDF": "CD", "CLP": "CL", "CNY": "CN",
		"COP": "CO", "CRC": "CR", "CUP": "CU", "CVE": "CV", "CZK": "CZ", "DJF": "DJ", "DOP": "DO", "DZD": "DZ", "EGP": "EG",
		"ERN": "ER", "ETB": "ET", "FJD": "FJ", "FKP": "FK", "GEL": "GE", "GHS": "GH", "GIP": "GI", "GMD": "GM", "GNF": "GN",
		"GTQ": "GT", "GYD": "GY", "HKD": "HK", "HNL": "HN", "HTG": "HT", "HUF": "HU", "IDR": "ID", "INR": "IN", "IQD": "IQ",
		"IRR": "IR", "ISK": "IS", "JMD": "JM", "JOD": "JO", "JPY": "JP", "KES": "KE", "KGS": "KG", "KHR": "KH", "KMF": "KM",
		"KPW": "KP", "KRW": "KR", "KWD": "KW", "KYD": "KY", "KZT": "KZ", "LAK": "LA", "LBP": "LB", "LKR": "LK", "LRD": "LR",
		"LSL": "LS", "LYD": "LY", "MDL": "MD", "MGA": "MG", "MKD": "MK", "MMK": "MM", "MNT": "MN", "MOP": "MO", "MRU": "MR",
		"MUR": "MU", "MVR": "MV", "MWK": "MW", "MXN": "MX", "MYR": "MY", "MZN": "MZ", "NAD": "NA", "NGN": "NG", "NIO": "NI",
		"NPR": "NP", "OMR": "OM", "PAB": "PA", "PEN": "PE", "PGK": "PG", "PHP": "PH", "PKR": "PK", "PLN": "PL", "PYG": "PY",
		"QAR": "QA", "RON": "RO", "RSD": "RS", "RUB": "RU", "RWF": "RW", "SAR": "SA", "SBD": "SB", "SCR": "SC", "SDG": "SD",
		"SEK": "SE", "SGD": "SG", "SHP": "SH", "SLE": "SL", "SOS": "SO", "SRD": "SR", "SSP": "SS", "STN": "ST", "SYP": "SY",
		"SZL": "SZ", "THB": "TH", "TJS": "TJ", "TMT": "TM", "TND": "TN", "TOP": "TO", "TRY": "TR", "TTD": "TT", "TWD": "TW",
		"TZS": "TZ", "UAH": "UA", "UGX": "UG", "UYU": "UY", "UZS": "UZ", "VES": "VE", "VND": "VN", "VUV": "VU", "WST": "WS",
		"YER": "YE", "ZAR": "ZA", "ZMW": "ZM", "ZWG": "ZW",
	} {
		for i := 0; i+2 <= len(countries); i += 3 {
			table[Country(countries[i:i+2])] = currency
		}
	}
	return table
}()
