// @ts-check
/** The views. The desk's comes with the first page; the others right after it, so that it stands sooner, and all are there when the line goes. */
import { signal } from "../vendor/signals/signals.js";
import { html } from "../vendor/htm/preact.js";
import { useLayoutEffect } from "../vendor/preact/hooks.js";
import { learn } from "./i18n.js";
import { catchUp, forget } from "./keys.js";
import { route } from "./route.js";
import { maySee } from "./session.js";
import { Desk } from "./views/desk.js";

/** @type {Record<string, () => Promise<any>>} */
const LATER = {
  messages: () => import("./views/lists.js").then((found) => found.Messages),
  incidents: () => import("./views/lists.js").then((found) => found.Incidents),
  instructions: () => import("./views/instructions.js").then((found) => found.Instructions),
  dispatches: () => import("./views/dispatches.js").then((found) => found.Dispatches),
  submissions: () => import("./views/submissions.js").then((found) => found.Submissions),
  checks: () => import("./views/checks.js").then((found) => found.Checks),
  circulars: () => import("./views/circulars.js").then((found) => found.Circulars),
  log: () => import("./views/log.js").then((found) => found.Log),
  statistics: () => import("./views/statistics.js").then((found) => found.Statistics),
  watches: () => import("./views/watches.js").then((found) => found.Watches),
  channels: () => import("./views/channels.js").then((found) => found.Channels),
  directory: () => import("./views/directory.js").then((found) => found.Directory),
  map: () => import("./views/map.js").then((found) => found.Map_),
  wall: () => import("./views/wall.js").then((found) => found.Wall),
  audit: () => import("./views/audit.js").then((found) => found.Audit),
  admin: () => import("./views/admin.js").then((found) => found.Admin),
};

const views = signal(/** @type {Record<string, any>} */ ({ desk: Desk }));
const AGAIN = 2_000; // milliseconds after which what did not come is asked for again

/** The view of a name; an empty main while it is on its way. @param {string} name */
export const viewOf = (name) => views.value[name] ?? Coming;

function Coming() {
  const { view } = route.value;
  void fetchView(view);
  useLayoutEffect(() => () => void setTimeout(route.value.view === view ? catchUp : forget, 0), []);
  return html`<main class="list-view" aria-busy="true"></main>`;
}

/** @param {string} name */
async function fetchView(name) {
  const found = await LATER[name]?.().catch(() => null);
  if (found && !views.value[name]) views.value = { ...views.value, [name]: found };
  if (!found && LATER[name]) setTimeout(() => void fetchView(name), AGAIN);
}

/** Fetch the rest, one after another, whenever there is nothing else to do. */
export function soon() {
  const left = Object.keys(LATER).filter(maySee);
  const next = () => {
    const name = left.shift();
    if (name) void fetchView(name).then(rest);
    else void learn("en");
  };
  const rest = () => ("requestIdleCallback" in globalThis ? requestIdleCallback(next) : setTimeout(next, 50));
  rest();
}
