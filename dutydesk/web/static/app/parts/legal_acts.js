// @ts-check
/** What is done with a legal clock: reported, its start corrected, lifted. Lateness is the desk's to compute. */
import { act } from "../actions.js";
import { now } from "../clocks.js";
import { clock as instant, parseTyped, typedTime } from "../format.js";
import { t, word } from "../i18n.js";
import { ask } from "./dialog.js";

/** It was told: to whom, when (now unless said otherwise). @param {any} one */
export function meet(one) {
  ask({
    title: t("met.title", { title: one.title }),
    told: t("met.told", { due: instant(one.due_at) }),
    fields: [
      { name: "whom", label: t("met.whom"), value: word("tier", one.receiver) },
      { name: "told_at", label: t("met.at"), kind: "time", value: typedTime(now()) },
      { name: "note", label: t("met.note"), optional: true },
    ],
    submit: t("act.met"),
    send: ({ told_at, ...rest }) => send(one, "MeetObligation", { ...rest, told_at: parseTyped(told_at) }, "act.met"),
  });
}

/** @param {any} one */
export function move(one) {
  ask({
    title: t("move.title", { title: one.title }),
    told: t("move.told", { start: instant(one.start_at), due: instant(one.due_at) }),
    fields: [
      { name: "start_at", label: t("move.at"), kind: "time", value: typedTime(one.start_at) },
      { name: "reason", label: t("reason") },
    ],
    submit: t("act.move"),
    send: ({ start_at, reason }) =>
      send(one, "MoveObligation", { start_at: parseTyped(start_at), reason }, "act.move"),
  });
}

/** @param {any} one */
export function lift(one) {
  ask({
    title: t("lift.title", { title: one.title }),
    told: t("lift.told"),
    fields: [{ name: "reason", label: t("reason") }],
    submit: t("act.lift"),
    send: (values) => send(one, "LiftObligation", values, "act.lift"),
  });
}

/** @param {any} one @param {string} command @param {Record<string, any>} fields @param {string} title */
function send(one, command, fields, title) {
  void act(`obligation/${one.id}/${command}`, fields, { title: `${t(title)} ${one.title}` });
}
