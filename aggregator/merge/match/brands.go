package match

import "strings"

// Brand is a chain's brand: a name that many houses share.
type Brand struct {
	name   string
	parent string // the group whose name may stand beside it, "" if none
	// soft brands are joined by houses that had a name before: the name alone will do
	// for them. The others' houses are rarely called anything else.
	soft bool
}

// brands by their words, folded and as alike writes them. Two names that name brands and
// have none in common are two houses (docs/definitions.md 5.4: different brand modifiers). The
// names are those that the groups use in public; a brand that is missing here is only
// compared as other words are. A spelling that ends in suites, of a brand whose name does
// not, says suites of the house besides.
var brands = brandTable(`
hilton: hilton; doubletree, double tree, dbltree, dbl tree, dt hilton, doubletree suites; hilton garden inn, garden inn, hgi, hilton garden; hampton, hampton inn, hampton inn suites, hampton suites; embassy suites; homewood suites;
 home 2 suites, home2 suites, home 2, home2; conrad; waldorf astoria; canopy; tru hilton, tru; spark hilton; motto hilton; signia hilton; tempo hilton; hilton grand vacations; hilton grand vacations club
marriott: marriott; jw marriott, j w marriott; courtyard, cy marriott, courtyard hotel; residence inn; city express marriott; fairfield, fairfield inn, fairfield inn suites, fairfield suites; springhill suites, spring hill suites, springhill; towneplace suites, towne place suites, towneplace; ac, ac hotel, ac hotels;
 aloft; moxy; element, element hotel; sheraton, sheraton grand; 4 points, 4 points sheraton, 4points, 4points sheraton, fpts, sheraton 4 points; westin; le meridien, meridien; st regis; renaissance; ritz carlton; protea; delta hotels; w, w hotel, w hotels; marriott executive apartments; gaylord; bulgari
ihg: ihg; holiday inn, holiday inn suites, holiday inn hotel, holiday inn hotel suites; holiday inn express, holiday express, hi express, hiex, express holiday inn, holiday inn express suites, holiday express suites, hi express suites, hie, hie hotel, hie hotel suites, hie suites, hix; niu, the niu, holiday inn the niu, holiday inn niu; garner, garner hotel, garner hotel suites; holiday inn resort; holiday inn club vacations; crown plaza; intercontinental, inter continental; staybridge suites; candlewood suites;
 indigo; kimpton; voco; even, even hotel; avid; hualuxe; regent hotels
accor: accor; ibis; ibis styles, ibis style, all seasons; ibis budget, etap, etap hotel; novotel; novotel suites; mercure; grand mercure; sofitel; sofitel legend; pullman; adagio; adagio access; hotelf1, f1, formule 1, formule1, hotel f1; mama shelter; movenpick; raffles;
 fairmont; swissotel; rixos; 25 hours, 25hours; tribe; jo joe; mantra; novotel living
hyatt: hyatt; hyatt place; hyatt house; hyatt regency; park hyatt; grand hyatt; hyatt centric; andaz; alila; hyatt ziva; hyatt zilara
best western: best western, bw; best western plus, bw plus; best western premier, bw premier; surestay, sure stay; sure hotel, sure hotel best western; aiden; glo
radisson: radisson; radisson blu, radisson blue, radisson sas; radisson red; radisson collection; radisson individuals; park plaza; park inn; country inn suites, country inn; prizeotel; artotel
wyndham: wyndham; wyndham garden, wyndham gardens; wyndham grand; ramada, ramada hotel, ramada suites, ramada hotel suites; ramada encore; ramada plaza; days inn, days inn suites; super 8, super 8 motel; la quinta inn suites, la quinta inn, la quinta; howard johnson; travelodge; microtel, microtel inn, microtel inn suites;
 tryp; dolce; hawthorn suites; baymont inn suites, baymont inn, baymont; wingate; dazzler
choice: comfort inn, comfort inn suites; comfort suites; comfort hotel; quality inn, quality inn suites; quality suites; quality hotel; clarion, clarion inn, clarion hotel, clarion suites; clarion collection; clarion pointe; sleep inn, sleep inn suites; econo lodge, econo lodge inn, econo lodge inn suites, econolodge; rodeway, rodeway inn; mainstay suites
louvre: campanile; kyriad; kyriad prestige; premiere classe; golden tulip; royal tulip; tulip inn
nh: nh; nh collection; nhow; avani; anantara
melia: melia; gran melia, grand melia; me melia; innside; sol hotels
whitbread: premier inn; hub premier inn
: motel 1; motel 6; studios 6; red roof, red roof inn; extended stay america, extended stay america suites, extended stay; red lion, red lion inn, red lion inn suites, red lion hotel; b b hotel, b b hotels; a o; meininger; generator; citizenm; yotel; yotelair; easyhotel, easy hotel; zleep; scandic; thon; strawberry;
 maritim; nyx; dusitd2, dusit d2; steigenberger; intercityhotel, intercity; leonardo; leonardo royal; leonardo boutique; jurys inn; premier suites; barcelo; occidental; iberostar; riu; riu palace; riu plaza; eurostars; ilunion; vincci; catalonia; room mate;
 hesperia; h10; h 10; toyoko inn; apa; dormy inn; route inn; mystays; daiwa roynet; okura; nikko; new otani; rotana; centre rotana; jumeirah; taj; oberoi; trident; itc; lemon tree; oyo; treebo; fabhotel;
 shangri la; traders; peninsula; mandarin oriental; 4 seasons; rosewood; banyan tree; six senses; aman; soho house; hoxton; ace, ace hotel; malmaison; hotel du vin; macdonald; citadines; ascott; somerset; oakwood; staycity; sonder; numa; limehome;
 hanting, hanting hotel, hanting express; home inn; home inn plus; jinjiang inn; greentree inn, green tree inn; vienna international hotel; 7 days inn, 7days inn; atour, atour hotel; starway hotel; city comfort inn;
 super hotel; sotetsu fresa inn; tokyu stay; villa fontaine; richmond hotel; washington hotel; sunroute, hotel sunroute; mitsui garden; smile hotel; hotel monterey; granbell; gracery; lotte city; shilla stay; 9 tree, ninetree;
 bahia principe; grand palladium; paradisus; royalton; hideaway royalton; hard rock; grand velas; moon palace; be live; sandos; grecotel; mitsis; tui blue; tui magic life; robinson club; club aldiana, aldiana club; pickalbatros; sentido;
 centara; centara grand; amari; chatrium; dusit thani; dusit princess; furama; swiss belhotel; swiss belinn; pop hotel; amaris; favehotel, fave hotel; tune hotel; red planet; hop inn; aerotel; copthorne; rove;
 city lodge; town lodge; road lodge; southern sun; stayeasy; ginger; royal orchid; sarovar; pride hotel; zone park; adina; rydges; meriton; punthill;
 city express; fiesta inn; fiesta americana; casa andina; selina; wombats; st christophers inn; student hotel; zoku; point a; maldron; clayton hotel; village hotel; apex hotel; z hotel; sweet inn;
 drury, drury inn, drury inn suites, drury plaza; woodspring suites; sonesta; sonesta es suites; club quarters; omni; loews; budget host, budget host inn; knights inn; americas best value inn; americinn; cobblestone; grandstay; my place; intown suites; hometowne studios;
 vila gale; petit palace; ac hotels; one shot; praktik
 azimut; amaks; kempinski*; relais chateaux*; leading hotels*; design hotels*; small luxury*, slh; autograph collection*; curio collection*; tapestry collection*; tribute portfolio*; luxury collection*; mgallery*, mgallery collection; unbound collection*; trademark collection*; ascend collection*, ascend hotel collection; vignette collection*; handwritten collection*; emblems collection*; lxr*; preferred hotels*; teritoria*; destination hyatt*; worldhotels*; historic hotels america*; reddoorz*, reddoorz plus, reddoorz premium; bw premier collection*; bw signature collection*; jdv*; pestana*; rocco forte*; belmond*; langham*; oetker*; dorchester collection*; warwick*; austria trend*; falkensteiner*; romantik*; ringhotel*; akzent*; nordic choice*; sercotel*; silken*; starhotels*; una hotels*; gruppo atahotel*; bluserena*; valamar*; danubius*; mamaison*; vienna house*; vienna house easy*
`)

