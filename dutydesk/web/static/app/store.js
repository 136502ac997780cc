// @ts-check
/**
 * What the desk looks like now: one Map of rows per kind, put there by the feed and by nothing else. There are no
 * reducers: a row is replaced whole, and a view is a function of rows.
 */
import { batch, computed, signal } from "../vendor/signals/signals.js";

/**
 * @typedef {{id: string, seq: number, open: boolean, drill: boolean, division: string, [field: string]: any}} Row
 */

/** @type {Map<string, {rows: Map<string, Row>, version: {value: number}}>} */
const tables = new Map();

const KEPT_CLOSED = 2000; // closed rows stay for "what was that just now"; the oldest leave first

/** @param {string} kind */
function table(kind) {
  let found = tables.get(kind);
  if (!found) tables.set(kind, (found = { rows: new Map(), version: signal(0) }));
  return found;
}

/**
 * The live Map of a kind; whoever reads it is drawn again when it changes.
 * @param {string} kind
 * @returns {Map<string, Row>}
 */
export function rows(kind) {
  const found = table(kind);
  void found.version.value;
  return found.rows;
}

/** A number that changes with every change of a kind; whoever reads it is drawn again then. @param {string} kind */
export const version = (kind) => table(kind).version.value;

/** @param {string} kind @param {string | null | undefined} id @returns {Row | undefined} */
export function row(kind, id) {
  return id ? rows(kind).get(id) : undefined;
}

/**
 * Put what the feed brought. `fresh` empties everything first (the first load, or a reload the desk asked for).
 * @param {Record<string, Row[]>} changes
 * @param {boolean} fresh
 */
export function apply(changes, fresh) {
  batch(() => {
    if (fresh) for (const kind of tables.keys()) empty(kind);
    for (const [kind, list] of Object.entries(changes)) put(kind, list);
  });
}

/** @param {string} kind */
function empty(kind) {
  const found = table(kind);
  found.rows.clear();
  found.version.value += 1;
}

/** @param {string} kind @param {Row[]} list */
function put(kind, list) {
  const found = table(kind);
  for (const one of list) {
    if (one.gone) found.rows.delete(one.id);
    else found.rows.set(one.id, one);
  }
  if (found.rows.size > KEPT_CLOSED * 2) prune(found.rows);
  found.version.value += 1;
}

/** @param {Map<string, Row>} all */
function prune(all) {
  const closed = [...all.values()].filter((one) => !one.open).sort((a, b) => a.seq - b.seq);
  for (const one of closed.slice(0, Math.max(0, closed.length - KEPT_CLOSED))) all.delete(one.id);
}

/** Everything that is open, by kind, as plain data: what a fresh snapshot would hold. Tests compare it. */
export function openRows() {
  /** @type {Record<string, Row[]>} */
  const all = {};
  for (const [kind, { rows: held }] of tables) {
    const open = [...held.values()].filter((one) => one.open).sort((a, b) => (a.id < b.id ? -1 : 1));
    if (open.length) all[kind] = open;
  }
  return all;
}

const WAITING = new Set(["recorded", "failed", "held", "asked"]);

/** Messages that wait for a person or for the reader, oldest first: the newest stands at the bottom. */
export const waiting = computed(() =>
  [...rows("message").values()]
    .filter((one) => one.open && WAITING.has(one.status))
    .sort((a, b) => a.received_at - b.received_at),
);

/** Pages by the stream they are about, "incident/…" or "message/…". */
export const pagesAbout = computed(() => grouped("page", (one) => (inTable(one) ? "" : about(one))));

/** A page that carries a question to many stands in that question's table, not among the calls. @param {Row} page */
const inTable = (page) => Boolean(page.asker?.startsWith("verification/"));

/** Deliveries by the stream they are about, "page/…", "circular/…" or "message/…". */
export const deliveriesAbout = computed(() => grouped("delivery", (one) => one.about));

/** @param {Row} page */
function about(page) {
  if (page.incident) return `incident/${page.incident}`;
  return page.message ? `message/${page.message}` : "";
}

/** @param {string} kind @param {(row: Row) => string} key */
function grouped(kind, key) {
  /** @type {Map<string, Row[]>} */
  const groups = new Map();
  for (const one of rows(kind).values()) {
    const name = key(one);
    const group = groups.get(name);
    if (group) group.push(one);
    else groups.set(name, [one]);
  }
  return groups;
}

/**
 * The clock of an incident: the open page about it that runs out first. A page nobody answered stands before all.
 * @param {string} incident
 * @returns {Row | undefined}
 */
export function nextPage(incident) {
  const open = (pagesAbout.value.get(`incident/${incident}`) ?? []).filter((page) => page.open);
  return open.sort((a, b) => dueOf(a) - dueOf(b))[0];
}

/** Legal clocks that run, or that ran out and nobody has reported yet, by incident; the one due first in front. */
export const clocksAbout = computed(() => {
  const groups = grouped("obligation", (one) => (one.open ? one.incident : ""));
  for (const group of groups.values()) group.sort((a, b) => a.due_at - b.due_at);
  return groups;
});

/**
 * The open legal clocks of an incident by one channel, the one due first in front.
 * @param {string} incident
 * @param {"phone" | "written"} channel
 */
export const legal = (incident, channel) =>
  (clocksAbout.value.get(incident) ?? []).filter((one) => one.channel === channel);

/** When the first of its clocks runs out, its page's or the law's. @param {string} incident */
export function firstDue(incident) {
  const [page, law] = [nextPage(incident), clocksAbout.value.get(incident)?.[0]];
  return Math.min(page ? dueOf(page) : Number.POSITIVE_INFINITY, law?.due_at ?? Number.POSITIVE_INFINITY);
}

/** @param {Row} page */
export function dueOf(page) {
  if (page.status === "exhausted") return Number.NEGATIVE_INFINITY;
  return page.answer_by ?? Number.POSITIVE_INFINITY;
}

/** Open incidents, whose clock runs out first on top; those without a clock after them, the last heard of first. */
export const strips = computed(() =>
  [...rows("incident").values()]
    .filter((one) => one.open)
    .map((one) => ({ one, due: firstDue(one.id) }))
    .sort((a, b) => compare(a.due, b.due) || b.one.last_report_at - a.one.last_report_at || compare(a.one.id, b.one.id))
    .map(({ one }) => one),
);

/** @param {any} a @param {any} b */
function compare(a, b) {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The watch on duty now. */
export const watch = computed(() => [...rows("watch").values()].find((one) => one.open));

/** The drill under way, if any. */
export const drill = computed(() => [...rows("drill").values()].find((one) => one.open));

const UNREACHED = new Set(["undelivered", "failed"]);
const UNANSWERED = new Set(["busy", "no-answer"]);

/** The channel failed, and nobody has looked at it yet. @param {any} one */
export const unreached = (one) => one.open && UNREACHED.has(one.status);

/** It rang and nobody took it up: the page that called goes on by itself. @param {any} one */
export const unanswered = (one) => UNANSWERED.has(one.status);

/** Outgoing messages a person must act on: those that did not arrive before those nobody knows about, the newest first. */
export const troubled = computed(() =>
  [...rows("delivery").values()]
    .filter((one) => unreached(one) || (one.open && one.uncertain))
    .sort((a, b) => Number(unreached(b)) - Number(unreached(a)) || b.seq - a.seq),
);

/** Channels that stopped, as the desk says. */
export const stopped = computed(() => row("desk", "main")?.stopped ?? []);
