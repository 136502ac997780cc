// @ts-check
/**
 * Who else sits at the desk, what they look at and what they have in hand. It is said over the feed's line and never
 * queued; a hold is a courtesy among people, ends a minute after its holder falls silent, and can be taken over by anyone, visibly.
 */
import { computed, effect } from "../vendor/signals/signals.js";
import { asked } from "./asking.js";
import { present, say, state } from "./feed.js";
import { route } from "./route.js";
import { me } from "./session.js";

const AGAIN = 20_000; // milliseconds: three times within the minute after which a hold ends
/** @type {Record<string, string>} */
const KINDS = { desk: "incident", incidents: "incident", instructions: "instruction", circulars: "circular" };

/** What is open here, as a stream; empty: a list only. */
export const open = computed(() => {
  const kind = KINDS[route.value.view];
  return kind && route.value.id ? `${kind}/${route.value.id}` : "";
});

/** What is being changed here: the open stream while a dialog about it stands. */
const changing = computed(() => (asked.value ? open.value : ""));
/** Everybody else with a console open, one entry for each, with all they have open. */
export const others = computed(() => {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const { username, open: what } of present.value.here)
    if (username !== me.value?.username) found.set(username, [...(found.get(username) ?? []), what]);
  return [...found].map(([username, streams]) => ({ username, open: streams.filter(Boolean) }));
});

/** Who else looks at a stream. @param {string} stream */
export const lookers = (stream) =>
  others.value.filter((one) => one.open.includes(stream)).map((one) => one.username);

/** Who else has it in hand, since when. @param {string} stream */
export const holder = (stream) =>
  present.value.holds.find((one) => one.stream === stream && one.username !== me.value?.username);

/** Take over what another has in hand: they see it at once. */
export function takeOver() {
  tell(true);
}

/** @param {boolean} [take] */
function tell(take = false) {
  if (me.value) say({ open: open.value, hold: changing.value, ...(take ? { take: true } : {}) });
}

/** Say it whenever it changes, when the line comes up, and again before a hold would end. */
export function startPresence() {
  effect(() => {
    void open.value;
    void changing.value;
    if (state.value === "live" && me.value) queueMicrotask(tell);
  });
  setInterval(tell, AGAIN);
}
