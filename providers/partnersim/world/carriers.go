package world

import (
	"strconv"
	"strings"

	"fanfare/providers/travel"
)

// kind is a carrier's way of doing business.
type kind byte

const (
	full kind = iota // cabins, connections, codeshares
	lean             // low-cost: one cabin, bags extra
)

// Carrier is one airline as the world knows it.
type Carrier struct {
	Code     travel.Carrier
	Name     string
	Kind     kind
	Level    int // price level in percent of the average
	ReachKM  int // longest nonstop
	Alliance string
	Hubs     []hub
	Brands   []Brand
}

// hub is an airport a carrier flies from, and how large its operation there is, in percent of a great one.
type hub struct {
	Airport travel.Airport
	Scale   int
}

// carrierHub is a carrier at one of its hubs.
type carrierHub struct {
	*Carrier
	hub
}

// carrierTable is written down by us from general knowledge: code, kind, price
// level, reach in km, alliance, hubs with their scale, name. It only has to be
// plausible; nothing in Fanfare reads it.
const carrierTable = `
BA full 108 13000 oneworld LHR:130,LGW:40,LCY:40 British Airways
VS full 104 9500 skyteam LHR:75,MAN:20 Virgin Atlantic
AA full 100 13500 oneworld DFW:140,CLT:100,ORD:80,MIA:100,PHL:70,JFK:80,LAX:55,PHX:60,DCA:60,LGA:45 American Airlines
DL full 104 13500 skyteam ATL:150,JFK:80,DTW:85,MSP:85,SLC:75,SEA:50,LAX:60,BOS:60,LGA:55 Delta Air Lines
UA full 101 14000 star EWR:110,ORD:110,IAH:100,DEN:120,SFO:110,IAD:85,LAX:60 United Airlines
B6 lean 84 6200 - JFK:60,BOS:60,FLL:45,MCO:35 JetBlue Airways
AS full 92 9000 oneworld SEA:90,PDX:50,SFO:45,LAX:35,ANC:30 Alaska Airlines
HA full 95 8500 oneworld HNL:70,OGG:25 Hawaiian Airlines
WN lean 78 4500 - MDW:70,DAL:60,BWI:70,LAS:70,DEN:60,HOU:45,PHX:50,OAK:35,MCO:40 Southwest Airlines
NK lean 58 4200 - FLL:45,MCO:35,LAS:30,DTW:20 Spirit Airlines
F9 lean 56 4200 - DEN:45,LAS:25,MCO:30 Frontier Airlines
AC full 102 13500 star YYZ:110,YUL:70,YVR:75,YYC:30 Air Canada
WS lean 88 8500 - YYC:70,YVR:30,YYZ:35 WestJet
TS lean 80 6800 - YUL:30,YYZ:25 Air Transat
AM full 90 10500 skyteam MEX:90,MTY:30,GDL:25 Aeromexico
Y4 lean 58 4500 - TIJ:30,GDL:35,MEX:45,CUN:30 Volaris
CM full 95 6800 star PTY:85 Copa Airlines
AV full 88 9000 star BOG:85,SAL:30,UIO:20 Avianca
LA full 92 13000 - SCL:75,GRU:85,LIM:60,BOG:30 LATAM Airlines
G3 lean 74 6500 - GRU:45,GIG:35,BSB:35 Gol
AD lean 78 8500 - VCP:55,CNF:30,REC:25 Azul
AR full 86 12000 skyteam EZE:45,AEP:50 Aerolineas Argentinas
IB full 98 11500 oneworld MAD:100 Iberia
UX full 86 9500 skyteam MAD:45 Air Europa
VY lean 70 4000 - BCN:80,FCO:25,ORY:25 Vueling
FR lean 52 4200 - STN:75,DUB:70,BGY:55,CRL:40,MAD:35,BCN:30,MAN:30,PMI:25,KRK:30,VIE:25 Ryanair
U2 lean 66 4800 - LGW:75,LTN:40,GVA:40,MXP:45,BER:30,CDG:30,MAN:30,NCE:25,BRS:30,EDI:25 easyJet
W6 lean 54 4800 - BUD:50,OTP:45,WAW:30,LTN:35,KTW:30,VIE:25 Wizz Air
LH full 105 13000 star FRA:120,MUC:95 Lufthansa
EW lean 76 4500 - DUS:50,CGN:35,HAM:30,STR:30,PMI:25 Eurowings
LX full 112 12500 star ZRH:90,GVA:30 Swiss
OS full 98 9500 star VIE:80 Austrian Airlines
SN full 94 9000 star BRU:60 Brussels Airlines
DE lean 86 10500 - FRA:40,DUS:20,MUC:20 Condor
AF full 106 13500 skyteam CDG:120,ORY:45 Air France
TO lean 68 6000 - ORY:45,NTE:25,LYS:25 Transavia France
KL full 103 13000 skyteam AMS:110 KLM
HV lean 70 4800 - AMS:40,RTM:20,EIN:25 Transavia
AZ full 95 12500 - FCO:70,LIN:40 ITA Airways
TP full 90 9500 star LIS:75,OPO:30 TAP Air Portugal
SK full 98 10500 skyteam CPH:70,ARN:50,OSL:45 SAS
DY lean 74 5200 - OSL:55,CPH:30,ARN:25,BGO:25 Norwegian
AY full 97 11000 oneworld HEL:75 Finnair
FI full 86 7500 - KEF:50 Icelandair
EI full 90 9500 - DUB:70,MAN:15 Aer Lingus
LO full 86 9500 star WAW:65 LOT Polish Airlines
BT full 82 5500 - RIX:45,TLL:20,VNO:20 airBaltic
A3 full 88 4800 star ATH:65 Aegean Airlines
RO full 80 4500 skyteam OTP:35 TAROM
JU full 80 9000 - BEG:40 Air Serbia
OU full 82 3500 star ZAG:30,SPU:15 Croatia Airlines
TK full 92 15000 star IST:150,ESB:30 Turkish Airlines
PC lean 62 5500 - SAW:75,ADB:30,AYT:25 Pegasus
EK full 108 14500 - DXB:150 Emirates
FZ lean 80 5800 - DXB:60 flydubai
EY full 102 14000 - AUH:85 Etihad Airways
QR full 106 14500 oneworld DOH:130 Qatar Airways
SV full 86 13000 skyteam RUH:65,JED:75 Saudia
XY lean 64 5500 - RUH:35,JED:25 flynas
GF full 88 9000 - BAH:45 Gulf Air
WY full 88 10500 oneworld MCT:45 Oman Air
KU full 84 11500 - KWI:40 Kuwait Airways
RJ full 88 10500 oneworld AMM:40 Royal Jordanian
ME full 92 6500 skyteam BEY:30 Middle East Airlines
LY full 104 11500 - TLV:55 El Al
MS full 80 11500 star CAI:65 Egyptair
AT full 82 9500 oneworld CMN:55 Royal Air Maroc
ET full 84 13500 star ADD:85 Ethiopian Airlines
KQ full 86 13500 skyteam NBO:50 Kenya Airways
SA full 88 9500 star JNB:50,CPT:25 South African Airways
WB full 84 7000 - KGL:25 RwandAir
AI full 84 14000 star DEL:85,BOM:70,BLR:30 Air India
6E lean 62 6500 - DEL:90,BOM:75,BLR:70,HYD:50,MAA:40,CCU:40 IndiGo
UL full 80 9500 oneworld CMB:45 SriLankan Airlines
SQ full 115 15300 star SIN:115 Singapore Airlines
TR lean 68 9000 - SIN:50 Scoot
MH full 86 11500 oneworld KUL:75 Malaysia Airlines
AK lean 56 4500 - KUL:80,BKI:25,PEN:25 AirAsia
TG full 94 10500 star BKK:85 Thai Airways
PG full 88 3500 - BKK:30,USM:20 Bangkok Airways
VN full 84 10500 skyteam SGN:65,HAN:65 Vietnam Airlines
VJ lean 58 6500 - SGN:50,HAN:45 VietJet Air
GA full 82 12500 skyteam CGK:70,DPS:40 Garuda Indonesia
PR full 82 13500 - MNL:65,CEB:25 Philippine Airlines
5J lean 58 6500 - MNL:50,CEB:35 Cebu Pacific
CX full 106 14000 oneworld HKG:105 Cathay Pacific
CI full 92 13500 skyteam TPE:70 China Airlines
BR full 96 13500 star TPE:70 EVA Air
NH full 108 14000 star HND:95,NRT:60,ITM:30 All Nippon Airways
JL full 108 14000 oneworld HND:95,NRT:50,ITM:30 Japan Airlines
ZG lean 74 10500 - NRT:25 ZIPAIR
KE full 100 14000 skyteam ICN:95,GMP:40 Korean Air
OZ full 96 13500 star ICN:60,GMP:35 Asiana Airlines
7C lean 60 4800 - ICN:35,CJU:35,GMP:35 Jeju Air
CA full 84 13500 star PEK:110,CTU:50,PVG:35 Air China
MU full 80 13500 skyteam PVG:100,SHA:60,KMG:45 China Eastern
CZ full 80 13500 - CAN:110,PKX:80,URC:30 China Southern
HU full 80 12000 - PEK:40,HAK:40,SZX:35 Hainan Airlines
MF full 80 12500 skyteam XMN:45,FOC:25 XiamenAir
QF full 108 15300 oneworld SYD:95,MEL:80,BNE:60,PER:40 Qantas
VA full 90 5500 - SYD:60,MEL:60,BNE:55 Virgin Australia
JQ lean 70 9000 - MEL:50,SYD:45,OOL:25,AKL:20 Jetstar
NZ full 102 14500 star AKL:75,CHC:40,WLG:40 Air New Zealand
FJ full 92 10500 oneworld NAN:30 Fiji Airways
TN full 105 9500 - PPT:20 Air Tahiti Nui`

