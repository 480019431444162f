// How long the last answers took, by where they came from. Shape and colour say the same.

import { byID, h, s } from "./dom.js";
import { duration } from "./panel.js";

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [320, 132, 44, 14];
const KEPT = 60;
const LISTED = 8;
/** Milliseconds at the lower and the upper end of a logarithmic scale. */
const [LEAST, MOST] = [0.5, 2000];
const kinds = {
  cache: { name: "cache", mark: (x, y) => s("circle", { cx: x, cy: y, r: 4 }) },
  pgvector: { name: "pgvector", mark: (x, y) => s("rect", { x: x - 3.6, y: y - 3.6, width: 7.2, height: 7.2 }) },
  memory: { name: "memory", mark: (x, y) => s("path", { d: `M${x},${y - 5} l5,9 h-10 Z` }) },
  other: { name: "no search", mark: (x, y) => s("path", { d: `M${x},${y - 5} l5,5 l-5,5 l-5,-5 Z` }) },
  failed: { name: "refused, failed", mark: (x, y) => s("path", { d: `M${x - 4},${y - 4} l8,8 m0,-8 l-8,8`, fill: "none", "stroke-width": 2.4 }) },
};

export class Chart {
  #notes = [];
  #isDue = false;
  // What stays, so that neither the focus nor what was opened is lost with each answer.
  #summary = h("p", { class: "soft" });
  #picture = h("div", {});
  #rows = h("tbody", {});

  constructor() {
    byID("chart").append(
      this.#summary, this.#picture, legend(),
      h("details", {}, h("summary", {}, "The last ones in words"),
        h("table", {}, h("thead", {}, h("tr", {}, ["Asked", "Source", "Time"].map((name) => h("th", { scope: "col" }, name)))), this.#rows)));
    this.#draw();
  }

  /** @param {import("/client.js").AnswerNote} note */
  add(note) {
    if (note.path === "/readyz") return;
    this.#notes = [...this.#notes, note].slice(-KEPT);
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#draw();
    });
  }

  #draw() {
    const times = this.#notes.filter((note) => note.status > 0).map((note) => note.milliseconds).sort((a, b) => a - b);
    const at = (share) => times[Math.max(0, Math.ceil(share * times.length) - 1)];
    const summary = times.length === 0
      ? "No answer yet."
      : `The last ${times.length}: half within ${duration(at(0.5))}, 95 % within ${duration(at(0.95))}, last ${duration(this.#notes.at(-1).milliseconds)}.`;
    this.#summary.textContent = summary;
    this.#picture.replaceChildren(picture(this.#notes, summary, times.length > 0 ? at(0.5) : undefined));
    this.#rows.replaceChildren(...this.#notes.slice(-LISTED).reverse().map((note) =>
      h("tr", {}, h("td", {}, `${note.method} ${note.path}`), h("td", {}, note.source ?? (note.status === 0 ? "none" : String(note.status))), h("td", {}, duration(note.milliseconds)))));
  }
}

function picture(notes, summary, median) {
  const step = (WIDTH - LEFT - 16) / (KEPT - 1);
  const first = KEPT - notes.length;
  return s(
    "svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `Time of each answer. ${summary}`, class: "chart" },
    [1, 10, 100, 1000].map((value) => [
      s("line", { x1: LEFT, x2: WIDTH, y1: height(value), y2: height(value), class: "rule" }),
      s("text", { x: LEFT - 6, y: height(value) + 3.5, "text-anchor": "end" }, value === 1000 ? "1 s" : `${value} ms`),
    ]).flat(),
    median === undefined ? null : s("line", { x1: LEFT, x2: WIDTH, y1: height(median), y2: height(median), class: "median" }),
    notes.map((note, index) => {
      const kind = kindOf(note);
      const mark = kinds[kind].mark(LEFT + 8 + (first + index) * step, height(note.milliseconds));
      mark.setAttribute("class", `mark ${kind}`);
      mark.append(s("title", {}, `${note.method} ${note.path}: ${duration(note.milliseconds)}`));
      return mark;
    }));
}

function kindOf(note) {
  if (note.status === 0 || note.status >= 400) return "failed";
  return note.source in kinds ? note.source : "other";
}

function height(milliseconds) {
  const share = Math.log(Math.min(Math.max(milliseconds, LEAST), MOST) / LEAST) / Math.log(MOST / LEAST);
  return 8 + (1 - share) * (HEIGHT - BOTTOM - 8);
}

function legend() {
  return h("ul", { class: "legend" }, Object.entries(kinds).map(([kind, { name, mark }]) => {
    const sign = mark(6, 6);
    sign.setAttribute("class", `mark ${kind}`);
    return h("li", {}, s("svg", { viewBox: "0 0 12 12", width: 12, height: 12, "aria-hidden": "true" }, sign), name);
  }));
}
