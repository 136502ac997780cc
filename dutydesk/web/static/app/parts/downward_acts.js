// @ts-check
/** What is done with what goes down a line: sent, an answer by telephone typed in, ended. */
import { act, newKey } from "../actions.js";
import { MINUTE, now } from "../clocks.js";
import { t, word } from "../i18n.js";
import { strips } from "../store.js";
import { ask } from "./dialog.js";
import { below } from "./downward_rows.js";
import { itsFiles, ownFiles } from "./uploads.js";

const KINDS = ["question", "instruction", "document"];
const DUE = ["", "15", "30", "60", "120", "240"];

/** One command a duty room, in the order of the list. @param {any} [incident] what it is about */
export function sendDown(incident) {
  const rooms = below.value.map((one) => ({ value: one.unit, label: one.unit_name || one.unit }));
  ask({
    title: t("downward.title"),
    told: t("downward.told"),
    fields: [
      {
        name: "kind",
        label: t("downward.kind"),
        kind: "choice",
        choices: KINDS.map((value) => ({ value, label: word("downward.kind", value) })),
      },
      {
        name: "units",
        label: t("downward.units"),
        kind: "checks",
        choices: rooms,
        checked: rooms.length === 1 ? [rooms[0].value] : [],
      },
      { name: "title", label: t("inward.subject") },
      { name: "text", label: t("inward.text"), kind: "long", optional: true },
      {
        name: "due",
        label: t("downward.due"),
        kind: "choice",
        choices: DUE.map((value) => ({ value, label: value ? t(`every.${value}`) : t("downward.due.usual") })),
        optional: true,
      },
      {
        name: "incident",
        label: t("incident"),
        kind: "choice",
        value: incident?.id ?? "",
        choices: [
          { value: "", label: t("log.no_incident") },
          ...strips.value.map((one) => ({ value: one.id, label: `${one.number} ${one.title}` })),
        ],
        optional: true,
      },
      ownFiles(t("attached.along.hint")),
      itsFiles(),
    ],
    submit: t("act.downward"),
    send: ({ units, due, incident: about, attach, ...said }) => {
      const fields = { ...said, attach: attach.includes("attach"), incident: about || null, answer_by: due ? now() + Number(due) * MINUTE : null };
      for (const unit of units) {
        const name = rooms.find((one) => one.value === unit)?.label ?? unit;
        void act(
          `downward/${newKey()}/SendDown`,
          { ...fields, unit },
          { title: `${t("act.downward")} ${name}`, about: "downward/", said: t("done.downward", { name }) },
        );
      }
    },
  });
}

/** @param {any} one */
export function typeDown(one) {
  ask({
    title: t("typed.title", { name: one.unit_name }),
    told: one.title,
    fields: [{ name: "text", label: t("typed.text"), kind: "long" }],
    submit: t("act.typed"),
    send: (values) => void act(`downward/${one.id}/TakeAnswer`, values, { title: t("act.typed") }),
  });
}

/** @param {any} one */
export function endDown(one) {
  const free = one.answers.length > 0 || one.kind === "document";
  ask({
    title: t("downward.end", { number: one.number }),
    told: free ? one.title : t("downward.end.told"),
    fields: [{ name: "reason", label: t("reason"), optional: free }],
    submit: t("act.inward.close"),
    send: (values) => void act(`downward/${one.id}/EndDown`, values, { title: t("act.inward.close") }),
  });
}
