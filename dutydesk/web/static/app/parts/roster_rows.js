// @ts-check
/** The roster as the screens need it: posts and their names, a month laid out by days, what is wrong where, who may stand in. */
import { computed } from "../../vendor/signals/signals.js";
import { monthDay, weekday } from "../format.js";
import { t, word } from "../i18n.js";
import { person } from "../names.js";
import { me } from "../session.js";
import { rows, watch } from "../store.js";

/**
 * @typedef {{post: string, person: string}} Seat
 * @typedef {{id: string, name: string, starts_at: number, ends_at: number, seats: Seat[], special: string}} Duty
 * @typedef {{wrong: string, duty: string, post: string, person: string}} Problem
 * @typedef {{id: string, name: string, leads: boolean}} Post
 */

const SERVING = new Set(["officer", "shift_leader", "administrator"]);

/** Posts as config names them. @returns {Post[]} */
export const posts = () => /** @type {any} */ (me.value)?.roster?.posts ?? [];

/** @param {string} id */
export const postName = (id) => posts().find((post) => post.id === id)?.name ?? id;

/** Everybody who may be on a roster. */
export const serving = computed(() =>
  [...rows("user").values()].filter((user) => user.open && SERVING.has(user.role) && !user.division),
);

/** @param {number} at */
export const monthOf = (at) =>
  new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit" })
    .format(new Date(at / 1000))
    .slice(0, 7);

/** The month so many after one. @param {string} month @param {number} by */
export function shifted(month, by) {
  const [year, number] = month.split("-").map(Number);
  const all = year * 12 + number - 1 + by;
  return `${Math.floor(all / 12)}-${String((all % 12) + 1).padStart(2, "0")}`;
}

/** Duties of a roster by their day, each with what is wrong. @param {any} roster @returns {Array<{day: string, special: string, duties: Duty[]}>} */
export function days(roster) {
  /** @type {Map<string, {day: string, special: string, duties: Duty[]}>} */
  const found = new Map();
  for (const duty of roster.duties) {
    const day = `${monthDay(duty.starts_at)} ${weekday(duty.starts_at)}`;
    /** @type {{day: string, special: string, duties: Duty[]}} */
    const one = found.get(day) ?? { day, special: duty.special, duties: [] };
    one.duties.push(duty);
    found.set(day, one);
  }
  return [...found.values()];
}

/** Problems by duty. @param {any} roster @returns {Map<string, Problem[]>} */
export function wrongs(roster) {
  /** @type {Map<string, Problem[]>} */
  const found = new Map();
  for (const problem of roster.problems) found.set(problem.duty, [...(found.get(problem.duty) ?? []), problem]);
  return found;
}

/** A problem in words. @param {Problem} problem */
export function said(problem) {
  const name = problem.person ? person(problem.person) : "";
  return t(`roster.wrong.${problem.wrong}`, { name, post: problem.post ? postName(problem.post) : "" });
}

/** All duties that the feed brings, by id. */
export const duties = computed(() => {
  /** @type {Map<string, Duty>} */
  const found = new Map();
  for (const roster of rows("roster").values()) for (const duty of roster.duties) found.set(duty.id, duty);
  return found;
});

/** The handover of the watch now, if it is open. */
export const handover = computed(() => {
  const one = watch.value && rows("handover").get(watch.value.id);
  return one?.open ? one : undefined;
});

/** Everybody who sits in a watch. @param {any} one @returns {string[]} */
export const people = (one) => [...new Set([one.leader, ...(one.leaders ?? []), ...one.officers].filter(Boolean))];

/** Who comes next by the roster or the open handover; nothing is known where neither says. @returns {string[] | null} */
export function coming() {
  const now = watch.value;
  if (!now) return null;
  if (handover.value) return handover.value.next.people;
  const next = [...duties.value.values()].find((duty) => duty.starts_at <= now.ends_at && now.ends_at < duty.ends_at);
  return next ? [...new Set(next.seats.map((seat) => seat.person))] : null;
}

/** Whether the next watch has two sides to agree. */
export function twoSides() {
  const [now, next] = [watch.value, coming()];
  if (!now || !next) return false;
  const here = new Set(people(now));
  return here.size > 0 && (next.length === 0 || next.some((name) => !here.has(name)));
}

/** What a duty is called in a list. @param {Duty} duty */
export const dutyName = (duty) => `${monthDay(duty.starts_at)} ${weekday(duty.starts_at)} ${duty.name}`;

/** @param {string} status */
export const leaveState = (status) => word("leave", status);
