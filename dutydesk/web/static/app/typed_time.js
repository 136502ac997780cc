// @ts-check
/**
 * What somebody types for a date and time, read forgivingly by Beijing's clock: `1420`, `14:20:05`, `11-26 14:20`, `昨晚8点`, `20分钟前`.
 * A browser's own field follows the browser's language and not ours. Nothing is guessed silently: the field shows what was read.
 */
import { HOUR, MINUTE, SECOND } from "./clocks.js";
import { full, parseTyped } from "./format.js";

const DAY = 24 * HOUR;
/** So far ahead may a time lie that should be past: clocks differ. */
const SLACK = 5 * MINUTE;
const DIGITS = "零一二三四五六七八九";
/** Days from today. */
const DAYS = { 大前: -3, 前: -2, 昨: -1, 今: 0, 当: 0, 本: 0, 明: 1, 次: 1, 翌: 1, 后: 2, yesterday: -1, today: 0, tomorrow: 1 };
/** Parts of the day after noon, and before it. */
const LATE = /下午|晚|傍晚|夜|pm/;
const EARLY = /凌晨|半夜|早|晨|am/;
const UNITS = { 秒: SECOND, s: SECOND, 分: MINUTE, m: MINUTE, 小时: HOUR, 时: HOUR, h: HOUR, 天: DAY, 日: DAY, d: DAY };

/** A day of the week, which must be that of the time it stands beside; numerals are digits by now. */
const WEEKDAY = /(?:星期|周|礼拜)\s*([1-6日天末])|\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*/g;
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** @typedef {{year: number, month: number, day: number}} Day */
/** @typedef {"past" | "future"} Lean which way an incomplete time is meant */

/** Full-width signs become plain, Chinese numerals digits, words that say nothing go. @param {string} typed */
function plain(typed) {
  return numbered(typed).replace(/大概|大约|左右|许$|约|钟头/g, (word) => (word === "钟头" ? "小时" : "")).replace(WEEKDAY, " ").replace(/(\d)\s*点钟/g, "$1点");
}

/** @param {string} typed */
function numbered(typed) {
  const narrow = typed.normalize("NFKC").toLowerCase().replace(/[,。]/g, " ").replace(/[·]/g, ".").trim();
  return narrow.replace(/[零一二两三四五六七八九十廿]+/g, (run) => String(numeral(run)));
}

/** 二十三 is 23, 十 is 10, 两 is 2. @param {string} run */
function numeral(run) {
  const one = (/** @type {string} */ sign) => (sign === "两" ? 2 : DIGITS.indexOf(sign));
  const [tens, ones] = run.replace("廿", "二十").split("十");
  if (ones === undefined) return [...run].map(one).join("");
  return (tens ? one(tens) : 1) * 10 + (ones ? one(ones) : 0);
}

/** 20分钟前, 半小时后, 2h ago: an instant by what lies between. @param {string} text @param {number} now */
function between(text, now) {
  if (/^(刚才|刚刚|现在|此刻|当前|now)$/.test(text)) return now;
  const said = /^(\d+|半)\s*个?(半)?\s*(秒|分|小时|天|日|s|m(?!o)|h|d)[a-z钟]*\s*(以?前|之前|ago|以?后|之后|later)$/.exec(text);
  if (!said) return null;
  const length = ((said[1] === "半" ? 0.5 : Number(said[1])) + (said[2] ? 0.5 : 0)) * /** @type {any} */ (UNITS)[said[3]];
  return /前|ago/.test(said[4]) ? now - length : now + length;
}

/** Takes the day out of the text; `said` is false where none was named. @param {string} text @param {Day} today @param {Lean} lean */
function dayIn(text, today, lean) {
  const whole = /(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})[日号]?t?/.exec(text) ?? /\b(20\d\d)(\d\d)(\d\d)(?=\d{4}\b|\d{6}\b|\D|$)t?/.exec(text);
  if (whole) return cut(text, whole[0], { year: Number(whole[1]), month: Number(whole[2]), day: Number(whole[3]) });
  const short = /(\d{1,2})\s*月\s*(\d{1,2})[日号]?/.exec(text) ?? /\b(\d{1,2})[-/](\d{1,2})(?!\d)/.exec(text) ?? /\b(\d{1,2})\.(\d{1,2})(?=\s+\S)/.exec(text);
  if (short) return cut(text, short[0], ofYear(today, { month: Number(short[1]), day: Number(short[2]) }, lean));
  const number = /\b(\d{1,2})[日号]/.exec(text);
  if (number) return cut(text, number[0], ofMonth(today, Number(number[1]), lean));
  const word = /(大前|前|昨|今|当|本|明|次|翌|后)(天|日|(?=晚|早|晨|夜|凌晨|上午|下午|中午))|yesterday|today|tomorrow/.exec(text);
  if (word) return cut(text, word[0], moved(today, /** @type {any} */ (DAYS)[word[1] ?? word[0]]));
  return { day: today, rest: text, said: false };
}

/** @param {string} text @param {string} found @param {Day} day */
const cut = (text, found, day) => ({ day, rest: text.replace(found, " ").trim(), said: true });

/** @param {Day} day @param {number} days @returns {Day} */
function moved(day, days) {
  const at = new Date(Date.UTC(day.year, day.month - 1, day.day + days));
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
}

/** @param {Day} day */
const order = (day) => day.year * 10_000 + day.month * 100 + day.day;

