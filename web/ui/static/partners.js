// How each partner stands, in words: who has answered, who is late, who failed and
// why. The words of causes are those of package fault; a test holds them together.
import { el, fill, icon, setText } from "./dom.js";
import { count, instant, seconds } from "./times.js";
import { isTerminal } from "./model.js";

// causeWords is what a traveller reads after the partner's name.
export const causeWords = {
  no_inventory: "has nothing for this search",
  connect_timeout: "could not be reached in time",
  deadline: "took too long",
  still_running: "is still answering",
  refused: "could not be reached",
  reset: "hung up",
  tls: "could not be reached securely",
  dns: "could not be found",
  blocked: "is not reachable from here",
  http_4xx: "refused the question",
  http_5xx: "has a problem of its own",
  unauthorized: "does not let us in",
  malformed: "sent an answer that cannot be read",
  too_large: "sent too much",
  truncated: "stopped in mid-answer",
  panic: "sent an answer that cannot be read",
  unread_content: "sent an answer that we do not understand",
  partner_error: "answered with an error",
  invalid_offers: "sent nothing that can be sold",
  http_429: "asked us to slow down",
  quota: "was not asked: its quota is used up",
  bulkhead: "was not asked: too many calls at once",
  no_time: "was not asked: too little time left",
  overload: "was not asked: we are overloaded",
  product: "does not sell this",
  route: "does not sell this route",
  market: "does not sell in this market",
  passengers: "does not sell to these travellers",
  capability: "cannot answer this kind of search",
  contract: "is set aside",
  ops: "is set aside",
  left: "was not waited for",
};

// groups say what a status means to a traveller: in, late, bad, or none of this search's business.
const groups = {
  queued: "late", asking: "late", ok: "in", no_hit: "in", stale_served: "old", not_applicable: "out", expired: "expired",
};

// A failed partner that has offers has answered in part: some of its calls brought them.
function groupOf(p) {
  if (p.status === "timeout" && p.cause === "still_running") return "late";
  return groups[p.status] ?? (p.offers_kept > 0 ? "part" : "bad");
}

const marks = { in: "check", old: "clock", expired: "clock", part: "clock", late: "clock", bad: "cross" };
const spoken = { in: "answered", old: "earlier answer", expired: "prices expired", part: "answered in part", late: "waiting", bad: "failed" };

// words is the sentence after a partner's name.
export function words(p, noun) {
  const because = causeWords[p.cause] ?? "could not answer";
  if (groupOf(p) === "part") return `answered in part, with ${count(p.offers_kept, noun)}; the rest is missing because it ${because}`;
  switch (p.status) {
    case "queued": return "is about to be asked";
    case "asking": return "is still answering";
    case "ok": return `answered with ${count(p.offers_kept, noun)}${p.took_ms === null ? "" : ` in ${seconds(p.took_ms)}`}`;
    case "stale_served": return `${because}; its answer from ${instant(p.as_of)} is shown`;
    case "expired": return "has only prices that have expired; they were taken out";
    case "circuit_open": return `${because}, several times; it is left in peace for now`;
    case "timeout": return p.cause === "still_running" ? "is still answering; what it brings will be added" : because;
    default: return because;
  }
}

const again = (p) => (p.retry_at && Date.parse(p.retry_at) > Date.now() ? ` · can be asked again at ${instant(p.retry_at)}` : "");

// names is "A", "A and B", "A, B and 3 more".
export function names(partners, most = 3) {
  const all = partners.map((p) => p.display_name);
  if (all.length > most) return `${all.slice(0, most - 1).join(", ")} and ${all.length - most + 1} more`;
  return all.length > 1 ? `${all.slice(0, -1).join(", ")} and ${all.at(-1)}` : (all[0] ?? "");
}

// sorted puts the partners into their groups.
export function sorted(view) {
  const by = { in: [], old: [], expired: [], part: [], late: [], bad: [], out: [] };
  for (const p of view.partners) by[groupOf(p)].push(p);
  return by;
}

// reasons is "X took too long; Y could not be reached".
export const reasons = (partners) => partners.map((p) => `${p.display_name} ${causeWords[p.cause] ?? "could not answer"}`).join("; ");

