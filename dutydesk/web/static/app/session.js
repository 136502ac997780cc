// @ts-check
/** Who sits here and what they may do, as the desk says; and the plain reads that no feed brings. */
import { signal } from "../vendor/signals/signals.js";
import { setProof } from "./actions.js";
import { state } from "./feed.js";
import { pastAt } from "./past.js";

/**
 * @typedef {{username: string, name: string, role: string, division: string, csrf: string, masked: boolean,
 *   commands: Record<string, string[]>, kinds: string[], may_call: boolean, policies: string[], flags?: Array<{id: string, label: string, basis?: string}>,
 *   addressees?: Array<{id: string, label: string, tier: string}>, documents?: {pdf: boolean}, desk: {name: string, short_name: string, tier: string, phone: string | null}, demo: boolean, locked: boolean, idle_minutes: number}} Me
 */

/** @type {{value: Me | null}} */
export const me = signal(/** @type {Me | null} */ (null));

/** Ask who we are; without an answer we keep what we knew. */
export async function whoAmI() {
  const found = await read("me");
  if (!found) return;
  me.value = pastAt ? { ...found, may_call: false } : found;
  setProof(found.csrf, found.username);
}

/** Whether this user may do a command. @param {string} kind @param {string} command */
export const may = (kind, command) => !pastAt && Boolean(me.value?.commands[kind]?.includes(command));

/** Views that only some roles have use for. @type {Record<string, string[]>} */
const ONLY = { audit: ["administrator", "auditor", "shift_leader"], admin: ["administrator"] };

/** Whether a view is for this user. @param {string} view */
export const maySee = (view) => !ONLY[view] || ONLY[view].includes(me.value?.role ?? "");

/**
 * Read something under /api; null when there is no answer.
 * @param {string} path
 * @param {AbortSignal} [abort]
 * @returns {Promise<any>}
 */
export async function read(path, abort) {
  const response = await fetch(`/api/${path}`, { signal: abort }).catch(() => null);
  if (response?.status === 401) state.value = "signed_out";
  return response?.ok ? response.json().catch(() => null) : null; // an answer cut short is no answer
}

/**
 * Send something beside the journal (a preview, a draft): no key, no queue; null when there is no answer.
 * @param {string} method
 * @param {string} path
 * @param {any} body
 * @param {AbortSignal} [abort]
 * @returns {Promise<any>}
 */
export async function write(method, path, body, abort) {
  const headers = { "Content-Type": "application/json", "X-CSRF": me.value?.csrf ?? "" };
  const options = { method, headers, signal: abort, body: body === undefined ? undefined : JSON.stringify(body) };
  const response = await fetch(`/api/${path}`, options).catch(() => null);
  return response?.ok ? response.json().catch(() => ({})) : null;
}
