// @ts-check
/** On a phone, where messages stand before incidents: what is late and what cries for somebody stand before both. */
import { html } from "../../vendor/htm/preact.js";
import { crying, late } from "../alarm.js";
import { second, SECOND } from "../clocks.js";
import { t } from "../i18n.js";
import { link } from "../route.js";
import { firstDue, nextPage } from "../store.js";
import { Countdown, DrillTag, Level, numeral, Unanswered } from "./basic.js";
import { spanOf } from "./strips.js";

/** So many rows; the rest is a number, and stands below in the list. */
const MOST = 4;

/** Nothing where nothing is late or urgent. The style sheet shows it on phones only. */
export function LateFirst() {
  const over = late.value;
  const all = [...over, ...crying.value.filter((one) => !over.includes(one))];
  if (!all.length) return null;
  return html`<section class="late-first" aria-labelledby="late-title" data-testid="late-first">
    <h2 id="late-title">${t(over.length === all.length ? "late.title" : "late.urgent")} <span class="count">${all.length}</span></h2>
    <ul>${all.slice(0, MOST).map((one) => html`<${Row} key=${one.id} incident=${one} />`)}</ul>
    ${all.length > MOST && html`<p class="hint">${t("late.more", { n: all.length - MOST })}</p>`}
  </section>`;
}

/** @param {{incident: any}} props */
function Row({ incident }) {
  const due = firstDue(incident.id);
  const page = nextPage(incident.id);
  const span = due > second.value && page ? spanOf(page) : second.value - due + SECOND;
  return html`<li data-level=${numeral(incident.level)}><a href=${link("desk", incident.id)} data-testid=${`late-${incident.id}`}>
    <${Level} level=${incident.level} /><span class="strip-title">${incident.title}</span><${DrillTag} on=${incident.drill} />
    ${Number.isFinite(due) ? html`<${Countdown} due=${due} span=${span} />` : html`<${Unanswered} />`}</a></li>`;
}
