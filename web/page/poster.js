// A poster for every movie: drawn here, the same each time, from nothing but title, year and genres.

import { h, s } from "./dom.js";
import { motifOf } from "./motifs.js";
import { paletteOf } from "./palettes.js";
import { displayTitle } from "./titles.js";

const WIDTH = 200;
const HEIGHT = 300;
const MARGIN = 14;
const ART = 204;
const FONT = '"Avenir Next Condensed", "Roboto Condensed", "Arial Narrow", "Liberation Sans Narrow", "DejaVu Sans Condensed", sans-serif';

/** The catalogue's own picture where it has one, on this origin; a drawn poster otherwise. Decoration to a screen reader. */
export function posterOf(movie) {
  const frame = h("span", { class: "poster", "aria-hidden": "true" });
  const address = movie.poster && new URL(movie.poster, location.href);
  if (address && address.origin === location.origin) {
    const image = h("img", { src: address.href, alt: "", loading: "lazy", decoding: "async" });
    image.addEventListener("error", () => image.replaceWith(draw(movie)), { once: true });
    frame.append(image);
  } else {
    frame.append(draw(movie));
  }
  return frame;
}

/** @returns {SVGElement} */
export function draw({ title, year, genres }) {
  const random = numbers(`${title}|${year ?? ""}`);
  const colours = paletteOf(genres, Math.floor(random() * 4096));
  const lines = setTitle(displayTitle(title));
  const size = lines.size;
  const step = size * 1.04;
  const top = HEIGHT - 30 - step * (lines.text.length - 1);
  return s(
    "svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "xMidYMid slice", focusable: "false" },
    s("rect", { width: WIDTH, height: HEIGHT, fill: colours.ground }),
    // A viewport of its own cuts off what a motif draws beyond its edges.
    s("svg", { width: WIDTH, height: ART, viewBox: `0 0 ${WIDTH} ${ART}` }, motifOf(genres, colours, random)),
    s("rect", { x: MARGIN, y: ART + 8, width: 26, height: 3, fill: colours.accent }),
    s(
      "g", { class: "poster-title", fill: colours.paper, "font-size": size, "font-family": FONT, "font-weight": 700 },
      lines.text.map((line, index) => s("text", { x: MARGIN, y: top + index * step }, line))),
    s(
      "g", { fill: colours.paper, "font-size": 9.5, "font-family": FONT, "letter-spacing": 1.1, opacity: 0.82 },
      s("text", { x: MARGIN, y: HEIGHT - 12 }, year ? String(year) : ""),
      s("text", { x: WIDTH - MARGIN, y: HEIGHT - 12, "text-anchor": "end" }, (genres[0] ?? "").toUpperCase())));
}

/** The largest size at which the title fits, and its lines. */
function setTitle(title) {
  for (const size of [31, 27, 23, 20, 17, 15, 13]) {
    const text = wrap(title, size);
    if (text && text.length <= Math.floor(60 / size) + (size > 23 ? 0 : 1) && text.length * size <= 62) {
      return { size, text };
    }
  }
  const text = wrap(title, 13, true).slice(0, 4);
  text[3] = text[3] ? `${text[3].replace(/[\s\W]+$/u, "")}…` : "";
  return { size: 13, text: text.filter(Boolean) };
}

/** The lines of a title at a size; null where one word is too wide. */
function wrap(title, size, always = false) {
  const lines = [];
  let line = "";
  for (const word of title.split(/\s+/)) {
    if (!always && widthOf(word, size) > WIDTH - 2 * MARGIN) return null;
    const longer = line ? `${line} ${word}` : word;
    if (line && widthOf(longer, size) > WIDTH - 2 * MARGIN) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

let ruler;

function widthOf(text, size) {
  if (!ruler) {
    ruler = document.createElement("canvas").getContext("2d");
    ruler.font = `700 100px ${FONT}`;
  }
  return (ruler.measureText(text).width * size) / 100;
}

/** Numbers from 0 to 1 that a text decides: FNV-1a as the seed of mulberry32. */
export function numbers(text) {
  let state = 0x811c9dc5;
  for (const unit of new TextEncoder().encode(text)) state = Math.imul(state ^ unit, 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
