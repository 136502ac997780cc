// @ts-check
/** 上级文电: what came from above stands before everything else, the one due next in front, until it is closed. */
import { html } from "../../vendor/htm/preact.js";
import { clock } from "../format.js";
import { t, word } from "../i18n.js";
import { person } from "../names.js";
import { may } from "../session.js";
import { Along } from "./attached.js";
import { Attachments } from "./attachments.js";
import { Button, Countdown, DrillTag } from "./basic.js";
import { Downward } from "./downward.js";
import { pressing } from "./downward_rows.js";
import { answerInward, closeInward, takeInward } from "./question_acts.js";
import { inwards, raisedPressing } from "./question_rows.js";
import { RaisedRow } from "./raised.js";

/** Nothing where nothing waits. */
export function Inwards() {
  const [all, down, up] = [inwards.value, pressing.value, raisedPressing.value];
  if (!all.length && !down.length && !up.length) return null;
  return html`<section class="inwards" aria-labelledby="inwards-title" data-testid="inwards">
    <h2 id="inwards-title">${heading(all, down, up)} <span class="count">${all.length + down.length + up.length}</span></h2>
    <ul>${all.map((one, n) => html`<${Inward} key=${one.id} one=${one} first=${n === 0} />`)}
      ${up.map((one) => html`<${RaisedRow} key=${one.id} one=${one} />`)}
      ${down.map((one) => html`<${Downward} key=${one.id} one=${one} />`)}</ul>
  </section>`;
}

/** What is among them: from above, asked from below, asked above, sent below. @param {any[]} all @param {any[]} down @param {any[]} up */
function heading(all, down, up) {
  const below = all.filter((one) => one.kind === "request").length;
  const parts = [all.length > below && t("inwards"), below && t("inwards.requests"), up.length && t("guidance"), down.length && t("downwards")];
  return parts.filter(Boolean).join(" · ");
}

/** @param {{one: any, first: boolean}} props */
function Inward({ one, first }) {
  const waiting = one.status === "waiting";
  return html`<li class=${`inward ${one.drill ? "drill" : ""}`} data-testid=${`inward-${one.id}`}>
    <span class="tag outlined">${word("inward.kind", one.kind)}</span>
    <details class="inward-told"><summary><b>${one.title}</b> <span class="hint">${one.sender} · ${one.number}${one.reply_to ? ` · ${t("inward.by_link")}` : ""}</span><${DrillTag} on=${one.drill} /></summary>
      <p class="quote">${one.reference ? `${one.reference} ` : ""}${one.text || t("inward.no_text")}</p>
      ${one.files?.length ? html`<${Along} files=${one.files} />` : one.original && html`<${Attachments} media=${[{ url: "", media_type: "", digest: one.original }]} />`}
      ${one.answers.map((/** @type {any} */ answer) => html`<${Said} key=${answer.at} answer=${answer} />`)}
      ${!one.confirmed && html`<p class="hint"><span class="tag dashed">${t("legal.unconfirmed")}</span> ${one.law}</p>`}
    </details>
    <span class="inward-has">${one.taken_by ? person(one.taken_by) : html`<span class="unknown">${t("holder.none")}</span>`}</span>
    ${waiting ? html`<${Countdown} due=${one.due_at} span=${one.due_at - one.received_at} />` : html`<span class=${`kept ${one.late_by > 0 ? "late" : ""}`}>${t("inward.done")}</span>`}
    ${may("inward", "TakeInward") && html`<${Acts} one=${one} first=${first} waiting=${waiting} />`}
  </li>`;
}

/** One answer, and how far it came over the link. @param {{answer: any}} props */
function Said({ answer }) {
  const { reply } = answer;
  return html`<p class="hint">${answer.declined && html`<span class="tag outlined">${t("inward.declined")}</span> `}
    ${t("inward.answered", { by: person(answer.by), time: clock(answer.at), text: answer.text })}
    ${reply && html` <${Turn} turn=${reply} />`}</p>`;
}

/** How far something came over a link, with the number it has there. @param {{turn: {status: string, receipt: string}, said?: string}} props */
export function Turn({ turn, said = "inward.reply" }) {
  const bad = turn.status === "failed" || turn.status === "uncertain";
  return html`<span class=${bad ? "kept late" : "tag"}>${t(said, { turn: word("turn", turn.status) })}</span>
    ${turn.receipt && html` <span class="hint">${t("inward.reply.receipt", { receipt: turn.receipt })}</span>`}`;
}

/** @param {{one: any, first: boolean, waiting: boolean}} props */
function Acts({ one, first, waiting }) {
  return html`<span class="buttons small">
    ${!one.taken_by && html`<${Button} label=${t("act.inward.take")} press=${() => takeInward(one)} id=${`take-${one.id}`} />`}
    ${waiting && html`<${Button} label=${t("act.inward.answer")} hot=${first ? "q" : undefined} press=${() => answerInward(one)} id=${`answer-${one.id}`} />`}
    <${Button} label=${t("act.inward.close")} press=${() => closeInward(one)} id=${`close-${one.id}`} /></span>`;
}
