// @ts-check
/** A report upward as a line of a list; the section of an incident with its reports, its times and whom it was handed to. */
import { html } from "../../vendor/htm/preact.js";
import { clock, full, isoClock, took } from "../format.js";
import { tenth } from "../clocks.js";
import { t, word } from "../i18n.js";
import { link, route } from "../route.js";
import { may } from "../session.js";
import { row } from "../store.js";
import { Button, DrillTag } from "./basic.js";
import { draft, transfer, transferReceipt, tell } from "./submission_acts.js";
import { state, submissionsOf, times } from "./submission_rows.js";

/** @param {{one: any}} props */
export function Item({ one }) {
  const current = route.value.view === "submissions" && route.value.id === one.id;
  const about = row("incident", one.incident);
  return html`<div class=${`line-item submission ${one.drill ? "drill" : ""} ${one.open ? "" : "ended"}`} role="listitem" data-id=${one.id}>
    <a href=${link("submissions", one.id)} data-row aria-current=${current ? "true" : undefined} data-testid=${`submission-${one.id}`}>
      <span class="submission-words">${word("kind", one.kind)}${one.kind === "续报" ? ` ${one.ordinal - 1}` : ""} · ${about?.title ?? one.draft.snapshot.title}</span>
      <span class=${`tag ${one.status === "draft" || one.status === "checked" || one.status === "signed" ? "" : "outlined"}`}>${state(one)}</span>
      <span class="submission-told"><span class="number">${one.id}</span><span>${clock(one.drafted_at)}</span>
        <span>${word("submission.why", one.why)}</span><${DrillTag} on=${one.drill} /></span>
    </a></div>`;
}

/** What is drafted next, once nothing is in hand. @param {any} incident */
export function nextKind(incident) {
  if (incident.drafting || !incident.open) return "";
  return incident.submitted?.length ? "续报" : "首报";
}

/** @param {{incident: any}} props */
export function ReportsOf({ incident }) {
  const all = submissionsOf(incident);
  const may_draft = may("incident", "DraftSubmission");
  return html`<section class="of-incident" aria-labelledby="submissions-title" data-testid="submissions-of">
    <h3 id="submissions-title">${t("submissions")}</h3>
    ${may_draft && html`<${Acts} incident=${incident} />`}
    ${
      all.length
        ? html`<div role="list" aria-label=${t("submissions")}>${all.map((one) => html`<${Item} key=${one.id} one=${one} />`)}</div>`
        : html`<p class="hint">${t("submission.none_here")}</p>`
    }
    <${Handed} incident=${incident} />
    <${Times} incident=${incident} />
  </section>`;
}

/** @param {{incident: any}} props */
function Acts({ incident }) {
  return html`<div class="buttons small">
    ${incident.open && html`<${Button} label=${t("act.tell")} press=${() => void tell(incident)} id="tell-by-phone" />`}
    ${nextKind(incident) === "续报" && html`<${Button} label=${t("act.draft.final")} press=${() => void draft(incident, "终报")} id="draft-终报" />`}
    ${incident.open && html`<${Button} label=${t("act.transfer")} hot="x" press=${() => transfer(incident)} id="transfer" />`}
  </div>`;
}

/** Units it was handed to: each with its signature, or that it is missing. @param {{incident: any}} props */
function Handed({ incident }) {
  const handed = incident.transfers ?? [];
  if (!handed.length) return null;
  return html`<ul class="transfers" data-testid="transfers">${handed.map(
    (/** @type {any} */ one) => html`<li><b>${t("transfer.to", { name: one.name })}</b> <span>${clock(one.at)}</span>
      ${
        one.receipt_at
          ? html`<span class="tag outlined">${t("transfer.signed", { who: one.receipt_by_whom, time: clock(one.receipt_at) })}${one.late_by > 0 ? ` · ${t("submission.receipt.late", { took: took(one.late_by) })}` : ""}</span>`
          : html`<${Unsigned} one=${one} open=${incident.open} />
            ${may("incident", "NoteTransferReceipt") && html`<button type="button" class="link" onClick=${() => transferReceipt(incident, one)} data-testid=${`transfer-receipt-${one.unit}`}>${t("act.transfer_receipt")}</button>`}`
      }</li>`,
  )}</ul>`;
}

/** No signature: still awaited, too long already, or the incident ended without it. @param {{one: any, open: boolean}} props */
function Unsigned({ one, open }) {
  if (!open) return html`<span class="kept late">${t("transfer.ended")}</span>`;
  if (one.receipt_by < tenth.value) return html`<span class="kept late">${t("transfer.silent")}</span>`;
  return html`<span class="tag">${t("transfer.waiting")}</span>`;
}

/** Every time beside the others. @param {{incident: any}} props */
function Times({ incident }) {
  const all = times(incident);
  return html`<details class="times" data-testid="times"><summary>${t("times")} <span class="count">${all.length}</span></summary>
    <table><thead><tr><th scope="col">${t("times.when")}</th><th scope="col">${t("times.what")}</th><th scope="col">${t("times.who")}</th></tr></thead>
    <tbody>${all.map((one) => html`<tr><td title=${typeof one.at === "number" ? full(one.at) : one.at}>${typeof one.at === "number" ? clock(one.at) : one.at ? isoClock(one.at) : html`<span class="unknown">${t("figure.unknown")}</span>`}</td>
      <td>${one.what}</td><td>${one.who}</td></tr>`)}</tbody></table></details>`;
}
