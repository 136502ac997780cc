// @ts-check
/** Names of people the feed does not bring (contacts, leaders, units), asked for once and kept. */
import { signal } from "../vendor/signals/signals.js";
import { phone } from "./format.js";
import { t, word } from "./i18n.js";
import { read } from "./session.js";
import { row } from "./store.js";

/** @type {{value: Map<string, string>}} */
const known = signal(new Map());
const asked = new Set();
// the desk's own workers, as entries name them
const MACHINE = new Set(["desk", "hub", "outbox", "reader", "timer", "timers", "system", "channels", "files"]);

/** Learn names that came along with something else. @param {Array<[string, string]>} pairs */
export function learn(pairs) {
  const fresh = pairs.filter(([key, name]) => name && known.value.get(key) !== name);
  if (fresh.length) known.value = new Map([...known.value, ...fresh]);
}

/**
 * Who stands behind a key: user:zhang, contact:C-…, unit:…, leader:…, a bare user name, or a number.
 * @param {string | null | undefined} key
 */
export function person(key) {
  if (!key) return "";
  const cut = key.indexOf(":");
  const [kind, id] = cut < 0 ? ["user", key] : [key.slice(0, cut), key.slice(cut + 1)];
  if (kind === "user") return MACHINE.has(id) ? t("who.desk") : row("user", id)?.name || word("who", id) || id;
  if (id.startsWith("+")) return phone(id);
  if (!known.value.has(key)) void ask(key, kind, id);
  return known.value.get(key) ?? id;
}

/** By which way something of ours went: a link between desks is "line", for "link" is a touch on a page of ours. @param {string} how */
export const sentBy = (how) => (how === "link" ? "line" : how);

/** What a legal clock is called, by its stream. @param {string} stream */
export const clockName = (stream) => row("obligation", stream.slice(11))?.title ?? known.value.get(stream) ?? "";

/** @param {string} key @param {string} kind @param {string} id */
async function ask(key, kind, id) {
  if (asked.has(key) || !["contact", "leader", "unit"].includes(kind)) return;
  asked.add(key);
  const answer = await read(`directory?q=${encodeURIComponent(id)}`);
  const found = answer?.found.find((/** @type {any} */ one) => one.kind === kind && one.id === id);
  if (found) learn([[key, [found.unit_name, found.name].filter(Boolean).join(" ")]]);
}
