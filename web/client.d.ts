/** A Kindred service, asked from JavaScript: `/client.js`. */

export type Engine = "pgvector" | "memory" | "auto";
export type Source = "cache" | "pgvector" | "memory";
export type Sort = "id" | "popular";

export interface ProblemDetails {
  type?: string;
  title: string;
  /** Of HTTP; 0 where nobody answered. */
  status: number;
  detail?: string;
  /** The parameter, member or header at fault. */
  field?: string;
  /** Seconds after which another attempt makes sense. */
  retryAfter?: number;
}

export class KindredProblem extends Error {
  constructor(details: ProblemDetails);
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly field?: string;
  readonly retryAfter?: number;
  readonly isUnreachable: boolean;
}

export interface Movie {
  movie_id: number;
  title: string;
  year?: number;
  genres: string[];
  /** Where the catalogue has a picture. */
  poster?: string;
}

export interface MovieDetails extends Movie {
  generation: number;
  release_date?: string;
}

/** A movie the answer rests on, and its part of the score. */
export interface Reason {
  movie_id: number;
  title: string;
  contribution: number;
}

export interface Result extends Movie {
  rank: number;
  /** Of the vectors; none where the movie is there for being popular. */
  distance?: number;
  /** The cosine for similar movies, the model's inner product for recommendations. */
  score?: number;
  source: "vector" | "popular";
  /** Stars, with `rerank: "model"`. */
  predicted_rating?: number;
  /** With `explain`. */
  because?: Reason[];
}

export interface List {
  generation: number;
  source: Source;
  /** The database is away; memory answered, exactly. */
  degraded: boolean;
  requested: number;
  returned: number;
  results: Result[];
  rerank?: "model";
  expected_recall?: number;
  explain?: Explanation;
}

export interface Filters {
  /** Any of them. */
  genre?: string[];
  year_from?: number;
  year_to?: number;
  ids?: number[];
  exclude?: number[];
}

export interface SearchOptions extends Filters {
  /** How many, 1 to 100; 10 unless told. */
  k?: number;
  engine?: Engine;
  /** From 0, the nearest, to 1, the most different from each other. */
  diversity?: number;
  explain?: boolean;
  exact?: boolean;
  rerank?: "distance" | "none" | "model";
  ef_search?: number;
  probes?: number;
  oversampling?: number;
  recall_target?: number;
  signal?: AbortSignal;
}

export interface UserSearchOptions extends SearchOptions {
  seen?: "exclude" | "include";
}

export interface Taste extends SearchOptions {
  liked?: number[];
  disliked?: number[];
  /** Stars, 0.5 to 5. */
  ratings?: { movie_id: number; rating: number }[];
}

export interface CatalogueOptions {
  /** A title, or its beginning; case, accents, order of words and a typo do not matter. */
  query?: string;
  ids?: number[];
  genre?: string[];
  year_from?: number;
  year_to?: number;
  cursor?: string;
  limit?: number;
  sort?: Sort;
  /** How many movies there are of each genre and year. */
  facets?: boolean;
  signal?: AbortSignal;
}

export interface MoviePage {
  generation: number;
  source: "memory";
  degraded: boolean;
  requested: number;
  returned: number;
  /** How many there are on all pages. */
  total: number;
  results: Movie[];
  /** Of the next page; none on the last one. */
  next_cursor?: string;
  /** Of `ids`, those that no movie has. */
  missing?: number[];
  /** With `facets`. */
  genres?: { name: string; count: number }[];
  years?: { year: number; count: number }[];
}

export interface HistoryEntry extends Partial<Movie> {
  movie_id: number;
  kind: "rated" | "watched" | "viewed";
  /** Stars. */
  rating?: number;
  /** Watched. */
  seconds?: number;
  occurred_at?: string;
}

export interface User {
  generation: number;
  user_id: number;
  source: "database" | "memory";
  /** The database is away: memory knows what was seen, not when, nor how it was liked. */
  degraded: boolean;
  ratings: number;
  mean_rating?: number;
  /** `lift`: the share beside that of all users. */
  genres: { name: string; count: number; share: number; lift?: number; mean_rating?: number }[];
  decades: { decade: number; count: number; share: number }[];
  total: number;
  requested: number;
  returned: number;
  offset: number;
  next_offset?: number;
  history: HistoryEntry[];
}

export interface Generation {
  generation: number;
  state: string;
  model: string;
  version: string;
  items?: number;
  users?: number;
  interactions?: number;
  dimensions: number;
  storage: string;
  index: string;
  metrics?: Record<string, number>;
  created_at: string;
  loaded_at?: string;
  activated_at?: string;
  degraded?: boolean;
  [more: string]: unknown;
}

/** How a list came about. */
export interface Explanation {
  candidates?: number;
  ef_search?: number;
  probes?: number;
  limit?: number;
  /** Lines of PostgreSQL's `EXPLAIN`. */
  plan?: string[];
  /** Gives the same rows, or the candidates they were chosen from. */
  sql: string;
  sql_gives: "results" | "candidates";
  timings_ms: { total: number; queue?: number; database?: number; rerank?: number; model?: number; diversity?: number };
}

export interface Readiness {
  status: "ready" | "degraded";
  generation: number;
  model: string;
  version: string;
  index: string;
  /** What is not as it should be, though exact answers are possible. */
  degraded: string[];
}

interface Deed {
  movie_id: number;
  /** Unique in the catalogue; made where it is missing. The same id is stored once. */
  event_id?: string;
  /** RFC 3339. */
  occurred_at?: string;
}
type Doer = { user_id: number; session?: never } | { session: string; user_id?: never };
/** `rated`: stars, 0.5 to 5. `watched`: seconds. */
type What = { kind: "viewed"; value?: never } | { kind: "rated" | "watched"; value: number };
export type Event = Deed & Doer & What;

/** Of one request, as `onAnswer` hears it. */
export interface AnswerNote {
  method: "GET" | "POST";
  path: string;
  /** 0 where nobody answered. */
  status: number;
  milliseconds: number;
  source?: Source | "database";
  generation?: number;
  degraded?: boolean;
}

export interface KindredOptions {
  /** Of the service, `https://kindred.example`; the page's own origin unless told. */
  base?: string;
  /** The service's read key, where it has one. */
  key?: string;
  headers?: Record<string, string>;
  /** How the browser's own cache is used; `no-store` to measure the service. */
  cache?: RequestCache;
  fetch?: typeof globalThis.fetch;
  onAnswer?: (note: AnswerNote) => void;
}

export class Kindred {
  constructor(options?: KindredOptions);
  movie(id: number, options?: { signal?: AbortSignal }): Promise<MovieDetails>;
  search(query: string, options?: CatalogueOptions): Promise<MoviePage>;
  movies(options?: CatalogueOptions): Promise<MoviePage>;
  similar(id: number, options?: SearchOptions): Promise<List>;
  user(id: number, options?: { limit?: number; offset?: number; signal?: AbortSignal }): Promise<User>;
  recommendations(userID: number, options?: UserSearchOptions): Promise<List>;
  recommend(taste?: Taste): Promise<List>;
  activeGeneration(options?: { signal?: AbortSignal }): Promise<Generation>;
  readiness(options?: { signal?: AbortSignal }): Promise<Readiness>;
  sendEvents(events: Event[], options?: { signal?: AbortSignal }): Promise<{ accepted: number }>;
  beacon(event: Event): boolean;
  milliseconds(answer: object): number | undefined;
}

/** A new random id, for events and sessions. */
export function newID(): string;
