// The search field: a combobox with a list of suggestions, as ARIA 1.2 describes it. The focus never leaves the field.

import { byID, h, settled } from "./dom.js";
import { posterOf } from "./poster.js";
import { displayTitle } from "./titles.js";

const LIMIT = 8;

/**
 * @param {{ client: any, choose: (movie: any) => void }} wanted
 */
export function combobox({ client, choose }) {
  const input = byID("search");
  const list = byID("suggestions");
  const said = byID("search-said");
  let movies = [];
  let active = -1;
  let asking;

  const ask = settled(70, async () => {
    asking?.abort();
    const query = input.value.trim();
    if (!query) return close();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const answer = await client.search(query, { limit: LIMIT, signal });
      if (!signal.aborted) open(answer.results, query);
    } catch (problem) {
      if (signal.aborted) return;
      close();
      said.textContent = `No suggestions. ${problem.title}: ${problem.detail}`;
    }
  });

  function open(found, query) {
    movies = found;
    active = -1;
    list.replaceChildren(...movies.map(option));
    const isOpen = movies.length > 0;
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    input.removeAttribute("aria-activedescendant");
    said.classList.toggle("hidden", isOpen);
    said.textContent = isOpen ? `${movies.length} ${movies.length === 1 ? "movie" : "movies"} to choose from` : `No movie is called “${query}”`;
  }

  function option(movie, index) {
    return h(
      "li", {
        id: `suggestion-${index}`, role: "option", "aria-selected": "false",
        // The field would lose the focus before the click.
        onpointerdown: (event) => event.preventDefault(),
        onclick: () => take(index),
        onpointermove: () => point(index),
      },
      posterOf(movie),
      h("span", {}, h("b", {}, displayTitle(movie.title)), " ",
        h("span", { class: "soft" }, [movie.year, movie.genres.slice(0, 3).join(", ")].filter(Boolean).join(" · "))));
  }

  function point(index) {
    active = index;
    [...list.children].forEach((element, position) => element.setAttribute("aria-selected", String(position === index)));
    if (index < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", `suggestion-${index}`);
    list.children[index].scrollIntoView({ block: "nearest" });
  }

  function close() {
    asking?.abort();
    movies = [];
    active = -1;
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    said.textContent = "";
    said.classList.remove("hidden");
  }

  function take(index) {
    const movie = movies[index];
    if (!movie) return;
    input.value = "";
    close();
    choose(movie);
  }

  const keys = {
    ArrowDown: () => movies.length > 0 ? point((active + 1) % movies.length) : ask(),
    ArrowUp: () => movies.length > 0 && point((active <= 0 ? movies.length : active) - 1),
    Escape: () => {
      if (list.hidden) input.value = "";
      close();
    },
  };

  input.addEventListener("input", ask);
  input.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || event.isComposing) return;
    event.preventDefault();
    act();
  });
  input.addEventListener("blur", close);
  byID("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    take(Math.max(active, 0));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    event.preventDefault();
    input.focus();
  });
}
