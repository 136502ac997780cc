// @ts-check
/** The sensitive circumstances of an incident: chips, and the dialog that sets them. */
import { html } from "../../vendor/htm/preact.js";
import { act } from "../actions.js";
import { t } from "../i18n.js";
import { may, me } from "../session.js";
import { ask } from "./dialog.js";

/** What a circumstance is called here. @param {string} id */
export const flagName = (id) => known(id)?.label ?? id;

/** @param {string} id */
const known = (id) => me.value?.flags?.find((flag) => flag.id === id);

/** @param {{incident: any}} props */
export function Flags({ incident }) {
  const set = incident.flags ?? [];
  const mayset = incident.open && may("incident", "SetFlags") && (me.value?.flags ?? []).length > 0;
  if (!set.length && !mayset) return null;
  return html`<p class="flags" data-testid="flags" aria-label=${t("flags")}>
    ${set.map((/** @type {string} */ id) => html`<span class="tag outlined" key=${id} title=${known(id)?.basis || undefined}>${flagName(id)}</span>`)}
    ${!set.length && html`<span class="hint">${t("flags.none")}</span>`}
    ${mayset && html`<button type="button" class="link" onClick=${() => setFlags(incident)} data-testid="set-flags">${t("act.flags")}</button>`}
  </p>`;
}

/** @param {any} incident */
function setFlags(incident) {
  const choices = (me.value?.flags ?? []).map((flag) => ({ value: flag.id, label: flag.label, hint: flag.basis }));
  ask({
    title: t("flags.title", { number: incident.number }),
    told: t("flags.told"),
    fields: [
      { name: "flags", label: t("flags"), kind: "checks", choices, checked: incident.flags ?? [], optional: true },
      { name: "reason", label: t("reason") },
    ],
    submit: t("act.flags"),
    send: (values) => void act(`incident/${incident.id}/SetFlags`, values, { title: t("act.flags") }),
  });
}
