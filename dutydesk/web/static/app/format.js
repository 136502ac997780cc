// @ts-check
/** How instants, figures, numbers and people are written. Everything here is text from values; nothing draws. */
import { HOUR, MINUTE, SECOND, tenth } from "./clocks.js";
import { language, t, word } from "./i18n.js";

const ZONE = "Asia/Shanghai";
/** @type {Map<string, Intl.DateTimeFormat>} */
const made = new Map();

/** @param {Intl.DateTimeFormatOptions} options @param {string} [locale] */
function formatter(options, locale = "zh-CN") {
  const name = locale + JSON.stringify(options);
  let found = made.get(name);
  if (!found)
    made.set(name, (found = new Intl.DateTimeFormat(locale, { timeZone: ZONE, hourCycle: "h23", ...options })));
  return found;
}

/** @param {number} at */
const moment = (at) => new Date(at / 1000);

/** By Beijing's clock, which has been eight hours ahead without summer time since 1991: written out, for Intl is slow in long lists. @param {number} at */
const written = (at) => new Date(at / 1000 + 8 * 3_600_000).toISOString();

/** 14:07 @param {number} at */
export const hhmm = (at) => written(at).slice(11, 16);

/** 14:07:31 @param {number} at */
export const hhmmss = (at) => written(at).slice(11, 19);

/** 周一 @param {number} at */
export const weekday = (at) =>
  formatter({ weekday: "short" }, language.value === "zh" ? "zh-CN" : "en-GB").format(moment(at));

/** 11-23 @param {number} at */
export const monthDay = (at) => written(at).slice(5, 10);

/** 2026-11-23 14:07:31 @param {number} at */
export const full = (at) => `${written(at).slice(0, 10)} ${hhmmss(at)}`;

/** 14:07 today, 11-22 14:07 otherwise. @param {number} at */
export function clock(at) {
  return monthDay(at) === monthDay(tenth.value) ? hhmm(at) : `${monthDay(at)} ${hhmm(at)}`;
}

/** An instant as a field for date and time holds it, by Beijing's clock. @param {number} at */
export const typedTime = (at) => full(at).replace(" ", "T");

/** The instant such a field says. @param {string} typed */
export const parseTyped = (typed) => Date.parse(`${typed}+08:00`) * 1000;

/** 004 for an incident of today, 1122-004 for an older one. @param {string} number */
export function shortNumber(number) {
  const [day = "", n = ""] = number.split("-");
  return day.slice(4) === monthDay(tenth.value).replace("-", "") ? n : number.slice(4);
}

/** 13 分钟前, in steps that do not fidget. @param {number} at */
export function age(at) {
  const since = tenth.value - at;
  if (since < MINUTE) return t("age.now");
  if (since < HOUR) return t("age.minutes", { n: Math.floor(since / MINUTE) });
  if (since < 24 * HOUR) return t("age.hours", { n: Math.floor(since / HOUR), m: Math.floor((since % HOUR) / MINUTE) });
  return t("age.days", { n: Math.floor(since / (24 * HOUR)) });
}

/** 2 小时 39 分, for what lies ahead. @param {number} length */
export function span(length) {
  const minutes = Math.max(0, Math.floor(length / MINUTE));
  if (minutes < 60) return t("span.minutes", { n: minutes });
  return t("span.hours", { n: Math.floor(minutes / 60), m: minutes % 60 });
}

/** 12 秒, 3 分 20 秒: how long something took. @param {number} length */
export function took(length) {
  const seconds = Math.max(0, Math.round(length / SECOND));
  if (seconds < 60) return t("took.seconds", { n: seconds });
  return t("took.minutes", { n: Math.floor(seconds / 60), s: seconds % 60 });
}

/**
 * A figure's three faces: a number, none, unknown. `null` never becomes 0.
 * @param {number | {min?: number | null, max?: number | null} | null | undefined} value
 * @returns {{text: string, face: "number" | "none" | "unknown"}}
 */
export function figure(value) {
  if (value === null || value === undefined) return { text: t("figure.unknown"), face: "unknown" };
  if (typeof value === "number")
    return value === 0 ? { text: t("figure.none"), face: "none" } : { text: amount(value), face: "number" };
  const { min = null, max = null } = value;
  if (min !== null && max !== null) return { text: `${amount(min)}–${amount(max)}`, face: "number" };
  if (min !== null) return { text: `≥${amount(min)}`, face: "number" };
  return max !== null ? { text: `≤${amount(max)}`, face: "number" } : { text: t("figure.unknown"), face: "unknown" };
}

/** @param {number} value */
function amount(value) {
  if (value >= 10_000 && language.value === "zh") return `${Number((value / 10_000).toFixed(2))}万`;
  return value.toLocaleString("en-US").replaceAll(",", "\u2009");
}

/** +86 120 0000 1000, in groups one can read out. @param {string} number */
export function phone(number) {
  const found = /^\+86(\d{3})(\d{4})(\d{4})$/.exec(number ?? "");
  return found ? `${found[1]} ${found[2]} ${found[3]}` : (number ?? "");
}

/** "市南区应急局 王强 · 138…" for a message. @param {Record<string, any>} message */
export function sender(message) {
  const form = message.form ?? {};
  const unit = message.unit_name || form.caller_unit || "";
  const name = message.sender_name || form.caller_name || "";
  if (unit || name) return [unit, name].filter(Boolean).join(" ");
  return message.sender ? phone(message.sender) : t("sender.unknown");
}

/** Where a message came in. @param {Record<string, any>} message */
export const channel = (message) => word("channel", message.channel);

/** 14:07 of an ISO text, with the date when it is another day; unchanged when it is no date. @param {string} iso */
export function isoClock(iso) {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return iso;
  return /T/.test(iso) ? clock(at * 1000) : iso;
}
