// @ts-check
/** What an officer can decide about a message: a new incident, more about an open one, or no report. */
import { act } from "../actions.js";
import { sender } from "../format.js";
import { t } from "../i18n.js";
import { route } from "../route.js";
import { strips } from "../store.js";
import { ask } from "./dialog.js";

/** @param {any} message */
export function openNew(message) {
  void act(
    `message/${message.id}/OpenFromMessage`,
    {},
    { title: t("act.open"), said: t("done.opened", { number: message.number }) },
  );
}

/** @param {any} message */
export function attach(message) {
  const choices = strips.value.map((one) => ({ value: one.id, label: `${one.number} ${one.title}` }));
  if (!choices.length) return openNew(message);
  const looked = choices.find((one) => one.value === route.value.id); // what is looked at is most likely meant
  ask({
    title: t("attach.title", { number: message.number }),
    told: `${sender(message)}:${message.text.slice(0, 120)}`,
    fields: [
      { name: "incident", label: t("incident"), kind: "choice", choices: looked ? choices : [{ value: "", label: t("choose") }, ...choices], value: looked?.value ?? "" },
      { name: "reason", label: t("reason"), optional: true },
    ],
    submit: t("act.attach"),
    send: (values) => void act(`message/${message.id}/AttachMessage`, values, { title: t("act.attach") }),
  });
}

/** @param {any} message */
export function dismiss(message) {
  ask({
    title: t("dismiss.title", { number: message.number }),
    told: t("dismiss.told"),
    fields: [{ name: "reason", label: t("reason"), value: "" }],
    submit: t("act.dismiss"),
    send: (values) =>
      void act(`message/${message.id}/DismissMessage`, values, {
        title: t("act.dismiss"),
        undo: () => void act(`message/${message.id}/RestoreMessage`, {}, { title: t("act.restore") }),
        said: t("done.dismissed", { number: message.number }),
      }),
  });
}
