// @ts-check
/** 请示 that is about no incident: a list in 调度, and on the desk screen whatever was answered or is overdue. */
import { html } from "../../vendor/htm/preact.js";
import { t } from "../i18n.js";
import { link } from "../route.js";
import { may } from "../session.js";
import { Button, DrillTag } from "./basic.js";
import { askAbove } from "./guidance_acts.js";
import { raised } from "./question_rows.js";
import { Question } from "./questions.js";

/** Where they are put and read. */
export function Raised() {
  const all = raised.value;
  const start = may("verification", "AskUnits");
  if (!all.length && !start) return null;
  return html`<section class="periods" aria-labelledby="raised-title" data-testid="raised">
    <h3 id="raised-title">${t("guidance")}
      ${start && html`<${Button} label=${t("act.guidance")} hot="h" press=${() => void askAbove()} id="ask-above-alone" />`}</h3>
    ${all.map((one) => html`<${Question} key=${one.id} one=${one} incident=${{ id: "", open: true }} />`)}
    ${!all.length && html`<p class="hint">${t("guidance.none")}</p>`}
  </section>`;
}

/** One of them on the desk screen: what came back, and the way to it. @param {{one: any}} props */
export function RaisedRow({ one }) {
  const said = one.lines.flatMap((/** @type {any} */ line) => line.answers.map((/** @type {any} */ answer) => `${line.name}:${answer.text}`));
  return html`<li class=${`inward ${one.drill ? "drill" : ""}`} data-testid=${`raised-${one.id}`}>
    <span class="tag outlined">${t("guidance")}</span>
    <span class="inward-told"><b>${one.text}</b> <span class="hint">${one.number}</span><${DrillTag} on=${one.drill} />
      ${said.map((/** @type {string} */ words) => html`<p class="quote">${words}</p>`)}</span>
    ${!said.length && html`<span class="kept late">${t("guidance.silent")}</span>`}
    <span class="buttons small"><a class="button" href=${link("dispatches")}>${t("guidance.open")}</a></span></li>`;
}
