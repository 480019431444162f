// How a list came about: the stages, what the index was asked, and the SQL that gives the same rows.

import { h } from "./dom.js";
import { duration, problemBox } from "./panel.js";

const STAGES = { queue: "waiting for a connection", database: "pgvector", rerank: "exact ranking", model: "predicted ratings", diversity: "diversity", total: "in all" };

/**
 * Closed at first; what it holds is asked for when it is opened, unless the answer has it already.
 *
 * @param {any} answer
 * @param {() => Promise<any>} ask for the same list with `explain`
 */
export function explanation(answer, ask) {
  if (!answer.explain && !ask) return "";
  const body = h("div", {});
  const element = h("details", { class: "how" }, h("summary", {}, "How was this found?"), body);
  element.addEventListener("toggle", async () => {
    if (!element.open || body.childNodes.length > 0) return;
    try {
      const { explain } = answer.explain ? answer : await ask();
      body.replaceChildren(...parts(explain));
    } catch (problem) {
      body.replaceChildren(problemBox(problem));
    }
  });
  return element;
}

function parts({ timings_ms: times = {}, candidates, ef_search: ef, probes, plan, sql, sql_gives: gives }) {
  const facts = [
    candidates === undefined ? null : `${candidates} candidates`, ef === undefined ? null : `ef_search ${ef}`, probes === undefined ? null : `${probes} lists probed`,
  ].filter(Boolean).join(", ");
  return [
    h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Stage"), h("th", { scope: "col" }, "Time"))),
      h("tbody", {}, Object.keys(STAGES).filter((stage) => stage in times).map((stage) =>
        h("tr", {}, h("td", {}, STAGES[stage]), h("td", {}, duration(times[stage])))))),
    facts ? h("p", { class: "soft" }, facts) : null,
    plan ? code("The plan", plan.join("\n")) : null,
    sql ? code(gives === "candidates" ? "The candidates, in SQL" : "The same rows, in SQL", sql) : null,
  ].filter(Boolean);
}

function code(title, text) {
  const copy = h("button", { type: "button", class: "quiet", onclick: () => navigator.clipboard?.writeText(text).then(() => copy.replaceChildren("Copied")) }, "Copy");
  return h("div", { class: "code" }, h("p", {}, h("b", {}, title), " ", navigator.clipboard ? copy : null), h("pre", { tabindex: "0", role: "region", "aria-label": title }, text));
}
