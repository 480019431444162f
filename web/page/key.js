// The read key, where the service wants one: kept in this tab alone.

import { h } from "./dom.js";

const KEY = "kindred.key";
let forms = 0;

export function storedKey() {
  try {
    return sessionStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

export function keyForm() {
  forms += 1;
  const input = h("input", { type: "password", id: `key-${forms}`, autocomplete: "off", required: true });
  const keep = (event) => {
    event.preventDefault();
    sessionStorage.setItem(KEY, input.value.trim());
    location.reload();
  };
  return h("form", { class: "key", onsubmit: keep }, h("label", { for: input.id }, "Key"), input, h("button", { type: "submit" }, "Use this key"));
}
