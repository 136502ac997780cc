// @ts-check
/** Of one incident: how the units' reports were used, which faults were found, and a circular about it. */
import { html } from "../../vendor/htm/preact.js";
import { act, newKey } from "../actions.js";
import { clock } from "../format.js";
import { t, word } from "../i18n.js";
import { person } from "../names.js";
import { may } from "../session.js";
import { rows } from "../store.js";
import { Attachments } from "./attachments.js";
import { ask } from "./dialog.js";

const USES = ["special", "passed_on", "asked_for", "summary", "kept"];
const HONOURS = ["", "city", "province", "national"];

/** @param {{incident: any}} props */
export function Merits({ incident }) {
  const faults = about("fault", incident.id);
  const uses = about("use", incident.id);
  const able = may("use", "MarkUse");
  if (!able && !faults.length && !uses.length) return null;
  return html`<details class="merits" open=${faults.length + uses.length > 0} data-testid="merits"><summary>${t("faults")}</summary>
    <ul class="items">${uses.map((one) => html`<li key=${one.id}>${one.unit_name} <span class="tag">${word("use", one.use)}</span>${one.honour && html` <span class="tag outlined">${word("honour", one.honour)}${t("use.honour")}</span>`}</li>`)}
      ${faults.map((one) => html`<${Fault} key=${one.id} one=${one} />`)}</ul>
    <div class="buttons">
      ${able && html`<button type="button" onClick=${() => markUse(incident)} data-testid="mark-use">${t("act.use")}</button>`}
      ${may("fault", "RecordFault") && html`<button type="button" onClick=${() => recordFault(incident)} data-testid="record-fault">${t("act.fault")}</button>`}
      ${incident.unit && may("circular", "AskEventCircular") && html`<button type="button" onClick=${() => eventCircular(incident)} data-testid="event-circular">${t("act.event_circular")}</button>`}
    </div></details>`;
}

/** @param {string} kind @param {string} incident @returns {any[]} */
const about = (kind, incident) => [...rows(kind).values()].filter((one) => one.incident === incident);

/** @param {{one: any}} props */
function Fault({ one }) {
  return html`<li data-testid=${`fault-${one.id}`}>${one.unit_name} <span class="tag danger">${word("fault", one.kind)}</span>
    <span class="tag">${word("fault", one.status)}</span> ${one.grounds} <span class="soft">${person(one.by)}</span>
    ${one.appeals.map((/** @type {any} */ said) => html`<p class="quote">${t("fault.appeal")} ${said.text} <span class="soft">${person(said.by)} ${clock(said.at)}</span></p><${Attachments} media=${said.files} />`)}
    ${one.status === "stands" && may("fault", "AppealFault") && html`<button type="button" class="link" onClick=${() => appeal(one)}>${t("act.appeal")}</button>`}
    ${one.status === "appealed" && may("fault", "DecideAppeal") && html`<button type="button" class="link" onClick=${() => decide(one)}>${t("act.decide")}</button>`}</li>`;
}

/** @param {any} incident */
function markUse(incident) {
  ask({
    title: t("use.title"),
    fields: [
      { name: "unit", label: t("fault.unit"), value: incident.unit ?? "" },
      { name: "use", label: t("use.how"), kind: "choice", value: "special", choices: USES.map((value) => ({ value, label: word("use", value) })) },
      { name: "honour", label: t("use.honour"), kind: "choice", value: "", optional: true, choices: HONOURS.map((value) => ({ value, label: word("honour", value || "none") })) },
    ],
    submit: t("act.use"),
    send: (values) => void act(`use/${incident.id}.${values.unit}/MarkUse`, { incident: incident.id, ...values }, { title: t("act.use"), about: `incident/${incident.id}` }),
  }); // prettier-ignore
}

/** @param {any} incident */
function recordFault(incident) {
  ask({
    title: t("fault.title"),
    told: t("fault.told"),
    fields: [
      { name: "kind", label: t("fault.kind"), kind: "choice", value: "missed", choices: ["missed", "concealed", "false"].map((value) => ({ value, label: word("fault", value) })) },
      { name: "unit", label: t("fault.unit"), value: incident.unit ?? "" },
      { name: "grounds", label: t("fault.grounds"), kind: "long" },
    ],
    submit: t("act.fault"),
    send: (values) => void act(`fault/${newKey().slice(0, 12)}/RecordFault`, { incident: incident.id, happened_at: incident.received_at, ...values }, { title: t("act.fault"), about: `incident/${incident.id}` }),
  }); // prettier-ignore
}

/** @param {any} one */
function appeal(one) {
  ask({
    title: t("act.appeal"),
    fields: [{ name: "text", label: t("reason"), kind: "long" }],
    submit: t("act.appeal"),
    send: (values) => void act(`fault/${one.id}/AppealFault`, values, { title: t("act.appeal") }),
  });
}

/** @param {any} one */
function decide(one) {
  const choices = ["uphold", "withdraw"].map((value) => ({ value, label: word("fault", value) }));
  ask({
    title: t("act.decide"),
    fields: [
      { name: "decision", label: t("fault.decision"), kind: "choice", value: "uphold", choices },
      { name: "reason", label: t("reason"), kind: "long" },
    ],
    submit: t("act.decide"),
    send: ({ decision, reason }) =>
      void act(
        `fault/${one.id}/DecideAppeal`,
        { upheld: decision === "uphold", reason },
        { title: t("act.decide") },
      ),
  });
}

/** @param {any} incident */
function eventCircular(incident) {
  ask({
    title: t("act.event_circular"),
    told: t("event_circular.told"),
    fields: [],
    submit: t("act.event_circular"),
    send: () =>
      void act(
        `circular/event-${incident.id}-${newKey().slice(0, 6)}/AskEventCircular`,
        { incident: incident.id, unit: incident.unit },
        { title: t("act.event_circular"), about: `incident/${incident.id}`, said: t("event_circular.done") },
      ),
  });
}