// headline is the state of the search in a line.
export function headline(view) {
  const { answered, asked } = view.coverage;
  if (asked === 0) return "No partner of ours sells this";
  if (!isTerminal(view.status)) return `${answered} of ${count(asked, "partner")} answered`;
  switch (view.status) {
    case "complete": return asked === 1 ? "The one partner asked has answered" : `All ${asked} partners have answered`;
    case "failed": return "No partner could answer";
    case "expired": return "These prices have expired";
  }
  return `${answered} of ${count(asked, "partner")} answered`;
}

// PartnerPanel shows them; it stays the same elements so that nothing flickers.
export class PartnerPanel {
  #bar = el("progress", { "aria-label": "Partners that have answered" });
  #head = el("strong", { id: "status" });
  #now = el("span", { class: "now" });
  #list = el("ul", { class: "partner-list" });
  #out = el("p", { class: "hint" });
  #rows = new Map();

  constructor(root) {
    fill(root, this.#bar, el("div", { class: "partner-top" }, this.#head, this.#now),
      el("details", { id: "partner-details" }, el("summary", {}, "Partner by partner"), this.#list, this.#out));
    this.root = root;
  }

  show(view, noun) {
    const by = sorted(view);
    const ended = by.in.length + by.old.length + by.expired.length + by.part.length + by.bad.length;
    const asked = ended + by.late.length;
    this.#bar.max = Math.max(asked, 1);
    this.#bar.value = asked === 0 ? 1 : ended;
    this.root.dataset.status = view.status;
    setText(this.#head, headline(view));
    fill(this.#now, this.#sentences(view, by));
    const shown = [...by.late, ...by.bad, ...by.part, ...by.expired, ...by.old, ...by.in];
    for (const [name, row] of this.#rows) if (!shown.some((p) => p.name === name)) { row.remove(); this.#rows.delete(name); }
    shown.forEach((p, i) => this.#place(p, noun, i));
    const out = by.out.filter((p) => p.cause !== "product");
    setText(this.#out, [out.map((p) => `${p.display_name} ${words(p, noun)}.`).join(" "),
      by.out.length > out.length ? `${count(by.out.length - out.length, "partner")} sell${by.out.length - out.length === 1 ? "s" : ""} other things and ${by.out.length - out.length === 1 ? "was" : "were"} not asked.` : ""].filter(Boolean).join(" "));
  }

  #sentences(view, by) {
    const out = [];
    if (by.late.length > 0 && view.coverage.answered + by.bad.length > 0) {
      out.push(el("span", { class: "late" }, icon("clock"), `Still waiting for ${names(by.late)}`));
    } else if (by.late.length > 0) {
      out.push(el("span", {}, `Asking ${count(by.late.length, "partner")}…`));
    }
    if (by.part.length > 0) out.push(el("span", { class: "late" }, icon("clock"), `${names(by.part)} answered in part`));
    if (by.bad.length > 0 && by.bad.length <= 2) {
      out.push(by.bad.map((p) => el("span", { class: "bad" }, icon("cross"), `${p.display_name} ${words(p, "offer")}`)));
    } else if (by.bad.length > 0) {
      out.push(el("span", { class: "bad" }, icon("cross"), `${names(by.bad)} could not answer`));
    }
    return out;
  }

  #place(p, noun, i) {
    let row = this.#rows.get(p.name);
    if (!row) {
      row = el("li", { "data-partner": p.name });
      this.#rows.set(p.name, row);
    }
    const group = groupOf(p);
    const key = JSON.stringify([p.status, p.cause, p.offers_kept, p.took_ms, p.retry_at, p.as_of]);
    if (row.dataset.key !== key) {
      row.dataset.key = key;
      row.dataset.status = p.status;
      row.className = group;
      const dropped = Object.values(p.drops).reduce((a, b) => a + b, 0);
      fill(row, icon(marks[group]), el("span", { class: "unseen" }, spoken[group] + ": "), el("b", {}, p.display_name), " ",
        el("span", { class: "why" }, words(p, noun), dropped > 0 && ` · ${dropped} left out as unusable`, (group === "bad" || group === "part") && again(p)));
    }
    if (this.#list.children[i] !== row) this.#list.insertBefore(row, this.#list.children[i] ?? null);
  }
}