// ventures are codeshares that cross or deepen alliances.
const ventures = `AA-BA AA-IB AA-AY AA-JL AA-QF AA-AS AA-EI BA-IB BA-AY BA-EI BA-QR DL-VS DL-AF DL-KL VS-AF VS-KL DL-WS DL-LA DL-KE
AF-KL AF-G3 UA-LH UA-AC UA-LX UA-NH UA-EK LH-AC LH-LX LH-OS LH-SN LH-SQ LH-NH EK-QF EK-FZ EK-AC EY-AF EY-B6 B6-QR AS-HA
TK-LO QR-IB SQ-TR SQ-NZ VA-QR VA-SQ QF-JQ LA-IB CX-BR MU-QF KE-AM TP-AD NZ-CA IB-VY LH-EW CM-UA AV-UA AI-LH BT-LH JU-EY AT-IB`

// network is the carriers with their hubs, and who sells whose flights.
type network struct {
	carriers []*Carrier
	byHub    map[travel.Airport][]carrierHub
	Hubs     []travel.Airport // each once, in the table's order
	partners map[[2]travel.Carrier]bool
}

func newNetwork() *network {
	n := &network{byHub: map[travel.Airport][]carrierHub{}, partners: map[[2]travel.Carrier]bool{}}
	for _, line := range strings.Split(strings.TrimSpace(carrierTable), "\n") {
		n.add(strings.SplitN(line, " ", 7))
	}
	for _, pair := range strings.Fields(ventures) {
		a, b, _ := strings.Cut(pair, "-")
		n.partners[[2]travel.Carrier{travel.Carrier(a), travel.Carrier(b)}] = true
		n.partners[[2]travel.Carrier{travel.Carrier(b), travel.Carrier(a)}] = true
	}
	return n
}

func (n *network) add(row []string) {
	c := &Carrier{Code: travel.Carrier(row[0]), Name: row[6], Alliance: strings.Trim(row[4], "-")}
	if row[1] == "lean" {
		c.Kind = lean
	}
	c.Level, _ = strconv.Atoi(row[2])
	c.ReachKM, _ = strconv.Atoi(row[3])
	c.Brands = brandsOf(c)
	for _, h := range strings.Split(row[5], ",") {
		code, scale, _ := strings.Cut(h, ":")
		at := hub{Airport: travel.Airport(code)}
		at.Scale, _ = strconv.Atoi(scale)
		c.Hubs = append(c.Hubs, at)
		if len(n.byHub[at.Airport]) == 0 {
			n.Hubs = append(n.Hubs, at.Airport)
		}
		n.byHub[at.Airport] = append(n.byHub[at.Airport], carrierHub{c, at})
	}
	n.carriers = append(n.carriers, c)
}

// Together reports whether two carriers sell each other's flights on one ticket.
func (n *network) Together(a, b *Carrier) bool {
	return a == b || a.Alliance != "" && a.Alliance == b.Alliance || n.partners[[2]travel.Carrier{a.Code, b.Code}]
}
