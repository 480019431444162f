// What the middle of the page shows: the start, a movie, or a user.

import { because, grid, movieRow, verdictButtons } from "./card.js";
import { h } from "./dom.js";
import { explanation } from "./explanation.js";
import { Panel } from "./panel.js";
import { posterOf } from "./poster.js";
import { parametersOf, searchParametersOf } from "./route.js";
import { displayTitle } from "./titles.js";

const FIRST = 12;
const MOST = 100;

/** A view has an element, a title for the tab, and `load`, which is called again when the filters change. */
/** @typedef {{ element: Node, title: string, load: (filters: any) => Promise<any> }} View */

/** @returns {View} */
export function startView({ client, taste }) {
  const panel = new Panel({ client, name: "popular", heading: h("h2", {}, "Much watched") });
  return {
    title: "Kindred",
    element: h(
      "div", {},
      h("h1", { tabindex: "-1" }, "Which movie do you love?"),
      h("p", { class: "lead" }, "Type its title above, or open one of these. Like a few, and the page learns what you would like next."),
      panel.element),
    load: (filters) => panel.load(
      (signal) => client.movies({ ...parametersOf(filters), sort: "popular", limit: 24, signal }),
      (answer) => answer.results.length > 0 ? grid(answer.results, taste) : nothing()),
  };
}

/** @returns {View} */
export function movieView(id, { client, taste, announce, onMovie }) {
  const movie = new Panel({ client, name: "movie" });
  const similar = new Panel({ client, name: "similar", heading: h("h2", {}, "Its neighbours") });
  // For a movie that cannot be shown; one that can has its title here.
  const nameless = h("h1", { tabindex: "-1", hidden: true }, `Movie ${id}`);
  const view = {
    title: `Movie ${id} – Kindred`,
    element: h("div", {}, nameless, movie.element, similar.element),
    async load(filters, isNew) {
      const [found] = await Promise.all([isNew ? movie.load((signal) => client.movie(id, { signal }), (answer) => hero(answer, taste)) : undefined, neighbours(filters)]);
      if (isNew) nameless.hidden = found !== undefined;
      if (found) {
        view.title = `${displayTitle(found.title)} – Kindred`;
        onMovie(found);
      }
    },
  };
  const neighbours = (filters, k = FIRST) => {
    const ask = (more) => client.similar(id, { ...searchParametersOf(filters), k, ...more });
    return similar.load((signal) => ask({ signal }), (answer) => {
      announce(`${answer.returned} neighbours`, answer);
      return [
        answer.results.length > 0 ? grid(answer.results, taste) : nothing(), more(answer, (next) => neighbours(filters, next)),
        explanation(answer, () => ask({ explain: true })),
      ];
    });
  };
  return view;
}

/** @returns {View} */
export function userView(id, { client, taste, announce }) {
  const profile = new Panel({ client, name: "profile", heading: h("h2", {}, "History") });
  const next = new Panel({ client, name: "recommendations", heading: h("h2", {}, "What next?") });
  const recommendations = (filters, k = FIRST) => next.load(
    (signal) => client.recommendations(id, { ...searchParametersOf(filters), k, explain: true, signal }),
    (answer) => {
      announce(`${answer.returned} recommendations`, answer);
      return [
        answer.results.length > 0 ? grid(answer.results, taste, (movie) => because(movie)) : nothing(),
        more(answer, (wanted) => recommendations(filters, wanted)), explanation(answer),
      ];
    });
  const history = (limit = 20) => profile.load(
    (signal) => client.user(id, { limit, signal }),
    (answer) => [
      h("p", { class: "soft" }, summary(answer)),
      ...tasteOf(answer),
      h("ul", { class: "rows" }, answer.history.map((entry) => movieRow(entry, deed(entry), day(entry.occurred_at)))),
      answer.next_offset && limit < MOST ? h("button", { type: "button", class: "more", onclick: () => history(MOST) }, "More of the history") : null,
    ].filter(Boolean));
  return {
    title: `User ${id} – Kindred`,
    element: h("div", {}, h("h1", { tabindex: "-1" }, `User ${id}`), h("div", { class: "beside" }, next.element, profile.element)),
    load: (filters, isNew) => Promise.all([recommendations(filters), isNew ? history() : undefined]),
  };
}

function hero(movie, taste) {
  return h(
    "article", { class: "hero" }, posterOf(movie),
    h(
      "div", {}, h("h1", { tabindex: "-1" }, displayTitle(movie.title)),
      h("p", { class: "lead" }, released(movie) ?? String(movie.year ?? "")),
      h("ul", { class: "tags", "aria-label": "Genres" }, movie.genres.map((genre) => h("li", { class: "tag" }, genre))),
      h("p", { class: "verdict-line" }, verdictButtons(movie, taste), h("span", { class: "soft" }, "Like or dislike it: your taste follows at once."))));
}

/** A wider list, up to what the service gives at once. */
function more(answer, load) {
  if (answer.returned < answer.requested || answer.requested >= MOST) return "";
  return h("button", { type: "button", class: "more", onclick: () => load(Math.min(MOST, answer.requested * 2)) }, "More of them");
}

function nothing() {
  return h("p", { class: "empty" }, "No movie is left: the filters ask for too much.");
}

function summary({ ratings, mean_rating: mean }) {
  const count = `${ratings} ${ratings === 1 ? "rating" : "ratings"}`;
  return mean === undefined ? count : `${count}, ${mean.toFixed(1)} stars on average`;
}

/** What the user did: stars, where there are some. */
function deed({ kind, rating, seconds }) {
  if (rating !== undefined) return stars(rating);
  const words = { watched: `watched for ${Math.max(1, Math.round((seconds ?? 0) / 60))} min`, viewed: "looked at" };
  return words[kind] ? h("span", { class: "soft deed" }, words[kind]) : null;
}

/** Genres a user watches more, or less, than others do. */
function tasteOf({ genres }) {
  if (!Array.isArray(genres) || genres.length === 0) return [];
  const most = Math.max(...genres.map((genre) => genre.share));
  return [h("ul", { class: "profile", "aria-label": "Genres watched" }, genres.slice(0, 6).map(({ name, share, lift }) => {
    const bar = h("i", {});
    bar.style.width = `${(100 * share) / most}%`;
    return h(
      "li", {}, h("span", {}, name), h("span", { class: "bar", "aria-hidden": "true" }, bar),
      h("span", { class: "soft" }, `${Math.round(100 * share)} %${lift === undefined || lift === null ? "" : `, ${lift.toFixed(1)} × others`}`));
  }))];
}

function stars(rating) {
  const full = Math.round(rating);
  return h("span", { class: "stars", role: "img", "aria-label": `${rating} of 5 stars` }, "★".repeat(full) + "☆".repeat(Math.max(0, 5 - full)));
}

function day(time) {
  const date = time ? new Date(time) : undefined;
  if (!date || Number.isNaN(date.getTime())) return null;
  return h("time", { datetime: time, class: "soft" }, date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }));
}

/** The day; a first of January is what MovieLens says where it knows the year alone. */
function released({ release_date: date }) {
  if (!date || date.endsWith("-01-01")) return undefined;
  return `Released on ${new Date(date).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" })}`;
}
