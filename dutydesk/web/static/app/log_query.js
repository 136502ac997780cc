// @ts-check
/** What of the duty log is asked for: kept while one looks at other views. */
import { signal } from "../vendor/signals/signals.js";
import { go } from "./route.js";

/** @typedef {{q: string, from: string, to: string, kind: string, person: string, incident: string, all: boolean}} Asked */

/** @type {Asked} */
export const NOTHING = { q: "", from: "", to: "", kind: "", person: "", incident: "", all: false };

export const asked = signal(NOTHING);

/** Look for words in the whole log. @param {string} q */
export function findInLog(q) {
  asked.value = { ...NOTHING, q };
  go("log");
}

/** The address of a page of the log, or of a search in it. @param {Asked} now @param {number | null} before */
export function pathOf(now, before) {
  const values = new URLSearchParams(Object.entries(now).flatMap(([name, value]) => said(name, value)));
  if (before !== null) values.set("before", String(before));
  if (!now.q) values.delete("q");
  return `${now.q ? "search" : "log"}?${values}`;
}

/** Where it is counted how often the words stand there. @param {Asked} now */
export const countPath = (now) => pathOf(now, null).replace("search?", "search/count?");

/** What a printed log is asked with. @param {Asked} now */
export const printQuery = (now) =>
  `?${new URLSearchParams(Object.entries({ ...now, q: "" }).flatMap(([name, value]) => said(name, value)))}`;

/** @param {string} name @param {string | boolean} value @returns {[string, string][]} */
const said = (name, value) => (value ? [[name, value === true ? "1" : value]] : []);
