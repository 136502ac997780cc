// @ts-check
/**
 * Two tones made on the spot: normal for what is new, urgent for what nobody has taken. Urgent repeats every ten seconds
 * until nothing urgent is left. A mute has an end that is shown.
 */
import { signal } from "../vendor/signals/signals.js";
import { MINUTE, now, second } from "./clocks.js";

const REPEAT = 10_000;
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

/** Instant until which the desk is muted; 0 when it is not. */
export const mutedUntil = signal(0);
/** Whether the browser lets us sound: it wants one touch first. */
export const allowed = signal(false);
/** How often each tone was sounded, for the tests and for the curious. */
export const sounded = { normal: 0, urgent: 0 };

/** Browsers give sound only after a touch or a key; the first one is used. */
export function listenForTouch() {
  const wake = () => {
    audio ??= new AudioContext();
    void audio.resume().then(() => {
      allowed.value = audio?.state === "running";
    });
  };
  for (const name of ["pointerdown", "keydown"]) addEventListener(name, wake, { capture: true });
}

/** @param {"normal" | "urgent"} name */
export function sound(name) {
  if (mutedUntil.value > now()) return;
  sounded[name] += 1;
  if (!audio || audio.state !== "running") return;
  for (const [pitch, after, length] of TONES[name]) beep(audio, pitch, audio.currentTime + after, length);
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
    sound("urgent");
    repeats = setInterval(() => sound("urgent"), REPEAT);
  }
  if (!waits && urgent) clearInterval(repeats);
  urgent = waits;
}

/** Mute for some minutes; 0 ends it. @param {number} minutes */
export function mute(minutes) {
  mutedUntil.value = minutes ? now() + minutes * MINUTE : 0;
}

/** Microseconds of mute that are left; 0 when it sounds. */
export const muteLeft = () => Math.max(0, mutedUntil.value - second.value);
