// A part of the page that is an answer: asked for, awaited, shown with where it came from, or with what went wrong.

import { h } from "./dom.js";
import { keyForm } from "./key.js";

export class Panel {
  #client;
  #content = h("div", { class: "content" });
  #meta = h("p", { class: "meta" });
  #asking;

  /** @param {{ client: any, heading?: Node }} wanted */
  constructor({ client, heading, name }) {
    this.#client = client;
    this.element = h("section", { class: "panel", "data-panel": name }, h("div", { class: "panel-head" }, heading, this.#meta), this.#content);
  }

  /**
   * Asks, then shows. A later call forgets an earlier one that is under way.
   *
   * @param {(signal: AbortSignal) => Promise<any>} ask
   * @param {(answer: any) => Node | Node[]} show
   * @returns {Promise<any>} the answer; undefined where there is none to show
   */
  async load(ask, show) {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.#content.setAttribute("aria-busy", "true");
    try {
      const answer = await ask(asking.signal);
      if (asking.signal.aborted) return undefined;
      this.#content.replaceChildren(...[show(answer)].flat());
      this.#meta.replaceChildren(...provenance(answer, this.#client.milliseconds(answer)));
      return answer;
    } catch (error) {
      if (asking.signal.aborted) return undefined;
      this.#meta.replaceChildren();
      this.#content.replaceChildren(problemBox(error, () => this.load(ask, show)));
      return undefined;
    } finally {
      if (this.#asking === asking) this.#content.removeAttribute("aria-busy");
    }
  }

  /** Shows something that nobody needs to be asked for. */
  show(...nodes) {
    this.#asking?.abort();
    this.#content.removeAttribute("aria-busy");
    this.#meta.replaceChildren();
    this.#content.replaceChildren(...nodes);
  }
}

/** Source, generation, time. */
function provenance(answer, milliseconds) {
  const pill = (kind, text) => h("span", { class: `pill ${kind}` }, text);
  return [
    answer.source ? pill(`source-${answer.source}`, answer.source) : null,
    answer.degraded ? pill("warn", "degraded") : null,
    answer.rerank ? pill("", `rerank ${answer.rerank}`) : null,
    answer.generation ? pill("", `generation ${answer.generation}`) : null,
    milliseconds === undefined ? null : pill("", duration(milliseconds)),
    // A page of a catalogue or a history may end early; a list of results says that the filters left no more.
    answer.requested > answer.returned && answer.results?.[0]?.rank ? pill("", `${answer.returned} of ${answer.requested} asked for`) : null,
  ].filter(Boolean);
}

export function duration(milliseconds) {
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}

/** What went wrong, in the service's words, and a way on. */
export function problemBox(problem, again) {
  const retry = problem.retryAfter ? ` Try again in ${problem.retryAfter} s.` : "";
  return h(
    "div", { class: "problem", role: "alert" },
    h("b", {}, problem.title ?? "Something went wrong"), problem.status ? h("span", { class: "soft" }, ` (${problem.status})`) : null,
    h("p", {}, `${problem.detail || problem.message || ""}${retry}`),
    problem.status === 401 ? keyForm() : null,
    again && problem.status !== 401 ? h("button", { type: "button", onclick: again }, "Try again") : null);
}
