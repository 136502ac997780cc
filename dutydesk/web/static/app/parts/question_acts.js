// @ts-check
/** What is done with questions: asked, an answer typed in from a telephone call, concluded; check-ins, dispatches, periods, papers from above. */
import { signal } from "../../vendor/signals/signals.js";
import { act, newKey } from "../actions.js";
import { t, word } from "../i18n.js";
import { go } from "../route.js";
import { ask } from "./dialog.js";

/**
 * @typedef {{kind: "verify", about: "incident" | "message", id: string, number: string, asked?: any}} Verify
 * @typedef {{kind: "dispatch"} | {kind: "units", one: any, names: Map<string, string>} | {kind: "period"} | {kind: "checkin", incident: any}} Other
 */

/** Which of the dialogs that search the directory is open. @type {{value: Verify | Other | null}} */
export const wanted = signal(/** @type {Verify | Other | null} */ (null));

/** @param {any} incident @param {any} [asked] an open question more units are to be asked */
export function verify(incident, asked) {
  wanted.value = { kind: "verify", about: "incident", id: incident.id, number: incident.number, asked };
}

/** Whether what a message tells of is so, before it is an incident. @param {any} message @param {any} [asked] */
export function verifyMessage(message, asked) {
  wanted.value = { kind: "verify", about: "message", id: message.id, number: message.number, asked };
}

/** Ask them all at once. @param {Verify} wish @param {string} text @param {Array<{id: string, why: string}>} units */
export function askAll(wish, text, units) {
  const whys = Object.fromEntries(units.map((one) => [one.id, one.why]));
  const fields = { units: units.map((one) => one.id), whys };
  const said = t("done.asked", { n: units.length });
  const options = { title: t("act.verify"), about: `${wish.about}/${wish.id}`, said };
  if (wish.asked) return void act(`verification/${wish.asked.id}/AskMore`, fields, options);
  return void act(`verification/${newKey()}/AskUnits`, { ...fields, text, [wish.about]: wish.id }, options);
}

const SAID = ["true", "false", "partly", "unclear"];
const choices = (/** @type {string} */ group) => SAID.map((value) => ({ value, label: word(group, value) }));

/** An answer given by telephone, typed in: read like any report, so its figures count. @param {any} question @param {any} line */
export function typeAnswer(question, line) {
  const truth = question.asks === "truth";
  ask({
    title: t("typed.title", { name: line.name }),
    told: t("typed.told"),
    fields: [
      ...(truth
        ? [{ name: "truth", label: t("typed.truth"), kind: /** @type {const} */ ("choice"), choices: choices("said") }]
        : []),
      { name: "text", label: t("typed.text"), kind: "long", optional: truth },
    ],
    submit: t("act.typed"),
    send: ({ truth: said, text }) =>
      void act(
        "calls",
        { text: [word("said", said), text].filter(Boolean).join("。"), unit: line.unit, page: line.page },
        { title: t("act.typed"), about: `verification/${question.id}`, said: t("done.typed", { name: line.name }) },
      ),
  });
}

/** @param {any} question */
export function conclude(question) {
  ask({
    title: t("conclude.title", { number: question.number }),
    told: question.differ ? t("conclude.differ") : t("conclude.told"),
    fields: [
      { name: "truth", label: t("conclude.truth"), kind: "choice", choices: choices("truth") },
      { name: "reason", label: t("conclude.reason"), kind: "long", hint: t("conclude.reason.hint") },
      {
        name: "close",
        label: t("conclude.close"),
        kind: "checks",
        optional: true,
        choices: [{ value: "close", label: t("conclude.close.label") }],
      },
    ],
    submit: t("act.conclude"),
    send: ({ truth, reason, close }) =>
      void act(
        `verification/${question.id}/Conclude`,
        { truth, reason, close: close.includes("close") },
        { title: t("act.conclude"), about: `incident/${question.incident}` },
      ),
  });
}

/** @param {any} incident @param {string} contact @param {number | null} minutes */
export function startCheckIn(incident, contact, minutes) {
  const fields = { incident: incident.id, contact, every_minutes: minutes };
  void act(`checkin/${incident.id}-${contact}/StartCheckIn`, fields, {
    title: t("act.checkin"),
    about: `incident/${incident.id}`,
  });
}

