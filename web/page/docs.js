// `/docs`: what `/openapi.json` says, for people.

import { byID, h } from "./dom.js";

const METHODS = ["get", "post", "put", "patch", "delete"];

/** A description, its `code` as such. */
function prose(text) {
  return text.split("`").map((part, place) => (place % 2 ? h("code", {}, part) : part));
}

/** What a reference inside of the document names. */
function resolved(document, value) {
  if (!value.$ref) return value;
  return value.$ref.slice(2).split("/").reduce((part, name) => part[name.replaceAll("~1", "/").replaceAll("~0", "~")], document);
}

/** A schema in a few words: `integer 1…100, default 10`. */
function words(schema) {
  if (schema.$ref) return schema.$ref.split("/").at(-1);
  if (schema.enum) return schema.enum.join(" | ") + standing(schema);
  const choices = (schema.anyOf ?? []).filter((choice) => choice.type !== "null");
  if (choices.length > 0) return choices.map(words).join(" or ") + standing(schema);
  const type = [schema.type].flat().filter((name) => name !== "null").join(" or ");
  if (type === "array") return `list${bounds(schema.minItems, schema.maxItems)} of ${words(schema.items)}`;
  if (type === "object" && schema.properties) return "object";
  return (type || "anything") + bounds(schema.minimum ?? schema.minLength, schema.maximum ?? schema.maxLength) + standing(schema);
}

function bounds(least, most) {
  if (least === undefined && most === undefined) return "";
  if (most === undefined) return least === 0 ? "" : ` from ${least}`;
  return ` ${least ?? 0}…${most}`;
}

function standing(schema) {
  return schema.default === undefined ? "" : `, default ${schema.default}`;
}

function table(name, columns, rows) {
  return h("table", { "aria-label": name },
    h("thead", {}, h("tr", {}, columns.map((column) => h("th", { scope: "col" }, column)))),
    h("tbody", {}, rows.map(([first, ...cells]) => h("tr", {}, h("th", { scope: "row" }, first), cells.map((cell) => h("td", {}, cell))))));
}

/** The fields of an object, those of objects within it under their paths. */
function fields(document, schema, path = "") {
  const found = resolved(document, schema);
  if (found.type === "array") return fields(document, found.items, `${path}[]`);
  if (found.anyOf) return found.anyOf.flatMap((choice) => fields(document, choice, path));
  return Object.entries(found.properties ?? {}).flatMap(([name, field]) => {
    const place = path ? `${path}.${name}` : name;
    const isNeeded = (found.required ?? []).includes(name);
    const inner = (field.properties || field.type === "array") ? fields(document, field, place) : [];
    return [[place + (isNeeded ? "" : "?"), words(field), prose(field.description ?? "")], ...inner];
  });
}

function route(document, path, method, operation) {
  const parameters = operation.parameters.map((parameter) => resolved(document, parameter));
  const body = Object.values(operation.requestBody?.content ?? {})[0];
  const answers = Object.entries(operation.responses);
  const [status, success] = answers.find(([code]) => code.startsWith("2"));
  const content = Object.values(success.content ?? {})[0];
  const problems = answers.map(([code]) => code).filter((code) => /^[45]/.test(code));
  const needsAdmin = operation.security.length > 0 && operation.security.every((way) => way.key);
  return h("article", { id: operation.operationId, "aria-labelledby": `${operation.operationId}-title` },
    h("h3", { id: `${operation.operationId}-title` }, h("span", { class: "method" }, method.toUpperCase()), " ", path),
    h("p", {}, prose(operation.summary), needsAdmin && " Needs an admin key."),
    parameters.length > 0 && h("h4", {}, "Parameters"),
    parameters.length > 0 && table(`Parameters of ${path}`, ["Name", "In", "Value", "Meaning"],
      parameters.map((parameter) => [parameter.name, parameter.in, words(parameter.schema), prose(parameter.description ?? "")])),
    body && h("h4", {}, `Body (${Object.keys(operation.requestBody.content).join(", ")})`),
    body && h("pre", { tabindex: 0, "aria-label": `An example for ${path}` }, JSON.stringify(body.example)),
    body && table(`The body of ${path}`, ["Field", "Value", "Meaning"], unique(fields(document, body.schema))),
    h("h4", {}, `Answer (${status})`),
    h("p", {}, success.description),
    content?.schema.$ref && table(`The answer of ${path}`, ["Field", "Value", "Meaning"], unique(fields(document, content.schema))),
    h("p", { class: "soft" }, "Problems (RFC 9457): 400", problems.map((code) => `, ${code}`), ", and what every route may answer."));
}

/** Without rows that come again, as those of several kinds of body do. */
function unique(rows) {
  return [...new Map(rows.map((row) => [row[0], row])).values()];
}

function show(document) {
  byID("description").textContent = document.info.description;
  for (const { name } of document.tags) {
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      METHODS.filter((method) => methods[method]?.tags.includes(name)).map((method) => [path, method, methods[method]]));
    const id = name.toLowerCase().replaceAll(" ", "-");
    byID("routes").append(h("section", { "aria-labelledby": id }, h("h2", { id }, name),
      routes.map(([path, method, operation]) => route(document, path, method, operation))));
    byID("contents").append(h("h2", {}, name),
      h("ul", {}, routes.map(([path, method, operation]) =>
        h("li", {}, h("a", { href: `#${operation.operationId}` }, h("span", { class: "method" }, method.toUpperCase()), " ", path)))));
  }
  // What the address names was not there when the browser looked for it.
  if (location.hash.length > 1) globalThis.document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

try {
  const reply = await fetch("/openapi.json");
  if (!reply.ok) throw new Error(`/openapi.json is answered with ${reply.status}`);
  show(await reply.json());
} catch (error) {
  const said = byID("said");
  said.hidden = false;
  said.textContent = `The description cannot be shown: ${error.message}`;
}
