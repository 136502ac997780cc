// @ts-check
/** 请示: a question put to the duty room above, about an incident or about none, and its end. */
import { act, newKey } from "../actions.js";
import { t } from "../i18n.js";
import { read } from "../session.js";
import { ask } from "./dialog.js";
import { itsFiles, ownFiles } from "./uploads.js";

/** Whom to ask is what the desk knows: the room a line leads to, else the one above us by its tier. @param {any} [incident] */
export async function askAbove(incident) {
  const found = await read(incident ? `proposals/incident/${encodeURIComponent(incident.id)}` : "above");
  const above = found?.above;
  if (!above) return;
  const rooms = above.units.filter((/** @type {any} */ one) => one.linked || one.reachable);
  const source = above.confirmed ? "" : ` ${t("legal.unconfirmed")}:${above.law}`;
  ask({
    title: incident ? t("guidance.title", { number: incident.number }) : t("act.guidance"),
    told: (rooms.length ? t(incident ? "guidance.told" : "guidance.told.alone", { minutes: above.minutes }) : t("guidance.nobody")) + source,
    fields: [
      {
        name: "unit",
        label: t("guidance.whom"),
        kind: "choice",
        value: rooms[0]?.unit ?? "",
        choices: rooms.map((/** @type {any} */ one) => ({
          value: one.unit,
          label: `${one.name} · ${t(one.linked ? "guidance.by_link" : "guidance.by_text")}`,
        })),
      },
      { name: "text", label: t("guidance.text"), kind: "long", hint: t("guidance.text.hint") },
      // only a line carries files
      ...(rooms.some((/** @type {any} */ one) => one.linked) ? [ownFiles(t("guidance.files.hint")), ...(incident ? [itsFiles()] : [])] : []),
    ],
    submit: t("act.guidance"),
    send: ({ unit, text, files = [], attach = [] }) => {
      const name = rooms.find((/** @type {any} */ one) => one.unit === unit)?.name ?? unit;
      const fields = { asks: "guidance", units: [unit], whys: { [unit]: "above" }, text, incident: incident?.id ?? null, files, attach: attach.includes("attach") };
      void act(`verification/${newKey()}/AskUnits`, fields, {
        title: t("act.guidance"),
        about: incident ? `incident/${incident.id}` : "",
        said: t("done.guidance", { name }),
      });
    },
  });
}

/** It ends with what they said, or with the reason why nobody waits for it. @param {any} question */
export function endGuidance(question) {
  const free = question.answered > 0;
  ask({
    title: t("guidance.end", { number: question.number }),
    told: free ? question.text : t("guidance.end.told"),
    fields: [{ name: "reason", label: t("reason"), kind: "long", optional: free }],
    submit: t("act.inward.close"),
    send: ({ reason }) =>
      void act(
        `verification/${question.id}/Conclude`,
        { reason },
        { title: t("act.guidance"), about: question.incident ? `incident/${question.incident}` : `verification/${question.id}` },
      ),
  });
}
