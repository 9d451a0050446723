// Following a search: POST the query, then listen to its events. The browser
// reconnects by itself and says what it saw last; when the server has forgotten the
// search (404, 204) the query is posted again, unless it had finished.
import { apply, isTerminal } from "./model.js";

const backoffMost = 30_000; // the server tells busy clients its own time besides

// Problem is what the server refused with: RFC 9457's members, and retryAfter in seconds.
export class Problem extends Error {
  constructor(body, status, retryAfter) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
    Object.assign(this, { title: body.title, status, errors: body.errors ?? [], retryAfter });
  }
}

// post starts or joins a search, and answers with its view.
async function post(product, query, view, signal) {
  const answer = await fetch(`/v1/${product}/searches`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ ...query, ...view }), signal,
  });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Problem(body, answer.status, Number(answer.headers.get("Retry-After")) || null);
  return body;
}

// Follower keeps one search's view current and hands out each change. The hooks:
// changed(view, {fresh}), where fresh means not comparable with what was shown
// before; refused(problem); and connectionLost(bool) when the connection goes and comes.
export class Follower {
  #hooks; #events = null; #abort = null; #timer = 0; #failures = 0;
  #asked = null; // {product, query, view}
  #id = null; #view = null; #fresh = true;
  #reasons = null; // {asked, revision, page}: what explained has read

  constructor(hooks) {
    this.#hooks = hooks;
    document.addEventListener("visibilitychange", () => this.#seen());
    window.addEventListener("pagehide", () => this.#close());
    window.addEventListener("pageshow", (e) => e.persisted && this.#id && this.#listen());
  }

  // search asks a question, or the same one again.
  search(product, query, view) {
    this.stop();
    this.#asked = { product, query, view };
    return this.#post();
  }

  // look changes how the search is looked at. No partner is asked for that.
  setView(view) {
    this.#asked = { ...this.#asked, view };
    this.#fresh = true;
    if (this.#id) this.#listen(); // else it goes with the POST under way
  }

  // all reads one result with every offer or rate, not only the cheapest ten.
  async all(resultID) {
    const params = new URLSearchParams({ ...this.#asked.view, offers: "all" });
    const answer = await fetch(`/v1/${this.#asked.product}/searches/${this.#id}?${params}`);
    if (!answer.ok) return null;
    return (await answer.json()).results.find((r) => r.id === resultID) ?? null;
  }

  // explained reads the page with the reasons for its order, once a revision and view.
  explained() {
    const asked = this.#asked, { revision, results } = this.#view;
    if (this.#reasons?.asked === asked && this.#reasons.revision === revision) return this.#reasons.page;
    const read = async () => {
      const params = new URLSearchParams({ limit: String(Math.max(results.length, 1)), ...asked.view, explain: "1" });
      const answer = await fetch(`/v1/${asked.product}/searches/${this.#id}?${params}`);
      if (!answer.ok) throw new Problem({}, answer.status, null);
      return answer.json();
    };
    const page = read();
    page.catch(() => { this.#reasons = null; }); // the next one tries again
    this.#reasons = { asked, revision, page };
    return page;
  }

  // stop forgets the search.
  stop() {
    this.#close();
    this.#abort?.abort();
    clearTimeout(this.#timer);
    this.#id = this.#view = null;
    this.#fresh = true;
    this.#failures = 0;
  }

  async #post() {
    const abort = (this.#abort = new AbortController());
    const { product, query, view } = this.#asked;
    let body;
    try {
      body = await post(product, query, view, abort.signal);
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#id = null;
      if (error instanceof Problem && error.status < 429) return this.#hooks.refused(error);
      this.#hooks.connectionLost(true, error instanceof Problem ? error : null);
      return this.#again(error.retryAfter);
    }
    if (abort.signal.aborted) return;
    this.#id = body.id;
    if (this.#asked.view !== view) this.#fresh = true; // it was changed meanwhile
    else this.#show(body);
    this.#listen();
  }

  #again(retryAfter) {
    clearTimeout(this.#timer);
    const wait = retryAfter ? retryAfter * 1000 : Math.min(1000 * 2 ** this.#failures, backoffMost);
    this.#failures++;
    this.#timer = setTimeout(() => this.#post(), wait);
  }

  #show(view) {
    this.#view = view;
    const fresh = this.#fresh;
    this.#fresh = false;
    this.#hooks.changed(view, { fresh });
  }

  #listen() {
    this.#close();
    const params = new URLSearchParams(this.#asked.view).toString();
    const events = new EventSource(`/v1/${this.#asked.product}/searches/${this.#id}/events${params && "?" + params}`);
    this.#events = events;
    const on = (name, take) => events.addEventListener(name, (e) => events === this.#events && take(e));
    on("open", () => this.#hooks.connectionLost(false));
    on("snapshot", (e) => {
      this.#failures = 0;
      this.#show(JSON.parse(e.data));
    });
    on("update", (e) => {
      let next;
      try {
        next = apply(this.#view, JSON.parse(e.data));
      } catch {
        return this.#listen(); // a new stream begins with a snapshot
      }
      this.#show(next);
    });
    on("done", (e) => this.#show({ ...this.#view, status: JSON.parse(e.data).status, settled: true }));
    on("bye", () => {}); // the server hangs up next; the browser comes back as it was told
    on("error", () => {
      this.#hooks.connectionLost(true, null);
      if (events.readyState !== EventSource.CLOSED) return; // the browser reconnects
      this.#close();
      // 404 and 204: the search is not held any more. A finished one is asked again
      // only when the traveller wants it: an idle tab must not cost partner calls.
      if (!isTerminal(this.#view?.status)) return this.#again(null);
      this.#hooks.connectionLost(false);
      this.#show({ ...this.#view, status: "expired" });
    });
  }

  #close() {
    this.#events?.close();
    this.#events = null;
  }

  // A hidden page with a finished search gives its connection back: browsers have
  // only six of them for a server, shared by all its tabs.
  #seen() {
    if (!this.#id) return;
    if (document.hidden && isTerminal(this.#view?.status)) this.#close();
    else if (!document.hidden && !this.#events) this.#listen();
  }
}
