// @ts-check
/** What is done with an instruction: logged, passed on, answered, struck off. Two of them open the dialog with a search in the directory. */
import { signal } from "../../vendor/signals/signals.js";
import { act, newKey } from "../actions.js";
import { t } from "../i18n.js";
import { go } from "../route.js";
import { ask } from "./dialog.js";
import { unanswered } from "./instruction_rows.js";

/** @typedef {{kind: "log", incident: any} | {kind: "pass", instruction: any}} Wish */

/** Which of the two dialogs is open. @type {{value: Wish | null}} */
export const wished = signal(/** @type {Wish | null} */ (null));

/** @param {any} [incident] what it is about */
export function askToLog(incident) {
  wished.value = { kind: "log", incident: incident ?? null };
}

/** @param {any} instruction */
export function askToPassOn(instruction) {
  wished.value = { kind: "pass", instruction };
}

/**
 * One command; where it waits or was refused it is named by the instruction's number, for nobody knows the id.
 * @param {any} instruction @param {string} command @param {Record<string, any>} fields @param {{title: string, said?: string}} options
 */
const send = (instruction, command, fields, options) =>
  void act(`instruction/${instruction.id}/${command}`, fields, {
    ...options,
    about: `instruction/${instruction.number}`,
  });

/** Log it under an id of its own; once the desk has it, it is shown where one is at the list. @param {Record<string, any>} fields @param {boolean} open */
export async function log(fields, open) {
  const id = newKey();
  const answer = await act(`instruction/${id}/LogInstruction`, fields, { title: t("act.log"), about: "instruction/" });
  if (answer && open) go("instructions", id);
}

/** One command a unit, in the order they were chosen. @param {any} instruction @param {Array<{id: string, name: string}>} units @param {number} answerBy */
export function passOn(instruction, units, answerBy) {
  for (const { id, name } of units) {
    const said = t("done.passed_on", { name });
    send(instruction, "PassOn", { unit: id, answer_by: answerBy }, { title: `${t("act.pass_on")} ${name}`, said });
  }
}

/** @param {any} instruction @param {string} [unit] who answers, when it is known already */
export function feedback(instruction, unit) {
  const waiting = unanswered(instruction);
  ask({
    title: t("feedback.title", { number: instruction.number }),
    told: t("feedback.told"),
    fields: [
      {
        name: "unit",
        label: t("directory.unit"),
        kind: "choice",
        value: unit ?? waiting[0]?.unit,
        choices: waiting.map((told) => ({ value: told.unit, label: told.name })),
      },
      { name: "text", label: t("feedback.text"), kind: "long" },
    ],
    submit: t("act.feedback"),
    send: (values) => send(instruction, "GiveFeedback", values, { title: t("act.feedback") }),
  });
}

/** @param {any} instruction */
export function strikeOff(instruction) {
  const waiting = unanswered(instruction);
  const missing = waiting.map((told) => told.name).join("、");
  ask({
    title: t("strike_off.title", { number: instruction.number }),
    told: waiting.length ? t("strike_off.waiting", { names: missing }) : t("strike_off.told"),
    fields: [{ name: "reason", label: t("reason"), optional: instruction.units.length > 0 }],
    submit: t("act.strike_off"),
    send: (values) =>
      send(instruction, "StrikeOff", values, {
        title: t("act.strike_off"),
        said: t("done.struck_off", { number: instruction.number }),
      }),
  });
}
