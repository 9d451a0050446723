package match

import "strings"

// What single words of a property's name are worth when names are compared. The words
// are those of hotels' names in the languages of Europe, folded; a word that stands in
// no table is the property's own and weighs 1.

// OwnWeight is the weight of a word that stands in no table.
const OwnWeight = 1

// weights of words that many names share. The lighter a word, the less its absence says.
var weights = tabled(map[float32]string{
	// Every second house of a town may be called so.
	0.7: `grand palace royal park plaza garden gardens central city-inn imperial continental metropole metropol bristol
		savoy ambassador excelsior victoria astoria president regent windsor europa carlton majestic panorama belvedere
		bellevue national universal crystal golden silver star sun sea view king queen court castle
		villa casa maison domus palazzo chateau schloss haus house hof post krone adler garni tourist travel business`,
	0.5: `international`,
	// Where it is: one name has it and the other leaves it out, often.
	0.35: `airport station centre old-town east west north south northeast northwest southeast southwest upper lower new old
		beach bay lake river riverside waterfront marina harbour port hill street square road avenue boulevard
		place district quarter opera cathedral university fair exhibition museum stadium hospital medical mall market bridge gate
		strasse platz rue via calle piazza plaza-mayor plage terminal mitte quay residence select suburb village town tower auberge hostellerie hosteria locanda albergo osteria herberg kro zajazd dwor dvor usadba otel mini-otel logis gasterij konak konagi kosk fazenda rifugio baita refugio refuge hutte berghutte almhutte bauernhof ferienhof ferienpark weingut winzerhof gutshof landgut sport seminar tagung familien kur aktiv ferien natur bio haveli kothi parador pazo masia cortijo casona palacete herdade agroturismo borgo tenuta fattoria podere villaggio domaine manoir bastide ferme landgoed hoeve herrgard kasbah ksar camp agriturismo finca masseria relais posada pousada hacienda estancia riad ryokan onsen ecolodge wirtshaus landgasthof manor estate ranch farm st san santa sant sao`,
	// What it offers: partners add and drop these as they like.
	0.12: `spa resort wellness boutique conference convention congress meeting events luxury deluxe lifestyle design golf
		casino thermal therme health club ski lodge inn rooms room suite boutiquehotel romantik superior collection
		portfolio trademark ascend tapestry curio autograph tribute mgallery unbound vignette worldhotels affiliated small leading
		adults only pool parking breakfast bar restaurant lounge family stay stays living city business-centre member group
		official managed operated heritage convention-centre congress-centre conference-centre event-centre
		sha certified approved sustainable staycation free shuttle wifi renovated newly included inclusive ultra concept flagship prime elite distinctive crafted
		ihg accor choice-hotels restaurant guest guests safari tented nationalpark atoll historic classic premium comfort-class eco green smart modern`,
})

// tabled turns lists of words by weight into weights by word. In a list, a dash joins
// words that stand together for one.
func tabled(lists map[float32]string) map[string]float32 {
	all := map[string]float32{}
	for w, list := range lists {
		for _, word := range strings.Fields(list) {
			all[strings.ReplaceAll(word, "-", "")] = w
		}
	}
	return all
}

func wordSet(lists ...string) map[string]bool {
	all := map[string]bool{}
	for _, list := range lists {
		for _, w := range strings.Fields(list) {
			all[w] = true
		}
	}
	return all
}

// generic words say nothing: articles, prepositions, and "hotel" in all languages.
var generic = wordSet(
	`the a an and at by in of on near to for with from next ny nyc dc uk usa uae since anno est seit desde depuis dal`,
	`le la les l de des du d et au aux a en sur pres`,
	`el los las del de y al en junto`, `il lo gli i di della dello dei delle dell e da al alla`,
	`der die das dem den des und am im an zum zur zu bei beim auf von vom`, `o os as do dos das e em no na`,
	`het een van aan te op`, `och i pa vid ved og`, `al ul ar es en ash`,
	`hotel hotels hotell hotelli hotelo hotellet otel oteli oteller gostinitsa gostinica khotel hotelu szallo szalloda
	 jiudian binguan fandian dajiudian albergo viesbutis viesnica xenodocheio xenodochio funduq fndq fndqu hoteru hotelsandresorts`)