/** @param {any} one */
export function endCheckIn(one) {
  void act(`checkin/${one.id}/EndCheckIn`, {}, { title: t("act.checkin.end"), about: `incident/${one.incident}` });
}

/** @param {Record<string, any>} fields */
export async function startDispatch(fields) {
  const id = newKey();
  const answer = await act(`dispatch/${id}/StartDispatch`, fields, { title: t("act.dispatch"), about: "dispatch/" });
  if (answer) go("dispatches", id);
}

/** From the next round on. @param {any} one @param {string[]} units */
export const setUnits = (one, units) => void act(`dispatch/${one.id}/SetUnits`, { units }, { title: t("act.dispatch.units") });

/** @param {any} one */
export const askAgain = (one) => void act(`dispatch/${one.id}/AskAgain`, {}, { title: t("act.again") });

/** @param {any} one */
export function endDispatch(one) {
  ask({
    title: t("dispatch.end", { number: one.number }),
    told: t("dispatch.end.told"),
    fields: [{ name: "reason", label: t("reason"), optional: true }],
    submit: t("act.dispatch.end"),
    send: (values) => void act(`dispatch/${one.id}/EndDispatch`, values, { title: t("act.dispatch.end") }),
  });
}

/** @param {Record<string, any>} fields */
export const markPeriod = (fields) =>
  void act(`period/${newKey()}/MarkPeriod`, fields, { title: t("act.period"), about: "period/" });

/** @param {any} one */
export function endPeriod(one) {
  ask({
    title: t("period.end", { name: one.name }),
    fields: [{ name: "reason", label: t("reason"), optional: true }],
    submit: t("act.period.end"),
    send: (values) => void act(`period/${one.id}/EndPeriod`, values, { title: t("act.period.end") }),
  });
}

const KINDS = ["document", "telegram", "question", "instruction", "warning"];

/** Something came from above. */
export function logInward() {
  ask({
    title: t("inward.title"),
    told: t("inward.told"),
    fields: [
      {
        name: "kind",
        label: t("inward.kind"),
        kind: "choice",
        choices: KINDS.map((value) => ({ value, label: word("inward.kind", value) })),
      },
      { name: "sender", label: t("inward.sender"), value: t("inward.sender.usual") },
      { name: "title", label: t("inward.subject") },
      { name: "reference", label: t("inward.reference"), optional: true },
      { name: "text", label: t("inward.text"), kind: "long", optional: true },
    ],
    submit: t("act.inward"),
    send: (values) =>
      void act(`inward/${newKey()}/LogInward`, values, { title: t("act.inward"), about: "inward/" }),
  });
}

/** @param {any} one @param {string} command @param {Record<string, any>} fields @param {string} title */
const inward = (one, command, fields, title) =>
  void act(`inward/${one.id}/${command}`, fields, { title, about: `inward/${one.number}` });

/** @param {any} one */
export const takeInward = (one) => inward(one, "TakeInward", {}, t("act.inward.take"));

/** @param {any} one */
export function answerInward(one) {
  ask({
    title: t("inward.answer.title", { number: one.number }),
    told: one.title,
    fields: [
      {
        name: "how",
        label: t("inward.how"),
        kind: "choice",
        choices: [
          ...(one.reply_to ? [{ value: "line", label: word("how", "line") }] : []),
          ...["phone", "written"].map((value) => ({ value, label: t(`legal.${value}`) })),
        ],
      },
      { name: "text", label: t("inward.answer"), kind: "long" },
      {
        name: "declined",
        label: t("inward.declined"),
        kind: "checks",
        optional: true,
        choices: [{ value: "declined", label: t("inward.declined.label") }],
      },
    ],
    submit: t("act.inward.answer"),
    send: ({ declined, ...values }) =>
      inward(one, "AnswerInward", { ...values, declined: declined.includes("declined") }, t("act.inward.answer")),
  });
}

/** @param {any} one */
export function closeInward(one) {
  ask({
    title: t("inward.close.title", { number: one.number }),
    told: one.reply_to && one.status === "waiting" ? t("inward.close.told") : one.title,
    fields: [{ name: "reason", label: t("inward.close.reason"), kind: "long", optional: one.status === "answered" }],
    submit: t("act.inward.close"),
    send: (values) => inward(one, "CloseInward", values, t("act.inward.close")),
  });
}
