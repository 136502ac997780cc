// @ts-check
/**
 * The keyboard. A key presses the visible button that carries it (`data-key`), so a button and its key can never
 * disagree; j and k walk the rows (`data-row`) of a list; g and a letter change the view. Off inside inputs.
 */
import { signal } from "../vendor/signals/signals.js";
import { go, route, select } from "./route.js";

/** Which overlay of the keyboard is open. */
export const overlay = signal(/** @type {"" | "keys" | "commands" | "me"} */ (""));

export const JUMPS = {
  d: "desk",
  m: "messages",
  i: "incidents",
  b: "instructions",
  y: "dispatches",
  u: "submissions",
  k: "checks",
  c: "circulars",
  o: "log",
  s: "statistics",
  r: "watches",
  h: "channels",
  l: "directory",
  p: "map",
  w: "wall",
  j: "audit",
  a: "admin",
};

let prefix = 0;

const ANYWHERE = ["/", "?", ".", "g"]; // what every view has
const STALE = 10_000; // milliseconds after which a key is no longer meant

/** Typed while a view was on its way, and meant for it. @type {{key: string, at: number}[]} */
let early = [];

export function startKeys() {
  addEventListener("keydown", pressed);
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") return escape(event);
  if (document.querySelector("dialog[open]") || typing(event.target)) return;
  if (Date.now() - prefix < 1500 && jump(event.key)) return event.preventDefault();
  prefix = event.key === "g" ? Date.now() : 0;
  if (waits(event.key) || single(event.key)) event.preventDefault();
}

const onItsWay = () => document.querySelector("main[aria-busy]") !== null;

/** Whether a key is for a view that does not stand yet, and is kept for it. @param {string} key */
function waits(key) {
  if (key.length > 1 || ANYWHERE.includes(key) || !(early.length || onItsWay())) return false;
  early.push({ key, at: Date.now() });
  return true;
}

/** The view stands: what was typed for it is done, one after the other, unless it was long ago or somebody writes now. */
export function catchUp() {
  if (onItsWay()) return;
  const [first, ...rest] = early.filter((one) => Date.now() - one.at < STALE);
  forget();
  if (!first || document.querySelector("dialog[open]") || typing(document.activeElement)) return;
  early = rest;
  single(first.key);
  if (rest.length) setTimeout(catchUp, 0);
}

/** Another view was gone to: what was typed was not meant for it. */
export const forget = () => void (early = []);

/** @param {EventTarget | null} target */
function typing(target) {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** @param {KeyboardEvent} event */
function escape(event) {
  if (document.querySelector("dialog[open]")) return;
  const back = /** @type {HTMLElement | null} */ (document.querySelector("[data-back]"));
  if (typing(event.target)) /** @type {HTMLElement} */ (event.target).blur();
  else if (back && visible(back)) back.click();
}

/** @param {string} key */
function jump(key) {
  prefix = 0;
  const view = /** @type {Record<string, string>} */ (JUMPS)[key];
  if (view) go(view);
  return Boolean(view);
}

/** @param {string} key */
function single(key) {
  if (key === "/") return focusFirst("#call-text");
  if (key === "?") return Boolean((overlay.value = "keys"));
  if (key === ".") return Boolean((overlay.value = "commands"));
  if (key === "j" || key === "k") return walk(key === "j" ? 1 : -1);
  if (key === "ArrowLeft" || key === "ArrowRight") return across(key === "ArrowRight" ? 1 : -1);
  const button = buttonOf(key);
  if (button instanceof HTMLElement) button.click();
  return button instanceof HTMLElement;
}

/** The visible button that carries the key; one that belongs to a row only while that row has the focus. @param {string} key */
function buttonOf(key) {
  const wanted = `[data-key="${CSS.escape(key)}"]`;
  const near = document.activeElement?.closest("[data-row], [data-keys]")?.querySelector(wanted);
  return near ?? [...document.querySelectorAll(`${wanted}:not([data-scope="row"])`)].find(visible);
}

/** @param {string} selector */
function focusFirst(selector) {
  const found = /** @type {HTMLElement | null} */ (document.querySelector(selector));
  found?.focus();
  return Boolean(found);
}

/** Whether it is on the screen. @param {Element} element */
export const visible = (element) =>
  element.getClientRects().length > 0 && !(/** @type {HTMLButtonElement} */ (element).disabled);

/** To the list beside: its chosen row, or the newest message, or the first. @param {1 | -1} step */
function across(step) {
  const lists = [...document.querySelectorAll("[data-list]")].filter((list) => rowsOf(list).length);
  const at = lists.findIndex((list) => list.contains(document.activeElement));
  const main = lists.findIndex((list) => list.getAttribute("data-list") === "main");
  const list = lists[at < 0 && step > 0 ? main : (at < 0 ? main : at) + step];
  const all = list ? rowsOf(list) : [];
  const chosen = all.find((one) => one.getAttribute("aria-current") === "true");
  const next = chosen ?? (list?.getAttribute("data-list") === "waiting" ? all.at(-1) : all[0]);
  /** @type {HTMLElement | undefined} */ (next)?.focus();
  return Boolean(next);
}

/** @param {Element} list */
const rowsOf = (list) => [...list.querySelectorAll("[data-row]")].filter(visible);

/** @param {1 | -1} step */
function walk(step) {
  const here = document.activeElement?.closest("[data-row]");
  const list = here?.closest("[data-list]") ?? document.querySelector("[data-list=main]");
  const all = list ? rowsOf(list) : [];
  const at = here ? all.indexOf(here) : all.findIndex((one) => one.getAttribute("aria-current") === "true");
  const next = /** @type {HTMLElement | undefined} */ (all[Math.max(0, Math.min(all.length - 1, at + step))]);
  if (here && next === here) /** @type {HTMLElement | null} */ (list?.querySelector(".edge"))?.click(); // at the end: let in what waits there
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  if (next) show(next);
  return Boolean(next);
}

/** What one walks to is shown where the list and what it opens stand side by side. @param {HTMLElement} row */
function show(row) {
  const [, view, id] = (row.getAttribute("href") ?? "").split("/");
  const beside = document.querySelector("main.list-view.two > .detail");
  if (id && view === route.value.view && id !== route.value.id && beside && visible(beside) && visible(row))
    select(decodeURIComponent(id));
}
