// @ts-check
/** Reports upward as rows: which are to be dealt with and in what order, what comes next, and every time of an incident. Draws nothing. */
import { computed, signal } from "../../vendor/signals/signals.js";
import { t, word } from "../i18n.js";
import { person } from "../names.js";
import { read } from "../session.js";
import { rows } from "../store.js";

const RANK = { draft: 0, checked: 1, signed: 2, sent: 3 };

/** Open ones: what somebody must do first, the oldest in front. */
export const submissions = computed(() =>
  [...rows("submission").values()].filter((one) => one.open).sort((a, b) => rank(a) - rank(b) || a.drafted_at - b.drafted_at),
);

/** @param {any} one */
const rank = (one) => /** @type {Record<string, number>} */ (RANK)[one.status] ?? 4;

/** How many wait for one of us: everything that is not sent. */
export const toDo = computed(() => submissions.value.filter((one) => one.status !== "sent").length);

/** Finished reports, which a fresh board leaves out: asked for once and kept. @type {{value: Map<string, any>}} */
const ended = signal(new Map());
/** @type {Set<string>} */
const asked = new Set();

/** The report of an incident that is not sent yet, if any. @param {string} incident */
export const inHand = (incident) => submissions.value.find((one) => one.incident === incident && one.status !== "sent");

/**
 * What comes next for an incident, in the order of the work: sign for it, report what is drafted, ask whether it is so, draft.
 * @param {any} incident
 * @returns {"sign" | "report" | "verify" | "draft" | ""}
 */
export function nextStep(incident) {
  if (!incident.signed_by) return "sign";
  if (incident.drafting && inHand(incident.id)) return "report";
  if ((incident.truth ?? "unverified") === "unverified") return "verify";
  return incident.drafting || incident.submitted?.length ? "" : "draft";
}

/** Every report of an incident by number, finished ones too. @param {any} incident */
export function submissionsOf(incident) {
  const live = [...rows("submission").values()].filter((one) => one.incident === incident.id);
  const held = new Set(live.map((one) => one.id));
  const others = (incident.submitted ?? [])
    .map((/** @type {any} */ sent) => `${incident.id}-${sent.ordinal}`)
    .filter((/** @type {string} */ id) => !held.has(id));
  for (const id of others) if (!ended.value.has(id)) void fetchOnce(id);
  const found = others.map((/** @type {string} */ id) => ended.value.get(id)).filter(Boolean);
  return [...live, ...found].sort((a, b) => a.ordinal - b.ordinal);
}

/** @param {string} id */
async function fetchOnce(id) {
  if (asked.has(id)) return;
  asked.add(id);
  const answer = await read(`submission/${encodeURIComponent(id)}`);
  if (answer) ended.value = new Map([...ended.value, [id, answer.row]]);
}

/** @param {any} one */
export const state = (one) => word("submission.status", one.status === "sent" && !one.open ? "done" : one.status);

/** The steps with the instant each was done, null for those to come. @param {any} one */
export function steps(one) {
  const receipts = one.lines.flatMap((/** @type {any} */ line) => line.receipts);
  const first = receipts.length ? Math.min(...receipts.map((/** @type {any} */ receipt) => receipt.at)) : null;
  return [
    { name: "draft", at: one.redrafted_at ?? one.drafted_at, by: person(one.drafted_by) },
    { name: "check", at: one.checked_at, by: person(one.checked_by) },
    { name: "sign", at: one.signed_at, by: one.signed_by },
    { name: "send", at: one.sent_at, by: person(one.sent_by) },
    { name: "receipt", at: first, by: receipts[0]?.who ? person(receipts[0].who) : "" },
  ];
}

/** Lines that were sent, or those that are planned. @param {any} one */
export const linesOf = (one) => (one.lines.length ? one.lines : one.plan.lines);

/**
 * Every time of an incident: none takes another's place (regulations section 8, rule 1).
 * @param {any} incident
 * @returns {Array<{what: string, at: number | string, who: string}>}
 */
export function times(incident) {
  const sent = submissionsOf(incident).flatMap((one) => one.lines.map((/** @type {any} */ line) => ({ one, line })));
  return [
    { what: t("times.occurred"), at: incident.occurred_at ?? "", who: "" },
    ...(incident.discovered_at ? [{ what: t("times.discovered"), at: incident.discovered_at, who: "" }] : []),
    { what: t("times.received"), at: incident.received_at, who: incident.unit_name ?? "" },
    ...(incident.reportable ?? []).map((/** @type {any} */ rise) => ({
      what: t("times.reportable", { level: word("level", rise.level) || t("level.none") }),
      at: rise.at,
      who: word("why", rise.why),
    })),
    ...(incident.lowered ?? []).map((/** @type {any} */ one) => ({
      what: t("times.lowered", { was: word("level", one.was), now: word("level", one.level) }),
      at: one.at,
      who: `${person(one.by)} ${one.reason}`,
    })),
    ...(incident.told ?? []).map((/** @type {any} */ one) => ({
      what: t("times.told"),
      at: one.told_at,
      who: `${one.label} ${one.whom}`,
    })),
    ...sent.flatMap(({ one, line }) => ofLine(one, line)),
  ].sort(byTime);
}

/** @param {any} one @param {any} line */
function ofLine(one, line) {
  const who = `${word("kind", one.kind)} ${line.label}`;
  return [
    { what: t("times.sent"), at: line.noted_at ?? line.sent_at, who: `${who} ${word("submission.line", line.status)}` },
    ...line.receipts.map((/** @type {any} */ receipt) => ({
      what: t("times.receipt"),
      at: receipt.at,
      who: `${line.label} ${person(receipt.who)} ${receipt.number}`,
    })),
    ...(line.confirmed_at ? [{ what: t("times.confirmed"), at: line.confirmed_at, who: `${line.label} ${line.confirmed_whom}` }] : []),
  ];
}

/** What was said to have occurred stands first; it may be a day only. @param {{at: number | string}} a @param {{at: number | string}} b */
const byTime = (a, b) => (typeof a.at === "number" ? a.at : -1) - (typeof b.at === "number" ? b.at : -1);
