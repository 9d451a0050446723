// What stands where there are no results, or not the ones expected: still asking,
// honestly empty, failed, filtered away. They are different things and read so.
import { el } from "./dom.js";
import { isTerminal } from "./model.js";
import { names, reasons, sorted } from "./partners.js";
import { count } from "./times.js";

const notice = (kind, title, text, ...buttons) => el("div", { class: `notice ${kind}`, "data-state": kind }, el("h3", {}, title), text && el("p", {}, text), buttons.length > 0 && el("p", { class: "buttons" }, buttons));
const button = (text, onclick) => el("button", { type: "button", class: "quiet", onclick }, text);

// stateOf is what to say besides the results; null if they speak for themselves.
// again asks the question once more, clear takes all filters away.
export function stateOf(view, { again, clear, what }) {
  const by = sorted(view);
  const retry = button("Ask again", again);
  const failed = [...by.bad, ...by.late];
  if (view.status === "failed") {
    return notice("bad", `No partner could answer, so we cannot say whether there are ${what}`, reasons(by.bad) + ".", retry);
  }
  if (view.status === "expired") return notice("warn", "These prices have expired", "Prices change quickly, so old ones are not shown.", button("Check prices again", again));
  if (view.counts.results > 0 && view.counts.matching === 0) {
    return notice("empty", "Your filters hide everything", `${count(view.counts.results, "result")} found, none passes all filters.`, button("Clear all filters", clear));
  }
  if (view.counts.results > 0 && by.expired.length > 0) {
    return notice("warn", "Some prices have expired", `Those of ${names(by.expired)} were taken out.`, button("Check prices again", again));
  }
  if (view.counts.results > 0) return null;
  if (!isTerminal(view.status)) return skeleton(by);
  if (view.coverage.asked === 0) return notice("empty", "None of our partners sells this", "No partner was asked: none of them covers this search.");
  if (failed.length > 0) {
    return notice("warn", `Nothing found so far, but not everybody could answer`, `${count(view.coverage.answered, "partner has", "partners have")} nothing for this search. ${reasons(failed)}.`, retry);
  }
  return notice("empty", `No partner has ${what} for this`, `All ${count(view.coverage.asked, "partner")} answered, and none has anything for this search. Other dates or places may help.`);
}

function skeleton(by) {
  const waiting = by.late.length;
  return el("div", { class: "skeleton", "data-state": "waiting" }, el("p", { class: "hint" }, `Waiting for the first of ${count(waiting, "partner")}…`),
    [1, 2, 3].map(() => el("div", { class: "card ghost", "aria-hidden": "true" }, el("i"), el("i"), el("i"))));
}
