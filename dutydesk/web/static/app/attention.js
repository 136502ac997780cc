// @ts-check
/** Beside the sound: a note on the desktop while this page is out of sight, and a screen that stays on while something cries. */
import { signal } from "../vendor/signals/signals.js";

const able = "Notification" in globalThis; // only where the desk is reached by https or on this machine

/** Whether notes may be shown: default means nobody was asked yet. */
export const permission = signal(able ? Notification.permission : "unsupported");

const said = new Set();
/** @type {WakeLockSentinel | null} */
let lock = null;
let wanted = false;

/** Ask the officer; only ever called by their own button. */
export async function allowNotes() {
  permission.value = await Notification.requestPermission();
}

/**
 * Say something on the desktop, once for each id; nothing while the page is looked at.
 * @param {string} id
 * @param {string} title
 * @param {string} body
 * @param {boolean} stays until somebody touches it
 */
export function notifyOf(id, title, body, stays) {
  if (said.has(id)) return;
  said.add(id);
  if (permission.value !== "granted" || !document.hidden) return;
  const note = new Notification(title, { body, tag: id, requireInteraction: stays });
  note.onclick = () => {
    window.focus();
    note.close();
  };
}

/** Keep the screen on, or let it sleep again. @param {boolean} awake */
export function stayAwake(awake) {
  if (awake === wanted) return;
  wanted = awake;
  void hold();
}

async function hold() {
  if (!wanted) {
    await lock?.release();
    lock = null;
  } else if ("wakeLock" in navigator && !document.hidden && (!lock || lock.released)) {
    lock = await navigator.wakeLock.request("screen").catch(() => null); // refused when the battery is low
  }
}

/** A browser lets go of the lock when the page is hidden: take it again when it is seen. */
export function startAttention() {
  document.addEventListener("visibilitychange", () => void hold());
}
