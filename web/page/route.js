// What the address says: `#movie=50&genre=Drama&diversity=0.3`. Links can be shared, and the back button works.

const ENGINES = ["pgvector", "memory", "auto"];

/**
 * @typedef {{ genre: string[], yearFrom?: number, yearTo?: number, diversity: number, engine: string }} Filters
 * @typedef {{ movie?: number, user?: number, filters: Filters }} Place
 */

/** @returns {Place} */
export function place(hash = location.hash) {
  const values = new URLSearchParams(hash.replace(/^#/, ""));
  const whole = (name) => (/^\d{1,10}$/.test(values.get(name) ?? "") ? Number(values.get(name)) : undefined);
  const diversity = Number(values.get("diversity"));
  return {
    movie: whole("movie"),
    user: whole("movie") === undefined ? whole("user") : undefined,
    filters: {
      genre: (values.get("genre") ?? "").split(",").filter(Boolean),
      yearFrom: whole("year_from"),
      yearTo: whole("year_to"),
      diversity: diversity >= 0 && diversity <= 1 ? diversity : 0,
      engine: ENGINES.includes(values.get("engine")) ? values.get("engine") : ENGINES[0],
    },
  };
}

/** The address of a place; what is as usual is left out. */
export function addressOf({ movie, user, filters }) {
  const values = new URLSearchParams();
  const set = (name, value) => value && values.set(name, String(value));
  set("movie", movie);
  set("user", user);
  set("genre", filters.genre.join(","));
  set("year_from", filters.yearFrom);
  set("year_to", filters.yearTo);
  set("diversity", filters.diversity);
  set("engine", filters.engine === ENGINES[0] ? "" : filters.engine);
  return `#${values}`;
}

/** Where a link to another place leads: the filters come along. */
export function linkTo(target) {
  return addressOf({ ...target, filters: place().filters });
}

export function goTo(target) {
  location.hash = linkTo(target);
}

/** Other filters at the same place: no step for the back button. */
export function setFilters(filters) {
  const here = place();
  history.replaceState(null, "", addressOf({ ...here, filters }));
  dispatchEvent(new HashChangeEvent("hashchange"));
}

/** The filters as the service's parameters. */
export function parametersOf(filters) {
  return {
    genre: filters.genre.length > 0 ? filters.genre : undefined,
    year_from: filters.yearFrom,
    year_to: filters.yearTo,
  };
}

/** The same with what only searches know. */
export function searchParametersOf(filters) {
  return { ...parametersOf(filters), diversity: filters.diversity || undefined, engine: filters.engine };
}
