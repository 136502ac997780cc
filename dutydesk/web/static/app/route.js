// @ts-check
/** Which view is open and what is selected in it, as the address says after `#`. */
import { signal } from "../vendor/signals/signals.js";

export const VIEWS = [
  "desk",
  "messages",
  "incidents",
  "instructions",
  "submissions",
  "dispatches",
  "checks",
  "circulars",
  "log",
  "statistics",
  "watches",
  "channels",
  "directory",
  "map",
  "audit",
  "admin",
  "wall",
];

export const route = signal(parse());

function parse() {
  const [view, ...rest] = location.hash.replace(/^#\/?/, "").split("/").map(plain);
  return { view: VIEWS.includes(view) ? view : "desk", id: rest.join("/") };
}

/** @param {string} part of the address; one that was cut within a character stays as it is */
function plain(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Listen to the address. */
export function startRoute() {
  addEventListener("hashchange", () => {
    route.value = parse();
  });
}

/** @param {string} view @param {string} [id] */
export const link = (view, id = "") => `#/${view}${id ? `/${encodeURIComponent(id)}` : ""}`;

/** @param {string} view @param {string} [id] */
export function go(view, id = "") {
  location.hash = link(view, id);
  route.value = { view, id };
}

/** Select without a new entry in the browser's history. @param {string} id */
export function select(id) {
  const { view } = route.value;
  history.replaceState(null, "", link(view, id));
  route.value = { view, id };
}
