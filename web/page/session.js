// An anonymous session, where the visitor wants one: an id of this tab alone, and what was opened under it.

import { newID } from "/client.js";
import { byID } from "./dom.js";

const KEY = "kindred.session";

export class Session {
  #client;
  #id;
  #viewed = 0;

  constructor(client) {
    this.#client = client;
    const box = byID("session");
    try {
      this.#id = sessionStorage.getItem(KEY) ?? undefined;
    } catch {
      this.#id = undefined;
    }
    box.checked = this.#id !== undefined;
    box.addEventListener("change", () => this.#choose(box.checked));
    this.#say();
  }

  /** Tells the service that a movie was opened, if the visitor lets us. */
  viewed(movieID) {
    if (!this.#id) return;
    const isSent = this.#client.beacon({ session: this.#id, movie_id: movieID, kind: "viewed" });
    if (isSent) this.#viewed += 1;
    this.#say(isSent ? "" : "The browser did not send the last one.");
  }

  #choose(wanted) {
    this.#id = wanted ? newID() : undefined;
    this.#viewed = 0;
    try {
      if (this.#id) sessionStorage.setItem(KEY, this.#id);
      else sessionStorage.removeItem(KEY);
    } catch {
      // Kept in memory, then.
    }
    this.#say();
  }

  #say(trouble = "") {
    const count = this.#viewed === 1 ? "1 movie" : `${this.#viewed} movies`;
    byID("session-said").textContent = this.#id ? `Session ${this.#id.slice(0, 8)}… has told of ${count}. ${trouble}`.trim() : "";
  }
}
