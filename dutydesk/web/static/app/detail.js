// @ts-check
/** One stream with its timeline, read anew whenever one of its rows changes; and what its figures were counted from. */
import { useEffect, useState } from "../vendor/preact/hooks.js";
import { MINUTE } from "./clocks.js";
import { learn } from "./names.js";
import { asOf } from "./past.js";
import { read } from "./session.js";
import { deliveriesAbout, pagesAbout, row, rows } from "./store.js";

/**
 * @typedef {{seq: number, at: number, stream: string, type: string, by: string, body: any, drill: boolean}} Entry
 * @typedef {{row: any, timeline: Entry[], clocks?: any[], questions?: any[]}} Detail
 */

/**
 * The detail of a stream; the last known one stays on the screen while a newer is read.
 * @param {string} kind
 * @param {string} id
 * @returns {Detail | null}
 */
export function useDetail(kind, id) {
  const [detail, setDetail] = useState(/** @type {Detail & {id: string} | null} */ (null));
  const stamp = stampOf(kind, id);
  useEffect(() => {
    if (!id) return undefined;
    const abort = new AbortController();
    const wait = setTimeout(
      async () => {
        const found = await read(asOf(`${kind}/${encodeURIComponent(id)}`), abort.signal);
        if (found && !abort.signal.aborted) {
          learnNames(found.timeline);
          setDetail({ ...found, id });
        }
      },
      detail?.id === id ? 120 : 0,
    );
    return () => {
      clearTimeout(wait);
      abort.abort();
    };
  }, [kind, id, stamp]);
  return detail?.id === id ? detail : null;
}

/** The newest seq among the rows that belong to it. @param {string} kind @param {string} id */
function stampOf(kind, id) {
  const about = `${kind}/${id}`;
  const pages = pagesAbout.value.get(about) ?? [];
  const related = [
    row(kind, id),
    ...pages,
    ...pages.flatMap((page) => deliveriesAbout.value.get(`page/${page.id}`) ?? []),
    ...(kind === "incident" ? [...rows("obligation").values()].filter((one) => one.incident === id) : []),
    ...[...rows("verification").values()].filter((one) => one[kind] === id),
  ];
  return related.reduce((newest, one) => Math.max(newest, one?.seq ?? 0), 0);
}

/** All legal clocks of an incident, ended ones too: as read with it, and newer where the feed brought newer. @param {string} incident @param {any[]} had */
export function allClocks(incident, had) {
  const known = new Map(had.map((one) => [one.id, one]));
  for (const [id, one] of rows("obligation"))
    if (one.incident === incident && (known.get(id)?.seq ?? 0) <= one.seq) known.set(id, one);
  return [...known.values()].sort((a, b) => a.due_at - b.due_at || (a.id < b.id ? -1 : 1));
}

/** Names of people come with the entry that called them, names of clocks with the one that opened them. @param {Entry[]} timeline */
function learnNames(timeline) {
  for (const { type, body, stream } of timeline) {
    if (type === "ObligationOpened") learn([[stream, body.rule.title]]);
    if (type !== "PageStepStarted") continue;
    learn(
      (body.calls ?? []).map((/** @type {any} */ call, /** @type {number} */ n) => [
        call.callee,
        body.names?.[n] ?? "",
      ]),
    );
  }
}

/** The readings of its messages by message id. @param {Entry[]} timeline */
export function readings(timeline) {
  return new Map(
    timeline.filter((entry) => entry.type === "MessageRead").map((entry) => [idOf(entry), entry.body.reading]),
  );
}

/** The messages as they came, by id. @param {Entry[]} timeline @returns {Map<string, any>} */
export function messages(timeline) {
  return new Map(
    timeline.filter((entry) => entry.type === "MessageRecorded").map((entry) => [idOf(entry), entry.body]),
  );
}

/** @param {Entry} entry */
export const idOf = (entry) => entry.stream.slice(entry.stream.indexOf("/") + 1);

/**
 * Every value that was reported for a figure, in order of arrival, with its message.
 * @param {string} name
 * @param {any} incident
 * @param {Entry[]} timeline
 * @returns {Array<{value: any, unknown: boolean, message: any, id: string, at: number, asOf: string | null}>}
 */
export function history(name, incident, timeline) {
  const [read_, came] = [readings(timeline), messages(timeline)];
  return incident.messages
    .map((/** @type {string} */ id) => ({ id, reading: read_.get(id), message: came.get(id) }))
    .filter(({ reading }) => reading && (present(reading[name]) || reading.unknown?.includes(name)))
    .map(({ id, reading, message }) => ({
      value: reading[name] ?? null,
      unknown: !present(reading[name]),
      message,
      id,
      at: message?.received_at ?? 0,
      asOf: reading.as_of ?? null,
    }))
    .sort((a, b) => a.at - b.at);
}

/** @param {any} value */
const present = (value) => value !== null && value !== undefined;

const DISAGREE_WITHIN = 30 * MINUTE; // as the ledger of the desk takes it: later it is a development

/**
 * What different sources say now, when they differ: the last word of each sender, the newest first. One value: not disputed.
 * @param {ReturnType<typeof history>} said
 */
export function disputed(said) {
  const last = new Map(
    said.filter((one) => !one.unknown).map((one) => [one.message?.unit || one.message?.sender || one.id, one]),
  );
  const words = [...last.values()].reverse().sort((a, b) => b.at - a.at);
  /** @type {Map<string, any>} */
  const values = new Map();
  for (const one of words)
    if ((words[0]?.at ?? 0) - one.at <= DISAGREE_WITHIN && !values.has(JSON.stringify(one.value)))
      values.set(JSON.stringify(one.value), one);
  return values.size > 1 ? [...values.values()] : [];
}
