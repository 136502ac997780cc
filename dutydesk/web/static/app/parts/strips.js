// @ts-check
/** The middle: open incidents as strips, whose clock runs out first on top. */
import { html } from "../../vendor/htm/preact.js";
import { pending } from "../actions.js";
import { MINUTE } from "../clocks.js";
import { shortNumber } from "../format.js";
import { t, word } from "../i18n.js";
import { person } from "../names.js";
import { useHeldOrder } from "../order.js";
import { link, route, select } from "../route.js";
import { may } from "../session.js";
import { nextPage, rows, strips } from "../store.js";
import { useWindow } from "../window.js";
import { Button, Countdown, DrillTag, Empty, Figure, Level, numeral, Room, Time, Unanswered } from "./basic.js";
import { flagName } from "./flags.js";
import { NextLegal } from "./legal.js";
import { inHand, state } from "./submission_rows.js";
import { logInward } from "./question_acts.js";
import { Lookers } from "./presence.js";

const HEIGHT = 90; // of a strip, about
const CORE = ["deaths", "injured", "missing"];
const MORE = ["seriously_injured", "trapped", "ill", "rescued", "evacuated"];

export function Strips() {
  const all = strips.value;
  const { list, shown, waiting, release } = useHeldOrder(all.map((one) => one.id));
  const { shown: drawn, above, below } = useWindow(list, shown, HEIGHT, route.value.id);
  const unsigned = all.filter((one) => !one.signed_by).length;
  const held = rows("incident");
  return html`<section class="column strips" aria-labelledby="strips-title">
    <header class="column-head">
      <h2 id="strips-title">${t("incidents")}</h2><span class="count">${all.length}</span>
      ${unsigned > 0 && html`<span class="tag outlined">${t("unsigned.count", { n: unsigned })}</span>`}
      ${may("inward", "LogInward") && html`<${Button} label=${t("act.inward")} hot="y" press=${logInward} id="log-inward" />`}
      <span class="sorted">${t("strips.sorted")}</span>
    </header>
    <div class="scroll" ref=${list} data-list="main" role="list" aria-label=${t("incidents")} data-testid="strips">
      ${
        waiting > 0 &&
        html`<button type="button" class="edge" onClick=${release}>
        ${t("edge.incidents", { n: waiting })}</button>`
      }
      <${Room} height=${above} />
      ${drawn.map((id) => html`<${Strip} key=${id} incident=${held.get(id)} />`)}
      <${Room} height=${below} />
      ${!all.length && html`<${Empty} title=${t("empty.incidents")} hint=${t("empty.incidents.hint")} />`}
    </div>
  </section>`;
}

/** @param {{incident: any}} props */
export function Strip({ incident }) {
  if (!incident) return null;
  const view = route.value.view === "incidents" ? "incidents" : "desk";
  const current = route.value.id === incident.id;
  const classes = [
    "strip",
    incident.signed_by ? "" : "unsigned",
    incident.drill ? "drill" : "",
    incident.open ? "" : "closed",
  ];
  return html`<div class=${classes.join(" ")} role="listitem" data-id=${incident.id} data-level=${numeral(incident.level)}>
    <a href=${link(view, incident.id)} data-row aria-current=${current ? "true" : undefined} data-testid=${`incident-${incident.id}`}
      onFocus=${() => current || focused(view, incident.id)}>
      <span class="strip-told">
        <span class="strip-top"><${Level} level=${incident.level} /><span class="strip-title">${incident.title}</span>
          <${DrillTag} on=${incident.drill} /><${Sensitive} flags=${incident.flags} /><${Lookers} stream=${`incident/${incident.id}`} /></span>
        <span class="strip-middle"><${Figures} incident=${incident} /></span>
        <span class="strip-bottom"><span class="number" title=${incident.number}>${shortNumber(incident.number)}</span>
          <${Holder} incident=${incident} /><${Upward} incident=${incident} /><span class="last-word">${incident.last_word}</span><${Time} at=${incident.last_report_at} /></span>
      </span>
      <span class="strip-clocks"><${Clock} incident=${incident} /></span>
    </a>
  </div>`;
}

/** @param {{flags: string[] | undefined}} props */
function Sensitive({ flags }) {
  if (!flags?.length) return null;
  return html`<span class="tag outlined" title=${flags.map(flagName).join("、")}>${t("flags.short")}</span>`;
}

/** Where the report in hand stands, so that whoever must sign sees it without looking for it. @param {{incident: any}} props */
function Upward({ incident }) {
  const report = incident.drafting ? inHand(incident.id) : undefined;
  return report ? html`<span class="tag outlined">${word("kind", report.kind)} ${state(report)}</span>` : null;
}

/** Walking the strips with j and k shows each at once where the third column stands beside them. @param {string} view @param {string} id */
function focused(view, id) {
  if (view === "desk" && matchMedia("(min-width: 1280px)").matches) select(id);
}

/** The page's clock, the law's next by phone and in writing: always in this order. @param {{incident: any}} props */
function Clock({ incident }) {
  if (!incident.open)
    return html`<span class="tag">${word("outcome", incident.outcome) || word("status", incident.status)}</span>`;
  return html`<${PageClock} page=${nextPage(incident.id)} />
    <${NextLegal} incident=${incident.id} channel="phone" /><${NextLegal} incident=${incident.id} channel="written" />`;
}

/** @param {{page: any}} props */
export function PageClock({ page }) {
  if (!page) return null;
  if (page.status === "exhausted") return html`<${Unanswered} />`;
  return html`<${Countdown} due=${page.answer_by} span=${spanOf(page)} label=${calling(page)} />`;
}

/** 带班领导 2/4: whom the page calls now. @param {any} page */
export const calling = (page) =>
  t("calling", { who: page.who.map((/** @type {string} */ who) => word("called", who)).join("、"), n: page.step + 1, of: page.steps });

/** How long this step had in all: since it began, as the row says. @param {any} page */
export function spanOf(page) {
  const since = page.step_started_at || (page.step === 0 && page.round === 0 ? page.started_at : null);
  return since ? page.answer_by - since : 5 * MINUTE;
}

/** @param {{incident: any}} props */
function Figures({ incident }) {
  const extra = MORE.filter((name) => incident.figures[name]);
  return html`<span class="figures">
    ${[...CORE, ...extra].map((name) => html`<${Figure} name=${name} value=${incident.figures[name]?.value} doubts=${incident.figures[name]?.doubts} />`)}
  </span>`;
}

/** Who has it. @param {{incident: any}} props */
export function Holder({ incident }) {
  const busy = pending(`incident/${incident.id}`);
  if (busy) return html`<span class="holder" role="status">${busy.title} ${t(`act.${busy.status}`)}</span>`;
  if (incident.assigned_to)
    return html`<span class="holder">${t("holder.assigned", { who: person(incident.assigned_to) })}</span>`;
  if (incident.signed_by)
    return html`<span class="holder">${t("holder.signed", { who: person(incident.signed_by) })}</span>`;
  return html`<span class="holder none">${t("holder.none")}</span>`;
}
