// The page: a place in the address, a view for it, and beside it the visitor's taste and the service's answers.

import { Kindred } from "/client.js";
import { Chart } from "/page/chart.js";
import { combobox } from "/page/combobox.js";
import { byID } from "/page/dom.js";
import { FilterForm } from "/page/filters.js";
import { Health } from "/page/health.js";
import { storedKey } from "/page/key.js";
import { duration } from "/page/panel.js";
import { goTo, linkTo, place } from "/page/route.js";
import { Session } from "/page/session.js";
import { Taste } from "/page/taste.js";
import { Tasting } from "/page/tasting.js";
import { movieView, startView, userView } from "/page/views.js";

const chart = new Chart();
let health;
// Each answer is the service's own: the browser keeps none, or the times would be the browser's.
const client = new Kindred({
  key: storedKey(),
  cache: "no-store",
  onAnswer: (note) => {
    chart.add(note);
    health?.heard(note);
  },
});
const taste = new Taste();
const session = new Session(client);
const filterForm = new FilterForm();
const tasting = new Tasting({ client, taste, announce });
let shown = { key: undefined, view: undefined };

/** Tells a screen reader what the eye sees. */
function announce(what, answer) {
  const time = client.milliseconds(answer);
  byID("announcer").textContent = `${what}, from ${answer.source}${answer.degraded ? ", degraded" : ""}${time === undefined ? "" : `, in ${duration(time)}`}`;
}

function viewOf({ movie, user }, onMovie) {
  const needs = { client, taste, announce, onMovie };
  if (movie !== undefined) return movieView(movie, needs);
  if (user !== undefined) return userView(user, needs);
  return startView(needs);
}

/**
 * Brings the page to what the address says.
 *
 * @param {boolean} [again] nobody has gone anywhere: everything is asked for anew, and the focus stays
 */
async function follow(again = false) {
  const here = place();
  const key = `${here.movie}/${here.user}`;
  const isNew = again || key !== shown.key;
  const hasMoved = isNew && !again && shown.key !== undefined;
  filterForm.show();
  byID("user").value = here.user ?? "";
  document.querySelector(".brand").href = linkTo({});
  if (isNew) {
    shown = { key, view: viewOf(here, (movie) => again || session.viewed(movie.movie_id)) };
    byID("view").replaceChildren(shown.view.element);
    if (hasMoved) scrollTo(0, 0);
  }
  const { view } = shown;
  document.title = view.title;
  await view.load(here.filters, isNew);
  if (view !== shown.view) return;
  document.title = view.title;
  // Where a link led, the keyboard and the screen reader follow.
  if (hasMoved) (byID("view").querySelector("h1:not([hidden])") ?? byID("main")).focus({ preventScroll: true });
}

let filtered = JSON.stringify(place().filters);
addEventListener("hashchange", () => {
  follow();
  const filters = JSON.stringify(place().filters);
  if (filters !== filtered) tasting.refresh();
  filtered = filters;
});

byID("skip").addEventListener("click", (event) => {
  event.preventDefault();
  byID("main").focus();
});
byID("user-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const id = Number(byID("user").value);
  if (Number.isInteger(id) && id > 0) goTo({ user: id });
});

let users = 1;
byID("any-user").addEventListener("click", () => goTo({ user: 1 + Math.floor(Math.random() * users) }));

/** How many users there are: for the field's hint and for a random one. */
async function countUsers() {
  const button = byID("any-user");
  try {
    users = (await client.activeGeneration()).users ?? 0;
  } catch {
    users = 0;
  }
  button.hidden = users < 1;
  if (users > 0) byID("user").placeholder = `1–${users}`;
}

combobox({ client, choose: (movie) => goTo({ movie: movie.movie_id }) });
follow();
filterForm.loadGenres(client);
countUsers();
health = new Health({
  client,
  onReturn: () => {
    follow(true);
    tasting.refresh();
    filterForm.loadGenres(client);
  },
});