// brandNames finds brands by their first word.
type brandNames map[string][]brandWords

type brandWords struct {
	words  []string
	suites bool // the spelling says suites besides the brand
	*Brand
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
			var b *Brand
			for _, spelling := range strings.Split(one, ",") {
				spelling = strings.TrimSpace(spelling)
				if spelling == "" {
					continue
				}
				name, soft := strings.CutSuffix(spelling, "*")
				if b == nil {
					b = &Brand{name: name, parent: parent, soft: soft}
				}
				words := strings.Fields(name)
				all[words[0]] = append(all[words[0]], brandWords{words, strings.HasSuffix(name, suites) && !strings.HasSuffix(b.name, suites), b})
			}
		}
	}
	return all
}

// at is the longest brand that words begin with; its words are nil without one.
// Where the name is cut the last word may be the beginning of the brand's, if it is not
// the only one.
func (n brandNames) at(words []string, cut bool) (best brandWords) {
	for _, b := range n[words[0]] {
		if k := len(words); cut && k > 1 && k <= len(b.words) && k > len(best.words) && equalWords(b.words[:k-1], words) && strings.HasPrefix(b.words[k-1], words[k-1]) {
			best = b
		}
		if len(b.words) > len(best.words) && len(b.words) <= len(words) && equalWords(b.words, words) {
			best = b
		}
	}
	return best
}

func equalWords(short, long []string) bool {
	for i, w := range short {
		if long[i] != w {
			return false
		}
	}
	return true
}
