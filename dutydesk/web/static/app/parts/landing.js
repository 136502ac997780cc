// @ts-check
/** Where a typed-in call landed: the incident it opened or joined is named, and shown when nothing else is looked at. */
import { effect } from "../../vendor/signals/signals.js";
import { say } from "../actions.js";
import { t } from "../i18n.js";
import { link, route, select } from "../route.js";
import { row } from "../store.js";

const PATIENCE = 10_000; // the reader takes a moment; later than this the officer has gone on

/** @param {string} id of the message that the call became */
export function land(id) {
  let stop = () => {};
  const end = () => stop();
  const late = setTimeout(end, PATIENCE);
  stop = effect(() => {
    const told = row("message", id);
    const incident = row("incident", told?.incident);
    if (!told || told.status === "recorded" || (told.incident && !incident)) return;
    clearTimeout(late);
    setTimeout(end, 0); // it may be at its first run, which is not to be ended from within
    if (incident) show(incident, id);
    else if (told.open) say(t("done.call.waits", { number: told.number }));
  });
}

/** @param {any} incident @param {string} id */
function show(incident, id) {
  const { view, id: chosen } = route.peek();
  const free = view === "desk" && !chosen && matchMedia("(min-width: 1280px)").matches;
  const begun = incident.messages?.[0] === id;
  if (free) select(incident.id);
  const words = t(begun ? "done.call.opened" : "done.call.joined", { number: incident.number, title: incident.title });
  say(words, null, free || chosen === incident.id ? "" : link("desk", incident.id));
}