// alike are words that are written or translated in several ways.
var alike = renamed(
	`apartments: apartment apartamento apartamentos appartement appartements appartamenti appartamento apartamenty apartmani
		apartman apartmenthaus apts aparts wohnungen ferienwohnung ferienwohnungen flats apartmanok lejligheder apartamenti`,
	`aparthotel: apparthotel apartotel aparthotels appart aparthotell apartahotel`,
	`hostel: hostels youthhostel backpackers backpacker jugendherberge ostello albergueria khostel`,
	`guesthouse: guesthouses pension pensione pensao gasthaus gasthof gastehaus guest-house pensjonat penzion panzio hostal hostales
		homestay bnb affittacamere minshuku gostevoi herberge chambres zimmer pensiunea pensiune pansiyon pensjon penzionas gjestehus gistiheimili gistihus vendeghaz hospedaje hospedaria alojamento
		alojamiento residencial gite gites losmen penginapan pondok pokoje noclegi sobe ksenonas xenonas nyaralo`,
	`motel: motels motor-inn`, `camping: campsite camp campground`, `villas: cottages bungalows chalets cabins`,
	`residence: resid rsdnc residences residencia residenz residenza residencial res rezidence residencje`,
	`hilton: hltn hlt hiltn`, `hampton: hmptn hmpton hamptn`, `marriott: marr mariott marriot`, `sheraton: shrtn sher`, `courtyard: ctyd ctyrd crtyd`, `regency: reg rgncy`, `points: pts pt`,
	`premier: prem prmr`, `extended: ext`, `intercontinental: intercont`, `collection: coll collectn`, `hotel: htl htls`, `doubletree: dbltr dbltree`,
	`st: saint sankt sanct ste sainte szent`, `santa: sta`, `springs: spgs spg`, `country: ctry cntry`, `village: vlg`, `business: bus`, `convention: conv cnv convn`, `island: isl isle`, `heights: hts`,
	`national: natl`, `mountain: mtn mtns mountains`, `lodge: ldg lodges`, `cottage: cottages`, `quarter: qrtr qtr`, `valley: vly vlly`, `creek: crk`, `river: rvr`, `bridge: brdg`, `ocean: ocn`, `waterfront: wtrfrnt wtrfnt wtrft`, `oceanfront: ocnfrnt`, `medical: med`, `hospital: hosp`, `junction: jct`, `america: amer`, `capitol: capt`, `historic: hist`, `executive: exec`, `conference: conf`, `theatre: thtr`, `crown: crowne crwn`, `chicago: chgo`, `philadelphia: phila`, `minneapolis: mpls`, `indianapolis: indpls`, `washington: wash`, `riverside: rvrsd`, `boulevard: blvd bd`,
	`mumbai: bombay`, `chennai: madras`, `kolkata: calcutta`, `bengaluru: bangalore`, `beijing: peking`, `guangzhou: canton`, `yangon: rangoon`, `astana: nursultan`, `kyiv: kiev kiiv kyjiv`,
	`prague: praga praha prag`, `jeddah: jiddah jidda djeddah`, `livorno: leghorn`, `gdansk: danzig`, `wroclaw: breslau`, `makkah: mecca mekka`, `madinah: medina`, `eilat: elat`, `varanasi: benares`, `kochi: cochin`, `thiruvananthapuram: trivandrum`,
	`puducherry: pondicherry`, `mysuru: mysore`, `gurugram: gurgaon`, `chisinau: kishinev`, `odesa: odessa`, `lviv: lvov lwow lemberg`, `kharkiv: kharkov`, `melaka: malacca`, `penang: pinang`, `macau: macao`, `tianjin: tientsin`,
	`suites: stes suiten`, `studios: studio`, `resort: resorts rsrt rst resrt`,
	`airport: aeroport aeropuerto aeroporto flughafen arpt aprt airprt lufthavn flygplats aerport luchthaven aeroporti`,
	`station: bahnhof hauptbahnhof hbf gare estacion stazione estacao nadrazi dworzec vokzal stn zentralbahnhof`,
	`centre: center centrum zentrum centro ctr cntr cntre centar tsentr tsentralnaya centralny downtown citycentre citycenter innenstadt cty-ctr
		dwtn dtwn dntn dntwn dwntwn kentro stredisko`,
	`oldtown: altstadt stare staremiasto gamlastan`,
	`north: nord norte septentrion nth noord`, `south: sud sur sul sued sth zuid`, `east: est este leste ost oost`, `west: ouest oeste ovest`,
	`northeast: nordest noreste nordost`, `northwest: nordouest noroeste nordwest`, `southeast: sudest sureste sudost`, `southwest: sudouest suroeste sudwest`,
	`international: intl int internacional internationale internationales internazionale`, `express: exp expr xpress`,
	`beach: playa plage spiaggia strand praia bch`, `bay: baie bahia baia`, `lake: lago lac see jezero`, `sea: mare mer mar meer`,
	`square: sq platz plaza-mayor plac namesti ploshchad`, `street: str strasse ulitsa ulica jalan jln jl carrer thanon`, `road: rd`, `avenue: av ave avenida avda`, `mount: mt`, `garden: gardens gdn gdns grdn grdns jardin jardins jardines giardino giardini garten jardim`, `park: parc pk parque parco`,
	`palace: palais palas palast palac palacio palazzo palatset`, `grand: gran grande grandhotel grd`, `royal: royale real reale`,
	`plaza: plz plaza`, `house: hse haus maison casa`, `castle: cstl`, `apartments: apmts apmt`, `tower: twr tower turm torre torres tour towers`, `building: bldg bld bd-g haus-nr`,
	`annex: annexe dependance dependence dependenza nebenhaus gastehaus-annex anexo`,
	`metropol: metropole metropolis`, `continental: continentale kontinental`, `imperial: imperiale`, `europa: europe evropa evropeiskaya`,
	`central: zentral centrale tsentral`, `view: vista blick`, `harbour: harbor hafen puerto porto`, `castle: schloss chateau castillo castello kasteel zamek`,
	`new: neu neue neuer nuevo nueva nuovo nuova nouveau nouvel`, `old: alt alte alter altes viejo vieux`, `wing: fluegel flugel ala`, `block: blok bloc`,
	`university: univ uni universite`, `spa: spas`, `rooms: room`, `theatre: theater`, `fort: ft`, `inn: inns`, `club: klub`,
)

