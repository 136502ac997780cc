// @ts-check
/** Leaders' instructions as rows: which are open and in what order, whose answer is missing, how late one came. Draws nothing. */
import { computed } from "../../vendor/signals/signals.js";
import { HOUR, MINUTE, second } from "../clocks.js";
import { clock } from "../format.js";
import { t } from "../i18n.js";
import { rows } from "../store.js";

/**
 * @typedef {{unit: string, name: string, given_at: number, answer_by: number, read_at: number | null, answer: string | null,
 *   answered_at: number | null, late_by: number | null}} Told
 */

/** Open ones: the answer due next on top, then those nobody was given, then those that only wait to be struck off. */
export const instructions = computed(() =>
  [...rows("instruction").values()]
    .filter((one) => one.open)
    .sort((a, b) => rank(a) - rank(b) || a.said_at - b.said_at),
);

/** @param {any} one */
const rank = (one) => one.answer_by ?? (one.units.length ? Number.MAX_SAFE_INTEGER : Number.MAX_SAFE_INTEGER - 1);

/** How many are open, and how many of them have an answer overdue. */
export const following = computed(() => {
  const open = instructions.value;
  return { open: open.length, late: open.filter((one) => one.answer_by && one.answer_by <= second.value).length };
});

/** Units that have not answered. @param {any} one @returns {Told[]} */
export const unanswered = (one) => one.units.filter((/** @type {Told} */ told) => told.answered_at === null);

/** The unit whose answer is due next. @param {any} one @returns {Told | undefined} */
export const nextTold = (one) => unanswered(one).find((told) => told.answer_by === one.answer_by);

/** 1/3 已回复; nothing while it is with nobody. @param {any} one */
export const progress = (one) =>
  one.units.length
    ? t("instruction.progress", { n: one.units.length - unanswered(one).length, all: one.units.length })
    : "";

/** 晚 12 分, 晚 1 小时 5 分: a begun minute counts. @param {number} late microseconds */
export function lateBy(late) {
  const minutes = Math.ceil(late / MINUTE);
  if (late < HOUR) return t("instruction.late", { n: minutes });
  return t("instruction.late.hours", { n: Math.floor(minutes / 60), m: minutes % 60 });
}

/**
 * Instructions about an incident, those struck off too: rows of the feed, and what its timeline still knows of the others.
 * @param {string} incident
 * @param {any[]} timeline
 */
export function instructionsOf(incident, timeline) {
  const live = [...rows("instruction").values()].filter((one) => one.incident === incident);
  const held = new Set(live.map((one) => one.id));
  const logged = timeline.filter((entry) => entry.type === "InstructionLogged" && entry.body.incident === incident);
  const ended = logged.map(({ stream, body }) => ({
    ...body,
    id: stream.slice(12),
    open: false,
    units: [],
    answer_by: null,
  }));
  return [...live, ...ended.filter((one) => !held.has(one.id))].sort((a, b) => a.said_at - b.said_at);
}

/**
 * A timeline whose entries of instructions say everything in words: the unit's name, the deadline, how late.
 * @param {any[]} timeline
 */
export function spoken(timeline) {
  const given = timeline.filter((entry) => entry.type === "InstructionPassedOn").map(({ body }) => body.to);
  const names = new Map(given.map((told) => [told.unit, told.name]));
  return timeline.map((entry) =>
    entry.type.startsWith("Instruction") ? { ...entry, body: flat(entry.body, names) } : entry,
  );
}

/** @param {any} body @param {Map<string, string>} names */
function flat(body, names) {
  const { to, ...rest } = body;
  const unit = to?.unit ?? body.unit;
  return {
    ...rest,
    unit: names.get(unit) ?? unit ?? "",
    due: to ? clock(to.answer_by) : "",
    late: body.late_by > 0 ? `(${lateBy(body.late_by)})` : "",
  };
}
