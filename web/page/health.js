// Whether the service is well: asked every few seconds while somebody looks, and told by every answer.

import { byID, h } from "./dom.js";

const EVERY = 4000;

export class Health {
  #client;
  #banner = byID("banner");
  #shown = "";
  #timer;
  #wasAway = false;
  #onReturn;

  /** @param {{ client: any, onReturn: () => void }} wanted `onReturn` is called when the service answers again. */
  constructor({ client, onReturn }) {
    this.#client = client;
    this.#onReturn = onReturn;
    document.addEventListener("visibilitychange", () => this.#next(0));
    this.#next(0);
  }

  /** What an answer tells by itself, before the next look. */
  heard({ status, degraded }) {
    if (status === 0 || (degraded && this.#shown === "")) this.#next(0);
  }

  #next(milliseconds) {
    clearTimeout(this.#timer);
    if (!document.hidden) this.#timer = setTimeout(() => this.#look(), milliseconds);
  }

  async #look() {
    try {
      const ready = await this.#client.readiness();
      byID("service-said").textContent = `${ready.model} ${ready.version}, generation ${ready.generation}, index ${ready.index}`;
      this.#show(ready.degraded.length > 0 ? "warn" : "", "Degraded. Answers go on.", ready.degraded);
      if (this.#wasAway) this.#onReturn();
      this.#wasAway = false;
    } catch (problem) {
      this.#wasAway = true;
      this.#show("error", problem.isUnreachable ? "The service does not answer" : problem.title, [
        problem.isUnreachable ? "What you see is from before. Trying again…" : problem.detail,
      ]);
    }
    this.#next(EVERY);
  }

  /** Changes the banner only where it says something else, so that it is read out once. */
  #show(kind, title, lines) {
    const text = kind && [title, ...lines].join("|");
    if (text === this.#shown) return;
    this.#shown = text;
    this.#banner.className = `banner ${kind}`;
    this.#banner.replaceChildren(...(kind ? [h("b", {}, title), h("ul", {}, lines.map((line) => h("li", {}, line)))] : []));
  }
}