// renamed reads lists of "word: its other forms".
func renamed(lists ...string) map[string]string {
	all := map[string]string{}
	for _, list := range lists {
		word, forms, _ := strings.Cut(list, ":")
		for _, f := range strings.Fields(forms) {
			all[strings.ReplaceAll(f, "-", "")] = word
		}
	}
	return all
}

// numerals are number words and Roman numbers. I, V and X are letters first: see words.
var numerals = map[string]string{
	"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
	"first": "1", "second": "2", "third": "3", "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12",
	"xiii": "13", "xiv": "14", "xv": "15", "xvi": "16", "xvii": "17", "xviii": "18", "xix": "19", "xx": "20", "xxi": "21",
}

// lastNumerals are Roman numbers only where a name ends with them.
var lastNumerals = map[string]string{"i": "1", "v": "5", "x": "10"}

// modifiers make another house of a name (docs/definitions.md 5.3), also if only one of two names has them.
var modifiers = wordSet(`express annex budget`)

// suites is the modifier that even people leave out or not as they like: where only one
// name has it, nothing but a shared id makes two listings one.
const suites = "suites"

// parted are words of which two houses side by side have one each.
var parted = [][]string{
	{"north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest"},
	{"upper", "lower"}, {"old", "new"}, {"airport", "centre"}, {"airport", "station"}, {"beach", "airport"},
	{"arrivals", "departures"}, {"domestic", "international"}, {"beach", "centre"}, {"red", "blue", "green", "white", "black", "yellow"},
}

// regions are words for countries, states and islands, which names have or leave out.
var regions = wordSet(`maldives seychelles mauritius zanzibar bali lombok phuket samui krabi mallorca majorca menorca ibiza tenerife fuerteventura lanzarote canaria crete kreta kriti corfu kerkyra rhodes rodos kos
	santorini mykonos sardinia sardegna sicily sicilia madeira algarve azores florida california texas arizona colorado hawaii nevada utah oregon virginia carolina georgia maui oahu kauai cancun riviera maya punta cana
	caribbean jamaica barbados bahamas aruba curacao tyrol tirol bavaria bayern toscana tuscany provence normandy bretagne cornwall scotland wales england ireland germany deutschland france italy italia spain espana
	portugal greece turkey turkiye austria osterreich switzerland suisse schweiz egypt morocco maroc tunisia thailand vietnam india china japan indonesia malaysia philippines mexico brasil brazil usa uae kenya tanzania`)

// stateCodes are letters of states that stand in names; those of shortWords only at the end.
var (
	stateCodes = wordSet(`fl ny ca az nv tx ga nc sc nd sd tn ky mn wi il mo ar ks nj nm wv wa ut wy ct ri vt nsw qld vic`)
	shortWords = wordSet(`in or me hi oh ok pa ma al id co mi va la ak ia ne md ms de dc on bc ab qc mt us gb uk fr`)
)

