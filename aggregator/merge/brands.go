package merge

import "strings"

// brand is a chain's brand: a name that many houses share.
type brand struct {
	name   string
	parent string // the group whose name may stand beside it, "" if none
	// soft brands are joined by houses that had a name before: the name alone will do
	// for them. The others' houses are rarely called anything else.
	soft bool
}

// brands by their words, folded and as alike writes them. Two names that name brands and
// have none in common are two houses (definitions 5.5: different brand modifiers). The
// names are those that the groups use in public; a brand that is missing here is only
// compared as other words are.
var brands = brandTable(`
hilton: hilton; doubletree, double tree; hilton garden inn, garden inn; hampton, hampton inn, hampton inn suites; embassy suites; homewood suites;
 home 2 suites, home2 suites, home 2; conrad; waldorf astoria; canopy; tru hilton;; hilton grand vacations; hilton grand vacations club
marriott: marriott; jw marriott; courtyard; residence inn; fairfield, fairfield inn, fairfield inn suites; springhill suites, spring hill suites; towneplace suites, towne place suites; ac, ac hotel, ac hotels;
 aloft; moxy; element, element hotel; sheraton; 4 points; westin; le meridien, meridien; st regis; renaissance; ritz carlton; protea; delta hotels; w, w hotel, w hotels; marriott executive apartments; gaylord; bulgari
ihg: holiday inn; holiday inn express, holiday express, hi express, hiex; holiday inn express suites; holiday inn suites; holiday inn resort; holiday inn club vacations; crowne plaza; intercontinental, inter continental; staybridge suites; candlewood suites;
 indigo; kimpton; voco; even, even hotel; avid; hualuxe; regent hotels
accor: ibis; ibis styles, ibis style; ibis budget; novotel; novotel suites; mercure; grand mercure; sofitel; sofitel legend; pullman; adagio; adagio access; hotelf1, f1, formule 1; mama shelter; movenpick; raffles;
 fairmont; swissotel; rixos; 25 hours, 25hours; tribe; jo joe; mantra; novotel living
hyatt: hyatt; hyatt place; hyatt house; hyatt regency; park hyatt; grand hyatt; hyatt centric; andaz; alila; hyatt ziva; hyatt zilara
best western: best western, bw; best western plus, bw plus; best western premier, bw premier; surestay; sure hotel; aiden; glo
radisson: radisson; radisson blu, radisson blue, radisson sas; radisson red; radisson collection; radisson individuals; park plaza; park inn; country inn, country inn suites; prizeotel; artotel
wyndham: wyndham; wyndham garden; wyndham grand; ramada; ramada encore; ramada plaza; days inn; super 8; la quinta; howard johnson; travelodge; microtel; tryp; dolce; hawthorn suites; baymont; wingate; dazzler
choice: comfort inn; comfort suites; comfort hotel; quality inn; quality suites; quality hotel; clarion; clarion collection; clarion pointe; sleep inn; econo lodge; rodeway, rodeway inn; mainstay suites
louvre: campanile; kyriad; kyriad prestige; premiere classe; golden tulip; royal tulip; tulip inn
nh: nh; nh collection; nhow; avani; anantara
melia: melia; gran melia, grand melia; me melia; innside; sol hotels
whitbread: premier inn; hub premier inn
: motel 1; motel 6; studios 6; red roof, red roof inn; extended stay america; b b hotel, b b hotels; a o; meininger; generator; citizenm; yotel; yotelair; easyhotel, easy hotel; zleep; scandic; thon; strawberry;
 maritim; steigenberger; intercityhotel, intercity; leonardo; leonardo royal; leonardo boutique; jurys inn; premier suites; barcelo; occidental; iberostar; riu; riu palace; riu plaza; eurostars; ilunion; vincci; catalonia; room mate;
 hesperia; h10; h 10; toyoko inn; apa; dormy inn; route inn; mystays; daiwa roynet; okura; nikko; new otani; rotana; centre rotana; jumeirah; taj; oberoi; trident; itc; lemon tree; oyo; treebo; fabhotel;
 shangri la; traders; peninsula; mandarin oriental; 4 seasons; rosewood; banyan tree; six senses; aman; soho house; hoxton; ace, ace hotel; malmaison; hotel du vin; macdonald; citadines; ascott; somerset; oakwood; staycity; sonder; numa; limehome;
 azimut; amaks; kempinski*; relais chateaux*; leading hotels*; design hotels*; small luxury*; autograph collection*; curio collection*; tapestry collection*; tribute portfolio*; luxury collection*; mgallery*; mgallery collection*; unbound collection*; trademark collection*; ascend collection*; vignette collection*; worldhotels*; bw premier collection*; bw signature collection*; jdv*; pestana*; rocco forte*; belmond*; langham*; oetker*; dorchester collection*; warwick*; austria trend*; falkensteiner*; romantik*; ringhotel*; akzent*; nordic choice*; sercotel*; silken*; starhotels*; una hotels*; gruppo atahotel*; bluserena*; valamar*; danubius*; mamaison*; vienna house*; vienna house easy*
`)

// brandNames finds brands by their first word.
type brandNames map[string][]brandWords

type brandWords struct {
	words []string
	*brand
}

// brandTable reads "parent: brand, other spelling; brand; ..." by lines; a star marks a soft brand.
func brandTable(text string) brandNames {
	all := brandNames{}
	parent := ""
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if p, rest, ok := strings.Cut(line, ":"); ok {
			parent, line = strings.TrimSpace(p), rest
		}
		for _, one := range strings.Split(line, ";") {
			var b *brand
			for _, spelling := range strings.Split(one, ",") {
				spelling = strings.TrimSpace(spelling)
				if spelling == "" {
					continue
				}
				name, soft := strings.CutSuffix(spelling, "*")
				if b == nil {
					b = &brand{name: name, parent: parent, soft: soft}
				}
				words := strings.Fields(name)
				all[words[0]] = append(all[words[0]], brandWords{words, b})
			}
		}
	}
	return all
}

// at is the longest brand that words begin with, and how many words it takes.
func (n brandNames) at(words []string) (best *brand, length int) {
	for _, b := range n[words[0]] {
		if len(b.words) > length && len(b.words) <= len(words) && equalWords(b.words, words) {
			best, length = b.brand, len(b.words)
		}
	}
	return best, length
}

func equalWords(short, long []string) bool {
	for i, w := range short {
		if long[i] != w {
			return false
		}
	}
	return true
}
