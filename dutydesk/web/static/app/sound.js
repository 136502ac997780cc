// @ts-check
/**
 * Two tones made on the spot: normal for what is new, urgent for what nobody has taken. Urgent repeats every ten seconds
 * until nothing urgent is left. A mute has an end that is shown.
 */
import { effect, signal } from "../vendor/signals/signals.js";
import { MINUTE, now, second } from "./clocks.js";
import { frames } from "./feed.js";

const REPEAT = 10_000;
const SLACK = 200; // a timer may come a moment early
const TONES = {
  normal: [
    [660, 0, 0.16],
    [880, 0.18, 0.22],
  ],
  urgent: [
    [988, 0, 0.14],
    [740, 0.18, 0.14],
    [988, 0.36, 0.14],
    [740, 0.54, 0.22],
  ],
};

/** @type {AudioContext | null} */
let audio = null;
let urgent = false;
let repeats = 0;
let cried = 0;

/** Instant until which the desk is muted; 0 when it is not. */
export const mutedUntil = signal(0);
/** Whether the browser lets us sound: it wants one touch first. */
export const allowed = signal(false);
/** How often each tone was sounded, for the tests and for the curious. */
export const sounded = { normal: 0, urgent: 0 };

/** Browsers give sound only after a touch or a key; the first one is used. */
export function listenForTouch() {
  const touched = () => {
    audio ??= new AudioContext();
    void wake(audio);
  };
  for (const name of ["pointerdown", "keydown"]) addEventListener(name, touched, { capture: true });
  effect(() => {
    if (frames.value && urgent) again(); // timers of a hidden page are slowed to one a minute, frames are not
  });
}

/** A machine that idled or slept leaves its sound suspended; once touched, it may be woken without a touch. @param {AudioContext} context */
async function wake(context) {
  if (context.state !== "running") await context.resume().catch(() => undefined);
  allowed.value = context.state === "running";
}

/** @param {"normal" | "urgent"} name */
export function sound(name) {
  if (mutedUntil.value > now()) return;
  sounded[name] += 1;
  if (audio) void play(audio, name);
}

/** @param {AudioContext} context @param {"normal" | "urgent"} name */
async function play(context, name) {
  await wake(context);
  if (context.state !== "running") return;
  for (const [pitch, after, length] of TONES[name]) beep(context, pitch, context.currentTime + after, length);
}

/** @param {AudioContext} context @param {number} pitch @param {number} at @param {number} length */
function beep(context, pitch, at, length) {
  const [tone, volume] = [context.createOscillator(), context.createGain()];
  tone.type = "triangle";
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.35, at + 0.015);
  volume.gain.setValueAtTime(0.35, at + length - 0.04);
  volume.gain.linearRampToValueAtTime(0, at + length);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + length);
}

/** Say whether something urgent waits; the first cry is at once, then every ten seconds. @param {boolean} waits */
export function setUrgent(waits) {
  if (waits && !urgent) {
    cried = 0;
    again();
    repeats = setInterval(again, REPEAT);
  }
  if (!waits && urgent) clearInterval(repeats);
  urgent = waits;
}

/** Cry again when ten seconds have passed, whoever noticed it. */
function again() {
  if (Date.now() - cried < REPEAT - SLACK) return;
  cried = Date.now();
  sound("urgent");
}

/** Mute for some minutes; 0 ends it. @param {number} minutes */
export function mute(minutes) {
  mutedUntil.value = minutes ? now() + minutes * MINUTE : 0;
}

/** Microseconds of mute that are left; 0 when it sounds. */
export const muteLeft = () => Math.max(0, mutedUntil.value - second.value);
