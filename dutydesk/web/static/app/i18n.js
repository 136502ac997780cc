// @ts-check
/** The words of the screen, Chinese first. A missing word is shown as its key, so that the test which looks for keys finds it. */
import { signal } from "../vendor/signals/signals.js";
import { en } from "./words/en.js";
import { zh } from "./words/zh.js";

/** @type {Record<string, Record<string, string>>} */
const WORDS = { zh, en };
const KEPT = "dutydesk.language";

export const language = signal(localStorage.getItem(KEPT) === "en" ? "en" : "zh");

/** @param {string} chosen "zh" or "en" */
export function speak(chosen) {
  language.value = chosen;
  localStorage.setItem(KEPT, chosen);
  document.documentElement.lang = chosen === "zh" ? "zh-CN" : "en";
}

/**
 * A text by its key, with {name} filled in.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values) {
  const text = WORDS[language.value][key] ?? key;
  return values ? text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? "")) : text;
}

/**
 * A word for a code that the desk may extend without us: the code itself when we have no word.
 * @param {string} group
 * @param {string | null | undefined} code
 */
export function word(group, code) {
  if (!code) return "";
  return WORDS[language.value][`${group}.${code}`] ?? code;
}
