// @ts-check
/** Questions as rows: which are about an incident or a dispatch, who said what, who is silent, what is due next. Draws nothing. */
import { computed } from "../../vendor/signals/signals.js";
import { rows } from "../store.js";

/**
 * @typedef {{name: string, who: string, how: string, text: string, truth: string | null, figures: Record<string, any>,
 *   message: string | null, at: number, late_by: number}} Answer
 * @typedef {{unit: string, name: string, why: string, page: string, asked_at: number, unheard: boolean, answers: Answer[]}} Line
 */

/** Rows of the feed, and what was read with the detail where the feed has it no more; in the order they were asked. @param {(row: any) => boolean} wanted @param {any[]} had */
function merged(wanted, had) {
  const known = new Map(had.filter(wanted).map((one) => [one.id, one]));
  for (const [id, one] of rows("verification"))
    if (wanted(one) && (known.get(id)?.seq ?? 0) <= one.seq) known.set(id, one);
  return [...known.values()].sort((a, b) => a.asked_at - b.asked_at);
}

/** @param {string} incident @param {any[]} had */
export const questionsOf = (incident, had) => merged((one) => one.incident === incident && !one.dispatch, had);

/** Open questions about a message. @param {string} message */
export const openAbout = (message) => merged((one) => one.message === message && one.open, []);

/** The rounds of a dispatch, the newest first. @param {string} dispatch @param {any[]} had */
export const roundsOf = (dispatch, had) => merged((one) => one.dispatch === dispatch, had).reverse();

/** What was put to the duty room above about no incident, and has not ended: what was answered first, then the one due next. */
export const raised = computed(() =>
  [...rows("verification").values()]
    .filter((one) => one.open && one.asks === "guidance" && !one.incident && !one.message)
    .sort((a, b) => Number(b.answered > 0) - Number(a.answered > 0) || a.phone_by - b.phone_by),
);

/** Of these, what asks for an eye: an answer nobody has taken, silence past its time. */
export const raisedPressing = computed(() => raised.value.filter((one) => one.answered > 0 || one.overdue.length > 0));

/** The last thing a unit said. @param {Line} line @returns {Answer | undefined} */
export const last = (line) => line.answers[line.answers.length - 1];

const SAID = /^(?:部分属实|不属实|不清楚|属实)(?:[。.,,;;::!!\s]+|$)/; // as keys and buttons write it

/** What was said beside the verdict, which stands in front of it. @param {Answer} answer */
export const wordsOf = (answer) => (answer.truth ? answer.text.replace(SAID, "") : answer.text);

/** Units that have said nothing. @param {any} question @returns {Line[]} */
export const silent = (question) => question.lines.filter((/** @type {Line} */ line) => !line.answers.length);

/** Who is expected to be heard of about an incident. @param {string} incident */
export const checkinsOf = (incident) =>
  [...rows("checkin").values()].filter((one) => one.open && one.incident === incident);

/** Open dispatches: the next round due on top. */
export const dispatches = computed(() =>
  [...rows("dispatch").values()].filter((one) => one.open).sort((a, b) => (a.next_at ?? 0) - (b.next_at ?? 0)),
);

/** Marked periods under way. */
export const periods = computed(() => [...rows("period").values()].filter((one) => one.open));

/** What came from above and is not closed: what still waits for an answer first, the one due next on top. */
export const inwards = computed(() =>
  [...rows("inward").values()]
    .filter((one) => one.open)
    .sort(
      (a, b) => Number(a.status !== "waiting") - Number(b.status !== "waiting") || a.due_at - b.due_at || a.seq - b.seq,
    ),
);
