// A movie as the page shows it.

import { h } from "./dom.js";
import { posterOf } from "./poster.js";
import { linkTo } from "./route.js";
import { displayTitle, spokenTitle } from "./titles.js";

/** Like and dislike, pressed or not; they follow the taste as long as they are on the page. */
export function verdictButtons(movie, taste) {
  const button = (verdict, sign, verb) =>
    h("button", {
      type: "button", class: `verdict ${verdict}`, "data-movie": movie.movie_id, "data-verdict": verdict,
      "aria-pressed": String(taste.verdict(movie.movie_id) === verdict), "aria-label": `${verb} ${spokenTitle(movie)}`,
      title: verb, onclick: () => taste.toggle(movie, verdict),
    }, h("span", { "aria-hidden": "true" }, sign));
  return h("span", { class: "verdicts" }, button("liked", "♥", "Like"), button("disliked", "✕", "Dislike"));
}

/** Makes every button on the page tell what the taste holds now. */
export function pressVerdicts(taste) {
  for (const button of document.querySelectorAll("button.verdict")) {
    button.setAttribute("aria-pressed", String(taste.verdict(Number(button.dataset.movie)) === button.dataset.verdict));
  }
}

/** A card of the grid; `note` is a line of its own below the genres. */
export function movieCard(movie, taste, note) {
  return h(
    "li", { class: "movie" },
    // The poster leads where the title leads: one link is enough for the keyboard and for a screen reader.
    h("a", { href: linkTo({ movie: movie.movie_id }), tabindex: "-1", "aria-hidden": "true", class: "movie-poster" }, posterOf(movie)),
    h("a", { href: linkTo({ movie: movie.movie_id }), class: "movie-title" }, displayTitle(movie.title)),
    h("p", { class: "soft" }, [movie.year, movie.genres.slice(0, 3).join(", ")].filter(Boolean).join(" · ")),
    closeness(movie),
    note,
    verdictButtons(movie, taste));
}

/** A row of a list: small poster, title, whatever else is to be said. */
export function movieRow(movie, ...more) {
  // A history may name what this generation does not have.
  if (!movie.title) return h("li", { class: "row" }, h("div", {}, `Movie ${movie.movie_id}`, ...more));
  return h(
    "li", { class: "row" }, posterOf(movie),
    h(
      "div", {}, h("a", { href: linkTo({ movie: movie.movie_id }), class: "movie-title" }, displayTitle(movie.title)),
      movie.year ? h("span", { class: "soft" }, ` ${movie.year}`) : null, ...more));
}

export function grid(movies, taste, note = () => null) {
  return h("ol", { class: "grid" }, movies.map((movie) => movieCard(movie, taste, note(movie))));
}

/** The distance; between movies, whose vectors have length 1, also as a bar that is full for the same movie. */
function closeness(movie) {
  if (movie.source === "popular") return h("p", { class: "distance" }, h("span", { class: "tag" }, "popular"));
  if (movie.distance === undefined) return null;
  const words = h("span", {}, `distance ${movie.distance.toFixed(3)}`);
  // A recommendation's score is no cosine, and its distance has no natural end.
  if (!(Math.abs(movie.score) <= 1 && movie.distance <= 2)) return h("p", { class: "distance" }, words);
  const bar = h("i", {});
  bar.style.width = `${Math.round(100 * Math.max(0.04, 1 - movie.distance / 2))}%`;
  return h("p", { class: "distance" }, h("span", { class: "bar", "aria-hidden": "true" }, bar), words);
}

/** "Because you liked Alien and Brazil"; nothing where no movie speaks for this one. */
export function because(movie, taste) {
  const reasons = (movie.because ?? []).filter((reason) => reason.contribution > 0).slice(0, 2);
  if (reasons.length === 0) return null;
  const names = reasons.map((reason) => h("b", {}, displayTitle(reason.title)));
  const verdict = taste?.verdict(reasons[0].movie_id);
  const words = { liked: "Because you liked ", disliked: "Because you disliked " }[verdict] ?? "Because of ";
  return h("p", { class: "because" }, words, names[0], names[1] ? " and " : null, names[1]);
}
