// @ts-check
/** Plans (预案) of an incident: those that fit are proposed; one at work is a list of steps with their clocks, ticked one by one. */
import { html } from "../../vendor/htm/preact.js";
import { act } from "../actions.js";
import { clock } from "../format.js";
import { t } from "../i18n.js";
import { person } from "../names.js";
import { may, me } from "../session.js";
import { rows } from "../store.js";
import { Button, Countdown } from "./basic.js";
import { ask } from "./dialog.js";
import { lateBy } from "./instruction_rows.js";

/** @param {{incident: any}} props */
export function Plans({ incident }) {
  const running = [...rows("plan").values()].filter((one) => one.incident === incident.id);
  const proposed = fitting(incident).filter((one) => !running.some((plan) => plan.plan === one.id));
  if (!running.length && !(proposed.length && incident.open && may("plan", "StartPlan"))) return null;
  return html`<section class="plans" aria-label=${t("plans")} data-testid="plans"><h3>${t("plans")}</h3>
    ${running.map((one) => html`<${Card} key=${one.id} one=${one} />`)}
    ${incident.open && may("plan", "StartPlan") && html`<div class="buttons">${proposed.map((one) => html`<${Button} label=${t("act.start_plan", { name: one.name })} press=${() => start(incident, one)} id=${`start-plan-${one.id}`} />`)}</div>`}
  </section>`;
}

/** @param {any} incident @returns {any[]} */
function fitting(incident) {
  const code = incident.code ?? "";
  const plans = /** @type {any} */ (me.value)?.plans ?? [];
  return plans.filter(
    (/** @type {any} */ one) =>
      code &&
      one.codes.some((/** @type {string} */ prefix) => code.startsWith(prefix)) &&
      (!one.levels.length || one.levels.includes(incident.level)),
  );
}

/** @param {any} incident @param {any} plan */
function start(incident, plan) {
  void act(`plan/${incident.id}-${plan.id}/StartPlan`, { plan: plan.id, incident: incident.id }, { title: t("act.start_plan", { name: plan.name }) });
} // prettier-ignore

/** @param {{one: any}} props */
function Card({ one }) {
  const done = one.steps.length - one.left;
  const first = one.steps.find((/** @type {any} */ step) => open(step))?.id;
  return html`<article class="plan-card" data-testid=${`plan-${one.plan}`}>
    <header class="detail-line"><b>${one.name}</b> <span class="count">${done}/${one.steps.length}</span>
      ${!one.confirmed && html`<span class="tag dashed" title=${one.law}>${t("legal.unconfirmed")}</span>`}
      <span class="soft">${clock(one.started_at)} ${person(one.started_by)}</span>
      ${one.status === "ended" ? html`<span class="tag">${t("plan.ended")}</span>` : may("plan", "EndPlan") && html`<button type="button" class="link" onClick=${() => end(one)} data-testid=${`end-plan-${one.plan}`}>${t("act.end_plan")}</button>`}
    </header>
    <ol class="plan-steps">${one.steps.map((/** @type {any} */ step) => html`<${Step} key=${step.id} plan=${one} step=${step} next=${step.id === first} />`)}</ol></article>`;
}

/** @param {any} step */
const open = (step) => !step.ticked_at && !step.skipped;

/** @param {{plan: any, step: any, next: boolean}} props */
function Step({ plan, step, next }) {
  const able = open(step) && plan.status === "running" && may("plan", "TickStep");
  return html`<li class=${open(step) ? "" : "done-step"} data-testid=${`step-${step.id}`}>
    <span class="plan-what">${step.what}</span> <span class="soft">${step.who}</span>
    <${State} plan=${plan} step=${step} />
    ${able && html`<button type="button" class=${next ? "primary" : ""} onClick=${() => tick(plan, step)} data-testid=${`tick-${step.id}`}>${t("act.tick")}</button>
      <button type="button" class="link" onClick=${() => skip(plan, step)} data-testid=${`skip-${step.id}`}>${t("act.skip")}</button>`}</li>`;
}

/** @param {{plan: any, step: any}} props */
function State({ plan, step }) {
  if (step.skipped) return html`<span class="tag">${t("step.skipped")}</span> <span class="soft">${step.skipped}</span>`;
  if (!step.ticked_at)
    return plan.status === "running"
      ? html`<${Countdown} due=${step.due_at} span=${step.due_at - plan.started_at} />`
      : html`<span class="tag outlined">${t("step.left")}</span>`;
  const late = step.late_by > 0 ? html` <span class="kept late">${lateBy(step.late_by)}</span>` : "";
  return html`<span class="soft">✓ ${clock(step.ticked_at)} ${person(step.by)} ${step.note}</span>${late}`;
}

/** @param {any} plan @param {any} step */
function tick(plan, step) {
  ask({
    title: step.what,
    fields: [{ name: "note", label: t("step.note"), optional: true }],
    submit: t("act.tick"),
    send: ({ note }) => void act(`plan/${plan.id}/TickStep`, { step: step.id, note: note ?? "" }, { title: t("act.tick") }),
  });
}

/** @param {any} plan @param {any} step */
function skip(plan, step) {
  ask({
    title: step.what,
    fields: [{ name: "reason", label: t("reason") }],
    submit: t("act.skip"),
    send: ({ reason }) => void act(`plan/${plan.id}/SkipStep`, { step: step.id, reason }, { title: t("act.skip") }),
  });
}

/** @param {any} plan */
function end(plan) {
  ask({
    title: t("act.end_plan"),
    told: plan.left ? t("plan.left", { n: plan.left }) : "",
    fields: [{ name: "reason", label: t("reason"), optional: !plan.left }],
    submit: t("act.end_plan"),
    send: ({ reason }) => void act(`plan/${plan.id}/EndPlan`, { reason: reason ?? "" }, { title: t("act.end_plan") }),
  });
}
