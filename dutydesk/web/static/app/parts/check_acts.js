// @ts-check
/** What is done about a spot check: begun, judged, appealed, decided. */
import { useState } from "../../vendor/preact/hooks.js";
import { signal } from "../../vendor/signals/signals.js";
import { html } from "../../vendor/htm/preact.js";
import { act, newKey } from "../actions.js";
import { t, word } from "../i18n.js";
import { go } from "../route.js";
import { ask } from "./dialog.js";
import { Entry, ids, Shell, typed } from "./instruction_dialog.js";
import { Finder } from "./instruction_finder.js";

const REASONS = ["no_answer", "wrong_number", "forwarded", "not_rostered", "leader_unreachable", "cannot_state", "no_record"];
const wished = signal(false);

export const startCheck = () => {
  wished.value = true;
};

const close = () => {
  wished.value = false;
};

/** The dialog that begins one, when it is wanted. */
export const CheckDialog = () => (wished.value ? html`<${Start} />` : null);

function Start() {
  const [unit, setUnit] = useState(/** @type {any[]} */ ([]));
  const [target, setTarget] = useState("unit");
  const [way, setWay] = useState("voice");
  const [tried, setTried] = useState(false);
  const send = async () => {
    setTried(true);
    if (!unit[0]) return;
    close();
    const id = newKey();
    const fields = { unit: unit[0].id, target, way };
    const answer = await act(`check/${id}/StartCheck`, fields, { title: `${t("act.spot_check")} ${unit[0].name}` });
    if (answer) go("checks", id);
  };
  return html`<${Shell} title=${t("check.title")} told=${t("check.told")} submit=${t("act.spot_check")} send=${send} close=${close}>
    <${Finder} name="unit" kind="unit" label=${t("check.unit")} hint=${t("check.unit.hint")} chosen=${unit} choose=${setUnit}
      wrong=${tried && !unit[0] ? t("needed", { label: t("check.unit") }) : ""} />
    <${Entry} name="target" label=${t("check.target")}><${Choice} name="target" group="check.target" all=${["unit", "contact", "deputy"]} value=${target} choose=${setTarget} /></${Entry}>
    <${Entry} name="way" label=${t("check.way")}><${Choice} name="way" group="check.way" all=${["voice", "sms", "link"]} value=${way} choose=${setWay} /></${Entry}>
  </${Shell}>`;
}

/** @param {{name: string, group: string, all: string[], value: string, choose: (value: string) => void}} props */
const Choice = ({ name, group, all, value, choose }) =>
  html`<select ...${ids(name, "")} value=${value} onChange=${typed(choose)}>${all.map((one) => html`<option value=${one}>${word(group, one)}</option>`)}</select>`;

/** @param {any} one */
export function judge(one) {
  const results = ["", ...REASONS].map((value) => ({ value: value || "passed", label: value ? word("check.reason", value) : word("check.status", "passed") }));
  ask({
    title: t("check.judge.title", { number: one.number, name: one.name }),
    told: t("check.judge.told"),
    fields: [
      { name: "reason", label: t("check.judge.result"), kind: "choice", value: "passed", choices: results },
      { name: "note", label: t("check.judge.note"), kind: "long", optional: true },
    ],
    submit: t("act.check.judge"),
    send: ({ reason, note }) =>
      void act(`check/${one.id}/JudgeCheck`, { reason: reason === "passed" ? "" : reason, note }, { title: t("act.check.judge") }),
  });
}

/** @param {any} one */
export function appeal(one) {
  ask({
    title: t("check.appeal.title", { number: one.number, name: one.name }),
    told: t("check.appeal.told"),
    fields: [{ name: "text", label: t("check.appeal.text"), kind: "long" }],
    submit: t("act.check.appeal"),
    send: (values) => void act(`check/${one.id}/AppealCheck`, values, { title: t("act.check.appeal") }),
  });
}

/** @param {any} one */
export function decide(one) {
  const choices = [
    { value: "yes", label: t("check.decide.yes") },
    { value: "no", label: t("check.decide.no") },
  ];
  ask({
    title: t("check.decide.title", { number: one.number, name: one.name }),
    told: t("check.decide.told"),
    fields: [
      { name: "upheld", label: t("check.decide.upheld"), kind: "choice", value: "yes", choices },
      { name: "reason", label: t("reason"), kind: "long" },
    ],
    submit: t("act.check.decide"),
    send: ({ upheld, reason }) =>
      void act(`check/${one.id}/DecideCheckAppeal`, { upheld: upheld === "yes", reason }, { title: t("act.check.decide") }),
  });
}
