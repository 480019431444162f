// The visitor's taste beside everything else: what was liked, and what to watch next because of it.

import { because, movieRow, pressVerdicts } from "./card.js";
import { byID, h, settled } from "./dom.js";
import { explanation } from "./explanation.js";
import { Panel } from "./panel.js";
import { place, searchParametersOf } from "./route.js";
import { spokenTitle, displayTitle } from "./titles.js";

const COUNT = 8;

export class Tasting {
  #client;
  #taste;
  #announce;
  #panel;
  #load = settled(120, () => this.#recommend());

  constructor({ client, taste, announce }) {
    this.#client = client;
    this.#taste = taste;
    this.#announce = announce;
    this.#panel = new Panel({ client, name: "tasting" });
    byID("taste-list").replaceWith(this.#panel.element);
    const jump = byID("to-taste");
    jump.addEventListener("click", () => {
      byID("taste").scrollIntoView();
      byID("taste").focus({ preventScroll: true });
    });
    taste.addEventListener("change", () => this.refresh());
    this.refresh();
  }

  /** Shows the picks at once, and what follows from them as soon as the service has said so. */
  refresh() {
    const { picks } = this.#taste;
    pressVerdicts(this.#taste);
    byID("taste-picks").replaceChildren(...this.#picks(picks));
    const jump = byID("to-taste");
    jump.hidden = picks.length === 0;
    jump.textContent = `Your taste: ${picks.length} ${picks.length === 1 ? "movie" : "movies"} ↓`;
    if (picks.length === 0) this.#panel.show(h("p", { class: "soft" }, "Like (♥) or dislike (✕) movies, and recommendations appear here, with their reasons."));
    else this.#load();
  }

  #picks(picks) {
    if (picks.length === 0) return [];
    const chip = ({ movie, verdict }) => h(
      "li", { class: `pick ${verdict}` }, h("span", { "aria-hidden": "true" }, verdict === "liked" ? "♥" : "✕"),
      h("span", {}, h("span", { class: "hidden" }, verdict === "liked" ? "Liked: " : "Disliked: "), displayTitle(movie.title)),
      h("button", { type: "button", "aria-label": `Forget ${spokenTitle(movie)}`, onclick: () => this.#forget(movie, verdict) }, "×"));
    return [
      h("ul", { class: "picks", "aria-label": "Liked and disliked" }, picks.map(chip)),
      h("button", { type: "button", class: "quiet", onclick: () => this.#forgetAll() }, "Forget all of it"),
    ];
  }

  // The button that had the focus is gone afterwards.
  #forget(movie, verdict) {
    this.#taste.toggle(movie, verdict);
    byID("taste").focus({ preventScroll: true });
  }

  #forgetAll() {
    this.#taste.clear();
    byID("taste").focus({ preventScroll: true });
  }

  async #recommend() {
    const { filters } = place();
    const [liked, disliked] = [this.#taste.ids("liked"), this.#taste.ids("disliked")];
    if (liked.length + disliked.length === 0) return;
    await this.#panel.load(
      (signal) => this.#client.recommend({ ...searchParametersOf(filters), liked, disliked, k: COUNT, explain: true, signal }),
      (answer) => {
        this.#announce(`${answer.returned} recommendations for your taste`, answer);
        return [
          answer.results.length > 0
            ? h("ol", { class: "rows" }, answer.results.map((movie) => movieRow(movie, because(movie, this.#taste))))
            : h("p", { class: "soft" }, "No movie is left: the filters ask for too much."),
          explanation(answer),
        ];
      });
  }
}
