// @ts-check
/** The words of the screen, Chinese first. A missing word is shown as its key, so that the test which looks for keys finds it. */
import { signal } from "../vendor/signals/signals.js";
import { zh } from "./words/zh.js";

/** @type {Record<string, Record<string, string>>} */
const WORDS = { zh };
const KEPT = "dutydesk.language";

export const language = signal(localStorage.getItem(KEPT) === "en" ? "en" : "zh");

/** Fetch a language's words; without them the one before stays. @param {string} chosen "zh" or "en" */
export async function learn(chosen) {
  if (!WORDS[chosen]) {
    const found = await import("./words/en.js").catch(() => null);
    if (found) WORDS[chosen] = found.en;
    else if (language.value === chosen) language.value = "zh";
  }
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
}

/** @param {string} chosen "zh" or "en" */
export async function speak(chosen) {
  await learn(chosen);
  if (!WORDS[chosen]) return;
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