/** A date without its year: the last such one that has begun, or the next. @param {Day} today @param {{month: number, day: number}} said @param {Lean} lean @returns {Day} */
function ofYear(today, said, lean) {
  const same = { ...said, year: today.year };
  if (lean === "past") return order(same) > order(moved(today, 1)) ? { ...same, year: today.year - 1 } : same;
  return order(same) < order(moved(today, -1)) ? { ...same, year: today.year + 1 } : same;
}

/** A day of the month alone. @param {Day} today @param {number} day @param {Lean} lean @returns {Day} */
function ofMonth(today, day, lean) {
  const away = lean === "past" ? (day > today.day ? -1 : 0) : day < today.day ? 1 : 0;
  const first = new Date(Date.UTC(today.year, today.month - 1 + away, 1));
  return { year: first.getUTCFullYear(), month: first.getUTCMonth() + 1, day };
}

/** Hours, minutes, seconds of what is left; null when it is no time of day. @param {string} rest @returns {[number, number, number] | null} */
function timeIn(rest) {
  const text = rest.replace(/\s+/g, "").replace(/(上午|下午|中午|正午|凌晨|傍晚|半夜|夜里|晚上|早上|早晨|清晨|晚间|夜间|晚|早|夜|晨|am|pm|noon|的)/g, "");
  if (!text) return /中午|正午|noon/.test(rest) ? [12, 0, 0] : null;
  const signs = /^(\d{1,2})[:.点时h](\d{1,2}|半|整|1刻|3刻)?[:.分]?(\d{1,2})?秒?$/.exec(text);
  const bare = /^(\d{1,2})(\d\d)(\d\d)?$/.exec(text);
  const alone = /^(\d{1,2})$/.exec(text);
  const parts = signs ?? bare ?? (alone && /上午|下午|中午|凌晨|晚|早|夜|晨|am|pm/.test(rest) ? alone : null);
  if (!parts) return null;
  const minute = { 半: 30, 整: 0, "1刻": 15, "3刻": 45 }[parts[2] ?? "整"] ?? Number(parts[2]);
  const [hour, second] = [Number(parts[1]), Number(parts[3] ?? 0)];
  return hour > 24 || minute > 59 || second > 59 || (hour === 24 && minute + second > 0) ? null : [ofDay(hour, rest), minute, second];
}

/** 下午2点 is 14, 晚12点 is 24, 昨晚1点 an hour later, 凌晨12点 is 0, 中午1点 is 13. @param {number} hour @param {string} said */
function ofDay(hour, said) {
  if (/中午|正午/.test(said)) return hour < 4 ? hour + 12 : hour;
  if (EARLY.test(said)) return hour === 12 ? 0 : hour;
  if (!LATE.test(said) || hour > 12) return hour;
  if (hour === 12) return /pm|下午/.test(said) ? 12 : 24;
  return /晚|夜/.test(said) && !/傍晚/.test(said) && hour < 5 ? hour + 24 : hour + 12;
}

/** @param {Day} day @param {[number, number, number]} time */
function instant(day, [hour, minute, second]) {
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const midnight = parseTyped(`${day.year}-${two(day.month)}-${two(day.day)}T00:00:00`);
  const right = Number.isFinite(midnight) && full(midnight).slice(8, 10) === two(day.day); // no 31st of November
  return right ? midnight + hour * HOUR + minute * MINUTE + second * SECOND : null;
}

/** Whether every day of the week that is named is that of the instant. @param {string} typed @param {number} at */
function fits(typed, at) {
  const [year = 0, month = 0, day = 0] = full(at).slice(0, 10).split("-").map(Number);
  const is = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return [...numbered(typed).matchAll(WEEKDAY)].every((said) => (said[2] ? WEEKDAYS.indexOf(said[2]) : "日123456".indexOf(String(said[1]).replace("天", "日"))) === is);
}

/** What is meant: an instant, or a day without its time. @param {string} typed @param {number} now @param {Lean} lean @returns {{at: number, whole: boolean} | null} */
function meant(typed, now, lean) {
  const found = instantOf(typed, now, lean);
  return found && fits(typed, found.at) ? found : null;
}

/** @param {string} typed @param {number} now @param {Lean} lean @returns {{at: number, whole: boolean} | null} */
function instantOf(typed, now, lean) {
  const text = plain(typed);
  const relative = between(text, now);
  if (relative !== null) return { at: relative, whole: false };
  const [year = 0, month = 0, day = 0] = full(now).slice(0, 10).split("-").map(Number);
  const found = dayIn(text, { year, month, day }, lean);
  const whole = found.said && !found.rest;
  const time = whole ? /** @type {[number, number, number]} */ ([0, 0, 0]) : timeIn(found.rest);
  const at = time && instant(found.day, time);
  if (at === null) return null;
  if (found.said) return { at, whole };
  const days = lean === "past" ? Number(at > now + SLACK) : -Number(at <= now);
  return { at: at - days * DAY, whole };
}

/**
 * The instant that is meant, in microseconds; null when there is none in it, or a day only. A time without its day is the last such one, or
 * the next one where a deadline is meant.
 * @param {string} typed @param {number} now @param {Lean} [lean]
 */
export function readTime(typed, now, lean = "past") {
  const found = meant(typed, now, lean);
  return found && !found.whole ? found.at : null;
}

/** 2026-11-26 for a day, 2026-11-26T14:20 for a time, nothing for what cannot be read. @param {string} typed @param {number} now */
export function readMoment(typed, now) {
  const found = meant(typed, now, "past");
  return found ? full(found.at).slice(0, found.whole ? 10 : 16).replace(" ", "T") : "";
}
