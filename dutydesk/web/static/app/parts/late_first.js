// @ts-check
/** On a phone, where messages stand before incidents: what is late stands before both. */
import { html } from "../../vendor/htm/preact.js";
import { late } from "../alarm.js";
import { second, SECOND } from "../clocks.js";
import { t } from "../i18n.js";
import { link } from "../route.js";
import { firstDue } from "../store.js";
import { Countdown, DrillTag, Level, numeral, Unanswered } from "./basic.js";

/** So many rows; the rest is a number, and stands below in the list. */
const MOST = 4;

/** Nothing where nothing is late. The style sheet shows it on phones only. */
export function LateFirst() {
  const all = late.value;
  if (!all.length) return null;
  return html`<section class="late-first" aria-labelledby="late-title" data-testid="late-first">
    <h2 id="late-title">${t("late.title")} <span class="count">${all.length}</span></h2>
    <ul>${all.slice(0, MOST).map((one) => html`<${Row} key=${one.id} incident=${one} />`)}</ul>
    ${all.length > MOST && html`<p class="hint">${t("late.more", { n: all.length - MOST })}</p>`}
  </section>`;
}

/** @param {{incident: any}} props */
function Row({ incident }) {
  const due = firstDue(incident.id);
  return html`<li data-level=${numeral(incident.level)}><a href=${link("desk", incident.id)} data-testid=${`late-${incident.id}`}>
    <${Level} level=${incident.level} /><span class="strip-title">${incident.title}</span><${DrillTag} on=${incident.drill} />
    ${Number.isFinite(due) ? html`<${Countdown} due=${due} span=${second.value - due + SECOND} />` : html`<${Unanswered} />`}</a></li>`;
}
