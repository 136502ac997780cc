// @ts-check
/** Rosters of the holidays and marked periods ahead: whether ours went out, and which units have not given theirs. */
import { html } from "../../vendor/htm/preact.js";
import { act } from "../actions.js";
import { clock } from "../format.js";
import { t, word } from "../i18n.js";
import { may } from "../session.js";
import { rows } from "../store.js";
import { Button } from "./basic.js";

export function Holidays() {
  const ahead = [...rows("holiday").values()].filter((one) => one.open).sort((a, b) => a.send_at - b.send_at);
  if (!ahead.length) return null;
  return html`<section class="leaves" data-testid="holidays"><h3>${t("holidays")}</h3>
    <ul class="items">${ahead.map((one) => html`<${Holiday} key=${one.id} one=${one} />`)}</ul></section>`;
}

/** @param {{one: any}} props */
function Holiday({ one }) {
  const owing = [...rows("unitroster").values()].filter((unit) => unit.open && unit.first === one.first);
  return html`<li data-testid=${`holiday-${one.id}`}><b>${one.name}</b> ${one.first}${one.last === one.first ? "" : ` – ${one.last}`}
    <p class="hint">${one.sent ? t("holiday.sent", { n: one.sent }) : t("holiday.not_sent", { time: clock(one.send_at) })}</p>
    ${one.sent > 0 && one.planned === false && html`<p class="wrong">${t("holiday.unplanned")}</p>`}
    ${one.gaps > 0 && html`<p class="wrong">${t("holiday.gaps", { n: one.gaps })}</p>`}
    ${owing.length > 0 && html`<details><summary>${t("holiday.waiting", { n: owing.length })}</summary><ul>${owing.map((unit) => html`<li key=${unit.id}>${unit.unit_name} <span class=${unit.status === "overdue" ? "kept late" : "hint"}>${word("unitroster", unit.status)}</span></li>`)}</ul></details>`}
    ${may("holiday", "SendRoster") && html`<div class="buttons"><${Button} label=${t("act.send_roster")} press=${() => void act(`holiday/${one.id}/SendRoster`, {}, { title: t("act.send_roster") })} id=${`send-${one.id}`} /></div>`}
  </li>`;
}
