// @ts-check
/**
 * What an officer does: one POST with a key that stays the same however often it is sent, so nothing happens twice.
 * Away, it waits here in order (kept over a reload), is shown as 未发出, and is sent when the line is back.
 */
import { effect, signal } from "../vendor/signals/signals.js";
import { state } from "./feed.js";
import { t } from "./i18n.js";
import { keep, kept } from "./kept.js";

/**
 * @typedef {{key: string, path: string, fields: Record<string, any>, about: string, title: string,
 *   status: "sending" | "unsent" | "refused", why: string, at: number, by?: string}} Act
 */

const KEPT = "dutydesk.act."; // one item an act, so that two tabs never overwrite each other
const RETRY = 4000;
const AWAY = [429, 502, 503, 504]; // the desk, or the way to it, asks for another try; any other failure is of this one act
const PATIENCE = 15_000; // a line that swallows everything is no answer; the key makes a second try safe

/** Acts that are not done: being sent, waiting for the line, or refused. @type {{value: Act[]}} */
export const acts = signal(/** @type {Act[]} */ (unfinished()));
/** What was just done, the way back and the way there. @type {{value: {text: string, undo: (() => void) | null, to: string, id: number} | null}} */
export const done = signal(null);

/** The act that waits for a second factor: its key. */
export const proofWanted = signal("");

/** @type {Map<string, (answer: any) => void>} */
const waiters = new Map();
let running = false;
let count = 0;
const proof = signal("");
const actor = signal("");

/** The act that waits until whoever sits here gave their password again: its key. */
export const unlockWanted = signal("");

/** @param {string} token the CSRF proof of this session, from /api/me @param {string} username whose session it is */
export function setProof(token, username) {
  actor.value = username;
  proof.value = token;
}

/** Whether an act kept here is another person's, left unsent when they signed out: it is never sent in this one's name. @param {Act} one */
export const another = (one) => Boolean(one.by && actor.value && one.by !== actor.value);

/** One POST outside the queue: answers at once or throws the desk's words. @param {string} path @param {any} body */
export async function sendNow(path, body) {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": newKey(), "X-CSRF": proof.peek() };
  const options = { method: "POST", headers, body: JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE) };
  const response = await fetch(path, options).catch(() => null);
  if (!response) throw new Error(t("refused.line"));
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw Object.assign(new Error(wordsOf(answer) || t("refused.status", { status: response.status })), {
    status: response.status,
  });
}

/** A key nobody else has; crypto.randomUUID is missing where the desk is reached by plain http. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Do something. Resolves with the desk's answer, or null when it waits for the line or was refused.
 * @param {string} path after /api/, for example "incident/20261123-007/sign"
 * @param {Record<string, any>} fields
 * @param {{title: string, about?: string, undo?: () => void, said?: string}} options
 * @returns {Promise<any>}
 */
export function act(path, fields, options) {
  const { title, about = path.split("/").slice(0, 2).join("/"), undo, said } = options;
  const one = {
    key: newKey(),
    path,
    fields,
    about,
    title,
    status: /** @type {const} */ ("sending"),
    why: "",
    at: Date.now(),
    by: actor.peek(),
  };
  keep(KEPT + one.key, one);
  acts.value = [...acts.value, one];
  const answered = new Promise((resolve) => waiters.set(one.key, resolve));
  void flush();
  return answered.then((answer) => {
    if (answer) say(said ?? t("done.said", { title }), undo ?? null);
    return answer;
  });
}

/** @param {string} text @param {(() => void) | null} undo @param {string} [to] the address of what was done */
export function say(text, undo = null, to = "") {
  count += 1;
  done.value = { text, undo, to, id: count };
}

/** Whether an act of this row is on its way. @param {string} about */
export const pending = (about) => acts.value.find((one) => one.about === about && one.status !== "refused");

/** Whether exactly this command is on its way. @param {string} path */
export const underway = (path) => acts.value.find((one) => one.path === path && one.status !== "refused");

/** Put an act aside that was refused, or take back one not sent yet. @param {string} key */
export function drop(key) {
  localStorage.removeItem(KEPT + key);
  acts.value = acts.value.filter((one) => one.key !== key);
  settle(key, null);
}

/** Try a refused act once more, with the same key. @param {string} key */
export function again(key) {
  mark(key, "unsent", "");
  void flush();
}

/** @param {string} key @param {any} answer */
function settle(key, answer) {
  waiters.get(key)?.(answer);
  waiters.delete(key);
}

async function flush() {
  if (running) return;
  running = true;
  try {
    for (let one = first(); one; one = first()) if (!(await send(one))) break;
  } finally {
    running = false;
  }
}

const first = () => acts.value.find((one) => one.status !== "refused" && !another(one));

/** @param {Act} one @returns {Promise<boolean>} whether the next one may go */
async function send(one) {
  mark(one.key, "sending", "");
  const response = await post(one).catch(() => null);
  if (!response || AWAY.includes(response.status)) return later(one, response);
  const answer = await response.json().catch(() => ({}));
  if (response.status === 401) {
    state.value = "signed_out";
    return later(one, response);
  }
  if (response.ok) {
    if (!waiters.has(one.key)) say(t("done.said", { title: one.title }));
    settle(one.key, answer);
    drop(one.key);
  } else {
    if (response.status === 428) proofWanted.value = one.key;
    if (response.status === 423) unlockWanted.value = one.key;
    mark(one.key, "refused", wordsOf(answer) || t("refused.status", { status: response.status }));
    settle(one.key, null);
  }
  return true;
}

/** @param {Act} one @param {Response | null} response */
function later(one, response) {
  const why = response?.status === 401 ? "unsent.signed_out" : response ? "unsent.store" : "unsent.line";
  mark(one.key, "unsent", t(why));
  settle(one.key, null);
  if (state.value === "live") setTimeout(() => void flush(), RETRY);
  return false;
}

/** The desk's own words: those of the fields that are wrong, else of the refusal. @param {any} answer */
const wordsOf = (answer) => Object.values(answer.fields ?? {}).join(";") || answer.error || "";

/** @param {Act} one */
function post(one) {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": one.key, "X-CSRF": proof.peek() };
  const patience = AbortSignal.timeout(PATIENCE);
  return fetch(`/api/${one.path}`, { method: "POST", headers, body: JSON.stringify(one.fields), signal: patience });
}

/** @param {string} key @param {Act["status"]} status @param {string} why */
function mark(key, status, why) {
  acts.value = acts.value.map((one) => (one.key === key ? { ...one, status, why } : one));
  for (const one of acts.value) if (one.key === key) keep(KEPT + key, one);
}

function unfinished() {
  const names = Object.keys(localStorage).filter((name) => name.startsWith(KEPT));
  const found = names.map((name) => /** @type {Act} */ (kept(name))).filter((one) => one?.key);
  const again = found.map((one) =>
    one.status === "sending" ? { ...one, status: /** @type {const} */ ("unsent") } : one,
  );
  return again.sort((a, b) => a.at - b.at);
}

/** Send what waited as soon as the line is back. */
export function startSending() {
  effect(() => {
    if (state.value === "live" && proof.value) void flush();
  });
}
