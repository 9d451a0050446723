// The page's state as a link, and back: what was asked and how it is looked at. It
// stands behind the # so that neither the server nor anybody's log sees who travels.
//
//   #flights?slices=LHR-JFK-2027-03-01,JFK-LHR-2027-03-08&adults=2&child_ages=7&sort=cheapest
//   #hotels?destination=PAR&check_in=2027-03-01&check_out=2027-03-04&rooms=2,1-7-9

// viewFields are the view parameters that the page offers, by product.
export const viewFields = {
  flights: ["currency", "sort", "max_stops", "carriers", "max_price", "max_duration_minutes", "depart_between", "arrive_between", "avoid", "partners", "value_of_time",
    "cabin_bag", "checked_bag", "refundable", "combine", "combined_only", "strict", "limit"],
  hotels: ["currency", "sort", "min_stars", "board", "free_cancellation", "max_price", "name", "strict", "limit"],
};

// encode is the fragment for a state, with its #.
export function encode({ product, query, view }) {
  const p = new URLSearchParams();
  if (product === "flights") {
    p.set("slices", query.slices.map((s) => `${s.origin}-${s.destination}-${s.date}`).join(","));
    const { adults, child_ages, infants_lap, infants_seat } = query.passengers;
    if (adults !== 1) p.set("adults", adults);
    if (child_ages.length) p.set("child_ages", child_ages.join(","));
    if (infants_lap) p.set("infants_lap", infants_lap);
    if (infants_seat) p.set("infants_seat", infants_seat);
    if (query.cabin !== "economy") p.set("cabin", query.cabin);
  } else {
    p.set("destination", query.destination.place);
    p.set("check_in", query.check_in);
    p.set("check_out", query.check_out);
    p.set("rooms", query.rooms.map((r) => [r.adults, ...r.child_ages].join("-")).join(","));
  }
  for (const name of viewFields[product]) if (view[name]) p.set(name, view[name]);
  return `#${product}?${p.toString().replaceAll("%2C", ",").replaceAll("%3A", ":")}`;
}

const whole = (text, fallback) => (/^\d{1,3}$/.test(text ?? "") ? Number(text) : fallback);

// decode is the state of a fragment, null if it is none. What it lets through is
// still for the server to judge.
export function decode(hash) {
  const match = /^#(flights|hotels)\?(.{1,2000})$/.exec(hash);
  if (!match) return null;
  const [, product, text] = match;
  const p = new URLSearchParams(text);
  const query = product === "flights" ? flights(p) : hotels(p);
  if (!query) return null;
  const view = {};
  for (const name of viewFields[product]) if (p.get(name)) view[name] = p.get(name);
  return { product, query, view };
}

function flights(p) {
  const slices = (p.get("slices") ?? "").split(",").map((s) => /^([A-Za-z]{3})-([A-Za-z]{3})-(\d{4}-\d\d-\d\d)$/.exec(s));
  if (slices.length > 6 || slices.includes(null)) return null;
  return {
    slices: slices.map(([, origin, destination, date]) => ({ origin: origin.toUpperCase(), destination: destination.toUpperCase(), date })),
    passengers: {
      adults: whole(p.get("adults"), 1), child_ages: ages((p.get("child_ages") ?? "").split(",")),
      infants_lap: whole(p.get("infants_lap"), 0), infants_seat: whole(p.get("infants_seat"), 0),
    },
    cabin: p.get("cabin") ?? "economy",
  };
}

function hotels(p) {
  const place = p.get("destination"), check_in = p.get("check_in"), check_out = p.get("check_out");
  if (!place || !check_in || !check_out) return null;
  const rooms = (p.get("rooms") ?? "2").split(",").slice(0, 9).map((room) => {
    const [adults, ...children] = room.split("-");
    return { adults: whole(adults, 2), child_ages: ages(children) };
  });
  return { destination: { place }, check_in, check_out, rooms };
}

const ages = (texts) => texts.map((t) => whole(t, null)).filter((n) => n !== null).slice(0, 9);
