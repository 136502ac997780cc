// @ts-check
/** An instruction as a line of a list, and the section of an incident that lists those about it. */
import { html } from "../../vendor/htm/preact.js";
import { clock } from "../format.js";
import { t, word } from "../i18n.js";
import { link, route } from "../route.js";
import { may } from "../session.js";
import { Button, Countdown, DrillTag } from "./basic.js";
import { askToLog } from "./instruction_acts.js";
import { instructionsOf, nextTold, progress } from "./instruction_rows.js";

/** Its words, who said them when, how many answered, and the time left. @param {{one: any}} props */
export function Item({ one }) {
  const current = route.value.view === "instructions" && route.value.id === one.id;
  return html`<div class=${`line-item instruction ${one.drill ? "drill" : ""} ${one.open ? "" : "ended"}`} role="listitem" data-id=${one.id}>
    <a href=${link("instructions", one.id)} data-row aria-current=${current ? "true" : undefined} data-testid=${`instruction-${one.id}`}>
      <span class="instruction-words">${one.text}</span>
      <${State} one=${one} />
      <span class="instruction-told"><span class="number">${one.number}</span><span>${t("instruction.said", { who: one.leader_name, time: clock(one.said_at) })}</span>
        <span>${progress(one)}</span><${DrillTag} on=${one.drill} /></span>
    </a></div>`;
}

/** The time of the answer due next; in words where nobody owes one. @param {{one: any}} props */
export function State({ one }) {
  const next = one.open ? nextTold(one) : undefined;
  if (next)
    return html`<${Countdown} due=${next.answer_by} span=${next.answer_by - next.given_at} told=${t("instruction.owes", { name: next.name })} />`;
  if (!one.open) return html`<span class="tag">${word("instruction", "struck_off")}</span>`;
  return html`<span class="tag outlined">${word("instruction", one.units.length ? "all_answered" : "logged")}</span>`;
}

/** @param {{incident: any, timeline: any[]}} props */
export function OfIncident({ incident, timeline }) {
  const all = instructionsOf(incident.id, timeline);
  const log = incident.open && may("instruction", "LogInstruction");
  if (!all.length && !log) return null;
  return html`<section class="of-incident" aria-labelledby="instructions-title" data-testid="instructions-of">
    <h3 id="instructions-title">${t("instructions")}
      ${log && html`<${Button} label=${t("act.log")} hot="i" press=${() => askToLog(incident)} id="log-instruction" />`}</h3>
    ${
      all.length
        ? html`<div role="list" aria-label=${t("instructions")}>${all.map((one) => html`<${Item} key=${one.id} one=${one} />`)}</div>`
        : html`<p class="hint">${t("instruction.none_here")}</p>`
    }
  </section>`;
}
