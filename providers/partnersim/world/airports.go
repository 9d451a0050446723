package world

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// tierTable is how large the traffic of well-known airports is, written down by
// us: 5 the great hubs, down to 3. All others get a tier from the atlas.
var tierTable = map[int]string{
	5: `ATL DFW DEN ORD LAX JFK LHR CDG AMS FRA IST DXB SIN HKG HND PEK PVG CAN ICN BKK DEL MAD SFO EWR DOH SYD YYZ GRU`,
	4: `MUC BCN FCO LGW ZRH VIE CPH DUB LIS ORY STN BRU ARN OSL MXP ATH HEL MAN WAW CLT LAS MCO MIA SEA PHX IAH BOS MSP FLL DTW PHL
LGA BWI SLC SAN IAD DCA TPA YVR YUL MEX BOG LIM SCL EZE PTY CUN BOM BLR KUL CGK MNL NRT KIX TPE SZX CTU PKX XIY KMG SGN HAN
MEL BNE AKL JNB CAI ADD JED RUH AUH TLV SAW DUS BER HNL`,
	3: `LCY LTN EDI BHX GLA BRS NCE LYS MRS TLS GVA HAM CGN STR LIN VCE NAP BLQ BGY PMI AGP ALC VLC SVQ OPO PRG BUD OTP KEF SOF BEG ZAG
KRK GDN RIX AYT ADB ESB GOT BGO TRD MLA HER SKG LPA TFS IBZ BNA AUS PDX STL MCI RDU MSY SJC SMF OAK SNA DAL HOU SAT PIT CLE IND
CMH CVG MKE JAX RSW PBI BDL ABQ BUR ONT OGG ANC SJU MDW YYC YOW YEG YHZ YWG GDL MTY TIJ SJO SAL GUA HAV SDQ PUJ KIN MBJ UIO GYE
MDE CLO GIG BSB CNF VCP REC SSA POA AEP COR MVD ASU VVI LPB CCS HYD MAA CCU AMD PNQ GOI COK CMB DAC KTM KHI LHE ISB MLE DMK HKT
USM CNX DPS SUB KNO PEN BKI CEB PUS CJU GMP ITM FUK CTS OKA NGO NGB HGH NKG WUH CSX XMN CKG TAO DLC SHE HAK SYX URC KHH DAD PNH
RGN VTE PER ADL OOL CNS CBR WLG CHC ZQN NAN PPT CPT DUR NBO LOS ACC DKR CMN RAK TUN ALG DAR EBB KGL MRU SEZ LAD ABJ AMM BEY KWI
BAH MCT DMM SHJ TBS EVN GYD ALA NQZ TAS LED SVO SHA`,
}

// shortRunway is airports whose rules or runways end at a distance, in km.
var shortRunway = map[travel.Airport]int{
	"LGA": 2500, "DCA": 3700, "LCY": 2300, "DAL": 3400, "MDW": 4200, "SNA": 4000, "HOU": 4200, "BUR": 4000,
	"LIN": 2300, "AEP": 3500, "GMP": 2300, "SHA": 2600, "ITM": 1600, "DMK": 4500, "LTN": 4500, "BGY": 4800, "CRL": 4800,
	"STN": 5000, "RTM": 2500, "BRS": 4300, "SAW": 6000, "BGO": 3000,
}

// terminalCount is airports that state terminals, and how many they have.
var terminalCount = map[travel.Airport]int{
	"LHR": 5, "LGW": 2, "MAN": 3, "CDG": 3, "ORY": 4, "FRA": 2, "MUC": 2, "MAD": 4, "BCN": 2, "FCO": 3, "MXP": 2, "DUB": 2,
	"JFK": 8, "EWR": 3, "LGA": 3, "LAX": 8, "ORD": 5, "SFO": 4, "BOS": 5, "MIA": 3, "DFW": 5, "IAH": 5, "PHX": 2, "YYZ": 3,
	"DXB": 3, "SIN": 4, "HND": 3, "NRT": 3, "ICN": 2, "BOM": 2, "DEL": 3, "SYD": 3, "MEL": 4, "PVG": 2, "PEK": 2, "KUL": 2,
	"MNL": 4, "TPE": 2, "BKK": 1, "GRU": 3, "MEX": 2, "HEL": 2, "LIS": 2, "WAW": 1, "CAI": 3, "RUH": 5,
}

// Airport is a place of the atlas with what the world adds. It is immutable.
type Airport struct {
	places.Airport
	Location *time.Location
	Tier     int // 0 to 5
}

func tiers() map[travel.Airport]int {
	m := map[travel.Airport]int{}
	for tier, codes := range tierTable {
		for _, code := range strings.Fields(codes) {
			m[travel.Airport(code)] = tier
		}
	}
	return m
}

// Km is the great-circle distance.
func Km(a, b *Airport) int {
	return int(math.Round(float64(places.DistanceMetres(a.Lat, a.Lon, b.Lat, b.Lon)) / 1000))
}

// terminal is where the carrier is at the airport, "" for airports that state none.
func (w *World) terminal(a *Airport, c *Carrier) string {
	n := terminalCount[a.Code]
	if n == 0 {
		return ""
	}
	return string(rune('1' + w.rng("terminal").Str(string(a.Code)).Str(string(c.Code)).Roll(n)))
}

// smallTier is the tier of an airport that tierTable does not name.
func smallTier(a places.Airport) int {
	if !a.Scheduled {
		return 0
	}
	switch {
	case a.Size >= 40:
		return 2
	case a.Size >= 25:
		return 1
	}
	return 0
}

// largest is the n largest airports, largest first, ties by code.
func largest(all []*Airport, n int) []*Airport {
	slices.SortFunc(all, func(a, b *Airport) int {
		return cmp.Or(cmp.Compare(b.Tier, a.Tier), cmp.Compare(a.Code, b.Code))
	})
	return all[:min(n, len(all))]
}

// onGround tells railway and bus stations, heliports and the like, which have IATA
// codes too, from airports that airlines fly to.
func onGround(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"railway", "train", "rail station", "bus ", "hauptbahnhof", "bahnhof", "gare de", "ferry", "heliport", "seaplane"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
