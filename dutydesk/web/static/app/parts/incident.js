// @ts-check
/** The right column: the selected incident, what to do next at the top, what happened below. */
import { html } from "../../vendor/htm/preact.js";
import { underway } from "../actions.js";
import { useDetail } from "../detail.js";
import { t, word } from "../i18n.js";
import { person } from "../names.js";
import { pastAt } from "../past.js";
import { go, link, route } from "../route.js";
import { may, me } from "../session.js";
import { nextPage, row, rows } from "../store.js";
import { Attached } from "./attached.js";
import { Button, DrillTag, Empty, Level, numeral, Time } from "./basic.js";
import { Pages } from "./calls.js";
import { DownOf } from "./downward.js";
import { Facts } from "./facts.js";
import { Paper } from "./files.js";
import { Flags } from "./flags.js";
import { assign, assignToOther, call, close, merge, mergeInto, note, reopen, sign, split } from "./incident_acts.js";
import { OfIncident } from "./instruction_list.js";
import { spoken } from "./instruction_rows.js";
import { Legal } from "./legal.js";
import { verify } from "./question_acts.js";
import { Questions, Truth } from "./questions.js";
import { Lookers } from "./presence.js";
import { Merits } from "./merits.js";
import { Plans } from "./plans.js";
import { draft } from "./submission_acts.js";
import { nextKind, ReportsOf } from "./submission_list.js";
import { inHand, nextStep, state } from "./submission_rows.js";
import { PageClock } from "./strips.js";
import { Timeline } from "./timeline.js";

/** @param {{id: string, back: string}} props */
export function Incident({ id, back }) {
  const detail = useDetail("incident", id);
  const incident = row("incident", id) ?? detail?.row;
  const timeline = detail?.timeline ?? [];
  if (!id || !incident)
    return html`<section class="column detail nothing">
      <${Empty} title=${t("empty.detail")} hint=${t(pastAt ? "past.empty" : "empty.detail.hint")} /></section>`;
  return html`<section class=${`column detail ${incident.drill ? "drill" : ""}`} aria-labelledby="detail-title" data-testid="detail" key=${id}>
    <${Head} incident=${incident} back=${back} />
    <div class="scroll" tabindex="-1">
      <${Facts} incident=${incident} timeline=${timeline} />
      <${MaybeSame} incident=${incident} />
      <${Legal} incident=${incident} had=${detail?.clocks ?? []} />
      <${Questions} incident=${incident} had=${detail?.questions ?? []} />
      <${DownOf} incident=${incident} />
      <${Attached} incident=${incident} />
      <${ReportsOf} incident=${incident} />
      <${OfIncident} incident=${incident} timeline=${timeline} />
      <${Plans} incident=${incident} />
      <${Merits} incident=${incident} />
      <${Pages} about=${`incident/${id}`} />
      <${Timeline} timeline=${spoken(timeline)} />
      <p class="buttons"><${Paper} kind="proof" id=${id} /></p>
    </div>
  </section>`;
}

/** @param {{incident: any, back: string}} props */
function Head({ incident, back }) {
  const page = incident.open ? nextPage(incident.id) : undefined;
  return html`<header class="detail-head" data-level=${numeral(incident.level)}>
    <p class="detail-line">
      <a class="back" href=${link(back)} data-back>${t("back")}</a>
      <span class="number" title=${incident.event ? t("link.event", { number: incident.event }) : undefined}>${incident.number}</span>
      <span>${word("level", incident.level) || t("level.none")}</span><${Truth} incident=${incident} /><${DrillTag} on=${incident.drill} />
      <span class="detail-status">
        ${word("status", incident.status)}${incident.outcome ? ` · ${word("outcome", incident.outcome)}` : ""}</span>
      <${Time} at=${incident.received_at} />
    </p>
    <div class="detail-title-line">
      <${Level} level=${incident.level} /><h2 id="detail-title">${incident.title}</h2>
      <${PageClock} page=${page} />
    </div>
    <p class="detail-line">${holders(incident)} <${Lookers} stream=${`incident/${incident.id}`} /></p>
    <${Flags} incident=${incident} />
    <${Acts} incident=${incident} />
  </header>`;
}

