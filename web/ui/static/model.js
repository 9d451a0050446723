// The view of a search, kept current: a snapshot, and updates applied to it. Pure.

// apply is the view after an update. Results that did not change are the same
// objects as before, which is how the list knows what to leave alone. An update that
// does not fit throws: then only a fresh snapshot helps.
export function apply(view, update) {
  if (view.id !== update.id) throw new Error("update of another search");
  const results = new Map(view.results.map((r) => [r.id, r]));
  for (const id of update.removed) results.delete(id);
  for (const result of update.upsert) results.set(result.id, result);
  const partners = new Map(view.partners.map((p) => [p.name, p]));
  for (const partner of update.partners) partners.set(partner.name, partner);
  const { partners: _p, order, upsert: _u, removed: _r, ...fields } = update;
  return {
    ...view, ...fields,
    facets: update.facets ?? view.facets,
    partners: [...partners.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    results: order.map((id) => {
      if (!results.has(id)) throw new Error("update names an unknown result");
      return results.get(id);
    }),
  };
}

const terminal = new Set(["complete", "degraded", "failed", "expired"]);

// isTerminal tells whether nobody has to wait any more.
export const isTerminal = (status) => terminal.has(status);
