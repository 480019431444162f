// What the visitor likes and dislikes: kept in this tab, sent with each question, stored nowhere else.

const KEY = "kindred.taste";

/** @typedef {"liked" | "disliked"} Verdict */

export class Taste extends EventTarget {
  /** Movies by id, the latest first. */
  #picks = new Map();

  constructor() {
    super();
    for (const pick of stored()) this.#picks.set(pick.movie.movie_id, pick);
  }

  /** @returns {{ movie: any, verdict: Verdict }[]} */
  get picks() {
    return [...this.#picks.values()].reverse();
  }

  /** @returns {Verdict | undefined} */
  verdict(id) {
    return this.#picks.get(id)?.verdict;
  }

  /** The ids with this verdict, in the order they came. */
  ids(verdict) {
    return [...this.#picks.values()].filter((pick) => pick.verdict === verdict).map((pick) => pick.movie.movie_id);
  }

  /** Sets a verdict, or takes it back where it stands already. */
  toggle({ movie_id, title, year, genres, poster }, verdict) {
    const takesBack = this.verdict(movie_id) === verdict;
    this.#picks.delete(movie_id);
    if (!takesBack) this.#picks.set(movie_id, { movie: { movie_id, title, year, genres, poster }, verdict });
    this.#changed();
  }

  clear() {
    this.#picks.clear();
    this.#changed();
  }

  #changed() {
    try {
      sessionStorage.setItem(KEY, JSON.stringify([...this.#picks.values()]));
    } catch {
      // A browser that keeps nothing for this page: the taste lasts until it is left.
    }
    this.dispatchEvent(new Event("change"));
  }
}

function stored() {
  try {
    const picks = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return picks.filter((pick) => Number.isInteger(pick?.movie?.movie_id) && Array.isArray(pick.movie.genres));
  } catch {
    return [];
  }
}
