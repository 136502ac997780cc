// @ts-check
/**
 * The time as the hub has it, and how much of a deadline is left. The browser's own clock is never trusted: every frame
 * carries the hub's `now`, and the difference is kept here.
 */
import { computed, signal } from "../vendor/signals/signals.js";
import { pastAt } from "./past.js";

export const SECOND = 1_000_000; // microseconds, like every instant of the desk
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

let offset = 0;

/** The hub's time in microseconds; the instant looked at, where that is not now. */
export function now() {
  return pastAt || Date.now() * 1000 + offset;
}

/** The second that is shown; whoever reads it is drawn again each second. */
export const second = signal(now());

/** The same in steps of ten seconds, for ages. */
export const tenth = computed(() => Math.floor(second.value / (10 * SECOND)) * 10 * SECOND);

/** @param {number} hub the hub's `now` of a frame, in microseconds */
export function setHubTime(hub) {
  if (pastAt) return;
  const difference = hub - Date.now() * 1000;
  const step = Math.abs(difference - offset);
  offset = step > SECOND / 4 ? difference : offset + (difference - offset) / 8;
  if (step > SECOND) second.value = now();
}

/** Begin to tick, on the hub's seconds. */
export function startTicking() {
  if (pastAt) return;
  const wait = (SECOND - (now() % SECOND)) / 1000;
  setTimeout(() => {
    second.value = now();
    startTicking();
  }, wait + 2);
}

/**
 * The face of a deadline: calm, amber from half of its span, red from four fifths, late after it.
 * @param {number} left microseconds left, negative when late
 * @param {number} span microseconds the deadline had in all
 * @returns {"calm" | "amber" | "red" | "late"}
 */
export function face(left, span) {
  if (left <= 0) return "late";
  const used = span > 0 ? 1 - left / span : 0;
  if (used >= 0.8) return "red";
  return used >= 0.5 ? "amber" : "calm";
}

/**
 * 12:41 or 1:02:41; the sign is said by words, not here.
 * @param {number} length microseconds
 */
export function clockText(length) {
  const seconds = Math.max(0, Math.floor(Math.abs(length) / SECOND));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const tail = String(seconds % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}
