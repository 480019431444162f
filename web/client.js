// Kindred from JavaScript: browsers, Deno, Node. No dependency, no build; client.d.ts has the types.
//
//   import { Kindred } from "/client.js";
//   const kindred = new Kindred();
//   const { results } = await kindred.similar(50, { k: 5, genre: ["Sci-Fi"] });

/** What the service says is wrong (RFC 9457), or that it cannot be reached (`status` 0). */
export class KindredProblem extends Error {
  /** @param {import("./client.js").ProblemDetails} details */
  constructor(details) {
    super(details.detail || details.title);
    this.name = "KindredProblem";
    this.type = details.type ?? "about:blank";
    this.title = details.title;
    this.status = details.status;
    this.detail = details.detail ?? "";
    this.field = details.field;
    this.retryAfter = details.retryAfter;
  }

  /** Nobody answered: no network, or no service. */
  get isUnreachable() {
    return this.status === 0;
  }
}

/** Asks one service. Every method takes a `signal` among its options and throws `KindredProblem`. */
export class Kindred {
  #base;
  #headers;
  #cache;
  #fetch;
  #onAnswer;
  #times = new WeakMap();

  /** @param {import("./client.js").KindredOptions} [options] */
  constructor({ base = "", key, headers = {}, cache, fetch = globalThis.fetch, onAnswer } = {}) {
    this.#base = base.replace(/\/$/, "");
    this.#headers = key ? { ...headers, Authorization: `Bearer ${key}` } : headers;
    this.#cache = cache;
    this.#fetch = (...values) => fetch(...values);
    this.#onAnswer = onAnswer;
  }

  /** One movie. */
  movie(id, { signal } = {}) {
    return this.#get(`/v1/movies/${id}`, {}, signal);
  }

  /** Movies whose title is like this, the best first: made for every key that is pressed. */
  search(query, options = {}) {
    return this.movies({ ...options, query });
  }

  /** The catalogue, page by page (`cursor`), by `ids`, by title (`query`); with `facets` the genres and years there are. */
  movies({ signal, ...parameters } = {}) {
    return this.#get("/v1/movies", parameters, signal);
  }

  /** The movies most like this one. */
  similar(id, { signal, ...parameters } = {}) {
    return this.#get(`/v1/movies/${id}/similar`, parameters, signal);
  }

  /** What a user has rated, and what that says of them. */
  user(id, { signal, ...parameters } = {}) {
    return this.#get(`/v1/users/${id}`, parameters, signal);
  }

  /** The best unseen movies for a user. */
  recommendations(userID, { signal, ...parameters } = {}) {
    return this.#get(`/v1/users/${userID}/recommendations`, parameters, signal);
  }

  /** The best movies for whoever liked and disliked these. */
  recommend({ signal, ...question } = {}) {
    return this.#post("/v1/recommendations", question, signal);
  }

  /** The model that is served. */
  activeGeneration({ signal } = {}) {
    return this.#get("/v1/generations/active", {}, signal);
  }

  /** Whether exact answers are possible, and what is not as it should be. */
  readiness({ signal } = {}) {
    return this.#get("/readyz", {}, signal);
  }

  /** Tells what users did; resolves once it is on the service's disk. Events without an id get one. */
  sendEvents(events, { signal } = {}) {
    return this.#post("/v1/events", { events: events.map(withID) }, signal);
  }

  /** The same from a page that is being left: nobody waits for an answer. False where the browser refuses. */
  beacon(event) {
    const address = `${this.#base}/v1/events`;
    const body = JSON.stringify(withID(event));
    if (Object.keys(this.#headers).length === 0) return navigator.sendBeacon(address, body);
    // A beacon carries no key; a request that outlives its page does.
    this.#fetch(address, { method: "POST", keepalive: true, body, headers: { ...this.#headers, "Content-Type": "application/json" } }).catch(() => {});
    return true;
  }

  /** How long an answer took, in milliseconds, from the question to its last byte. */
  milliseconds(answer) {
    return this.#times.get(answer);
  }

  #get(path, parameters, signal) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(parameters)) {
      const text = Array.isArray(value) ? value.join(",") : value;
      if (text !== undefined && text !== null && text !== "") query.set(name, String(text));
    }
    return this.#ask("GET", path, query.size > 0 ? `?${query}` : "", { signal });
  }

  #post(path, body, signal) {
    return this.#ask("POST", path, "", { signal, body: JSON.stringify(body) });
  }

  async #ask(method, path, query, { signal, body }) {
    const headers = body === undefined ? this.#headers : { ...this.#headers, "Content-Type": "application/json" };
    const start = performance.now();
    let response;
    let text;
    try {
      response = await this.#fetch(this.#base + path + query, { method, headers, body, signal, cache: this.#cache });
      text = await response.text();
    } catch (error) {
      if (signal?.aborted) throw error;
      this.#tell({ method, path, status: 0, milliseconds: performance.now() - start });
      throw new KindredProblem({ status: 0, title: "The service does not answer", detail: String(error?.message ?? error) });
    }
    const milliseconds = performance.now() - start;
    const answer = parsed(text);
    this.#tell({
      method, path, status: response.status, milliseconds, source: answer?.source, generation: answer?.generation,
      degraded: answer?.degraded === true,
    });
    if (!response.ok) throw problemOf(response, answer);
    if (answer === undefined) {
      throw new KindredProblem({ status: response.status, title: "The answer is no JSON", detail: `${method} ${path}` });
    }
    this.#times.set(answer, milliseconds);
    return answer;
  }

  #tell(answer) {
    this.#onAnswer?.(answer);
  }
}

function parsed(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function problemOf(response, body) {
  const seconds = Number(response.headers.get("Retry-After"));
  return new KindredProblem({
    type: body?.type, title: body?.title ?? response.statusText ?? "The request failed", status: response.status,
    detail: body?.detail, field: body?.field, retryAfter: seconds > 0 ? seconds : undefined,
  });
}

function withID(event) {
  return { ...event, event_id: event.event_id ?? newID() };
}

/** A new random id. `crypto.randomUUID` would do, but browsers have it on https and localhost only. */
export function newID() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