// common are words that many houses have for their own in many towns: saints, families,
// animals and views. Two names that share no other may well be two houses.
var common = wordSet(`maria anna rosa laura lucia martina monika elena sofia sophia ana marina giulia claudia barbara teresa helena diana paola
	san santa sant st sao marco giorgio georg george pietro peter paul paolo pablo antonio anton francesco francisco michele michael martin nicola nikolaus nicholas jean john johann joseph josef giuseppe giovanni juan jose lorenzo
	luis luigi carlo carlos charles maximilian ludwig friedrich franz louis james david daniel alexander alexandra
	adler hirsch lowe lowen lion leon ross rossl rosl baren bar ochsen ochse lamm schwan schwanen hahn kreuz linde lindenhof engel sonne mond stern stella luna sole soleil sol mare azzurro azul bleu blau
	edelweiss alpenrose alpenblick alpen alpina alpin enzian almhof bergblick seeblick seehof waldhof waldblick talblick meerblick schonblick bergland tirolerhof jagerhof berghof landhaus sonnenhof sonnenblick kaiser kaiserhof konig konigshof
	paris roma rome milano london berlin wien vienna venezia venice napoli firenze florence madrid lisboa barcelona torino genova zurich geneve geneva moskva america american italia helvetia france espana deutsch
	miramar mirador bella vista buena bellavista lido adria adriatic adriatico mediterraneo mediterranean atlantic atlantico pacific oceano aqua riviera costa belmont bellagio portofino capri sorrento
	mozart schiller goethe columbus colombo garibaldi cavour mazzini dante verdi puccini rossini washington lincoln franklin madison
	green white black red blue gold silver verde blanca blanco rosso weisses rotes goldener goldene schwarzer roter weisser gruner grune
	moderno modern nuova nova antica antico vecchia vieux arena forum capitol colosseo merkur mercury apollo hermes minerva olympia olympic orion venus jupiter neptun poseidon zeus athena aphrodite
	rex ritz elite prestige prima primavera orient oriental tropical tropicana paradise paradis paradiso eden dream oasis harmony lotus jasmine orchid palm palms palma tulip lily rosengarten flora
	milan nice cannes monaco delta alpha omega sigma best happy home comfort holiday summit peak valley forest wald ocean island sunrise sunset horizon aurora phoenix pegasus falcon eagle dolphin delfin
	goldenen schwarzen weissen roten grunen silberner silbernen lamm lammle traube trauben rebstock sternen kanne brauhaus brauerei ratskeller rathaus dorfkrug germania bayerischer deutscher deutsches muhle bruckle lilie fuchs bock adlerhof kronenhof posthof
	moulin mulino molino quercia querce pini pineta ulivi oliveto olivier cigale tilleuls platanes chene sapins cheval lion ecu croix voyageurs commerce terrazze terrasse torre fonte fontana fiore girasole ginestra gelsomino mimosa oleandro glicine
	camelia gabbiano delfino conchiglia corallo sirena perla corona principe duca conte cavallino rosetta arcobaleno fuente cruz reyes conde duque rosas flores colon cervantes quijote goya velazquez picasso alhambra giralda alameda sierra montana
	swan bell bull bear horse hart oak oaks mill rectory railway travellers wayside lakeside lakeview seaview oceanview hillside hillcrest pines cedars elms willows maple birch pinewood ridge cove pointe meadows lantern lighthouse anchor mariner captain
	ship compass beachcomber pelican seagull coral reef pearl shell sandpiper driftwood breeze sands dunes surf wave rainbow diamond emerald sapphire ruby jade amber
	sputnik kosmos mir zvezda tsentralnaya rossiya volga ural sibir baikal druzhba yubileinaya slavyanskaya zarya raduga salam noor nour madina jazeera waha firdous sakura fuji dragon bamboo
	agustin augustin sebastian vicente felipe andres miguel rafael gabriel isabel carmen pilar clara agnes katharina margherita caterina chiara
	sai om shree sri ganesh krishna balaji lakshmi rama annapurna everest himalaya taj raj mahal ganga lake residency regent`)

// numbered words stand before the number or letter of a part of a house.
var numbered = wordSet(`tower building block wing phase terminal house part section zone t flat unit apartments studios villas villa cabin chalet bungalow`)

// sections are those of them that two parts of one house have.
var sections = wordSet(`tower building block wing phase terminal section zone part`)

// kind is what sort of place a property is. A name may leave several open.
type kind uint16

const (
	kindHotel kind = 1 << iota
	kindApartment
	kindHostel
	kindGuesthouse
	kindMotel
	kindCamping
	kindVilla
)

// kindWords are the words that name a sort of place. Two names contradict each other if
// both name sorts and have none in common.
var kindWords = map[string]kind{
	"hotel": kindHotel, "apartments": kindApartment, "aparthotel": kindApartment | kindHotel, "hostel": kindHostel,
	"guesthouse": kindGuesthouse, "motel": kindMotel | kindHotel, "camping": kindCamping, "villas": kindVilla | kindApartment,
	"studios": kindApartment,
}