/** @param {any} incident */
function holders(incident) {
  const signed = incident.signed_by
    ? t("signed.by", { who: person(incident.signed_by), how: word("how", incident.signed_how) })
    : t("holder.none");
  const assigned = incident.assigned_to ? ` · ${t("holder.assigned", { who: person(incident.assigned_to) })}` : "";
  const merged = incident.merged_into ? ` · ${t("merged.into", { into: incident.merged_into })}` : "";
  return signed + assigned + merged;
}

/** The one primary act first, at the same place; the others after it in the order of the work. @param {{incident: any}} props */
function Acts({ incident }) {
  if (!may("incident", "SignForIncident")) return null;
  if (incident.status === "merged")
    return html`<div class="buttons acts">
      <${Button} label=${t("act.split")} press=${() => split(incident)} primary=${true} /></div>`;
  if (!incident.open)
    return html`<div class="buttons acts">
      <${Button} label=${t("act.reopen")} press=${() => reopen(incident)} primary=${true} /></div>`;
  const signing = underway(`incident/${incident.id}/SignForIncident`)?.status;
  const mine = incident.assigned_to === me.value?.username;
  const next = nextStep(incident);
  return html`<div class="buttons acts" role="toolbar" aria-label=${t("acts")}>
    ${!incident.signed_by && html`<${Button} label=${signing === "unsent" ? t("act.sign.unsent") : t("act.sign")} hot="a" primary=${true} busy=${signing === "sending"} disabled=${Boolean(signing)} press=${() => sign(incident)} id="sign-for" />`}
    ${may("verification", "AskUnits") && html`<${Button} label=${t("act.verify")} hot="v" primary=${next === "verify"} press=${() => verify(incident)} id="verify" />`}
    <${UpwardStep} incident=${incident} next=${next} />
    <span class="acts-more">
    ${!mine && html`<${Button} label=${t("act.mine")} hot="t" press=${() => assign(incident, me.value?.username ?? "")} id="assign-me" />`}
    <${Button} label=${t("act.assign")} hot="w" press=${() => assignToOther(incident)} id="assign" />
    <${Button} label=${t("act.call")} hot="p" press=${() => call(incident)} id="call-for" />
    <${Button} label=${t("act.note")} hot="n" press=${() => note(incident)} id="note" />
    <${Button} label=${t("act.merge")} hot="m" press=${() => merge(incident)} id="merge" />
    <${Button} label=${t("act.close")} hot="e" press=${() => close(incident)} id="close" /></span>
  </div>`;
}

/** The way upward: the report in hand with where it stands, or the next one to draft. @param {{incident: any, next: string}} props */
function UpwardStep({ incident, next }) {
  const report = incident.drafting ? inHand(incident.id) : undefined;
  if (report)
    return html`<${Button} label=${`${word("kind", report.kind)} · ${state(report)}`} hot="s" primary=${next === "report"} press=${() => go("submissions", report.id)} id="go-report" />`;
  const kind = nextKind(incident);
  if (!kind || !may("incident", "DraftSubmission")) return null;
  const label = kind === "续报" ? t("act.draft.followup") : t("act.draft", { kind: word("kind", kind) });
  return html`<${Button} label=${label} hot="d" primary=${next === "draft"} press=${() => void draft(incident, kind)} id=${`draft-${kind}`} />`;
}

/** Incidents it may really be, with one touch to merge. @param {{incident: any}} props */
function MaybeSame({ incident }) {
  const others = incident.maybe
    .map((/** @type {string} */ id) => rows("incident").get(id))
    .filter((/** @type {any} */ one) => one?.open);
  if (!others.length || !incident.open || route.value.view === "circulars") return null;
  return html`<section class="maybe" aria-labelledby="maybe-title">
    <h3 id="maybe-title">${t("maybe")}</h3>
    ${others.map(
      (/** @type {any} */ other) => html`<p class="maybe-line">
      <a href=${link(route.value.view, other.id)}>${other.number} ${other.title}</a> <${Time} at=${other.received_at} />
      <${Button} label=${t("act.merge_there")} press=${() => mergeInto(incident, other.id, t("maybe"))} id=${`merge-into-${other.id}`} />
    </p>`,
    )}
  </section>`;
}
