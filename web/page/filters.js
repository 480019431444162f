// Genres, years, diversity and engine: a form that mirrors the address.

import { byID, h, settled } from "./dom.js";
import { place, setFilters } from "./route.js";

export class FilterForm {
  #form = byID("filter-form");
  #genres = byID("genres");
  #from = byID("year-from");
  #to = byID("year-to");
  #diversity = byID("diversity");

  constructor() {
    const apply = settled(200, () => this.#apply());
    this.#form.addEventListener("input", () => {
      this.#say();
      apply();
    });
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("reset", (event) => {
      event.preventDefault();
      setFilters({ genre: [], diversity: 0, engine: "pgvector" });
    });
    // Open where it says something; else the movies come first.
    const { genre, yearFrom, yearTo, diversity } = place().filters;
    byID("filters").open = genre.length > 0 || Boolean(yearFrom || yearTo || diversity);
  }

  /** Asks which genres there are; a service that cannot say is quoted. */
  async loadGenres(client) {
    try {
      const { genres, years = [] } = await client.movies({ facets: true, limit: 1 });
      this.#genres.replaceChildren(...(genres ?? []).map(({ name, count }) =>
        h("label", { class: "chip" }, h("input", { type: "checkbox", name: "genre", value: name }),
          h("span", {}, name, " ", h("small", { "aria-label": `${count} movies` }, count)))));
      const known = years.map(({ year }) => year);
      if (known.length > 0) {
        this.#from.placeholder = String(Math.min(...known));
        this.#to.placeholder = String(Math.max(...known));
      }
      this.show();
    } catch (problem) {
      this.#genres.replaceChildren(
        h("p", { class: "soft" }, `The genres are not known: ${problem.detail || problem.title} `),
        h("button", { type: "button", class: "quiet", onclick: () => this.loadGenres(client) }, "Ask again"));
    }
  }

  /** Shows what the address says. */
  show() {
    const { filters } = place();
    for (const box of this.#genreBoxes) box.checked = filters.genre.includes(box.value);
    // What is being typed stays as it is.
    if (document.activeElement !== this.#from) this.#from.value = filters.yearFrom ?? "";
    if (document.activeElement !== this.#to) this.#to.value = filters.yearTo ?? "";
    this.#diversity.value = String(filters.diversity);
    this.#form.elements.engine.value = filters.engine;
    this.#say();
  }

  get #genreBoxes() {
    return [...this.#genres.querySelectorAll("input")];
  }

  #read() {
    const year = (input) => (/^\d{1,4}$/.test(input.value) && Number(input.value) > 0 ? Number(input.value) : undefined);
    return {
      // Until the genres are there, the address knows them alone.
      genre: this.#genreBoxes.length > 0 ? this.#genreBoxes.filter((box) => box.checked).map((box) => box.value) : place().filters.genre,
      yearFrom: year(this.#from),
      yearTo: year(this.#to),
      diversity: Number(this.#diversity.value),
      engine: this.#form.elements.engine.value,
    };
  }

  #apply() {
    setFilters(this.#read());
  }

  #say() {
    const { genre, yearFrom, yearTo, diversity, engine } = this.#read();
    byID("diversity-said").textContent = diversity.toFixed(1);
    const years = yearFrom || yearTo ? `${yearFrom ?? "…"}–${yearTo ?? "…"}` : "";
    const parts = [genre.join(", "), years, diversity ? `diversity ${diversity}` : "", engine === "pgvector" ? "" : engine];
    byID("filters-said").textContent = parts.filter(Boolean).join(" · ") || "none";
  }
}
