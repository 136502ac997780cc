// @ts-check
/** 上报: reports upward to be dealt with, and one of them: its text beside the facts and what changed, its steps, where it went. */
import { html } from "../../vendor/htm/preact.js";
import { underway } from "../actions.js";
import { useDetail } from "../detail.js";
import { clock, full, took } from "../format.js";
import { t, word } from "../i18n.js";
import { person } from "../names.js";
import { useHeldOrder } from "../order.js";
import { useAll } from "../paging.js";
import { link, route } from "../route.js";
import { may } from "../session.js";
import { row, rows, watch } from "../store.js";
import { Attached } from "../parts/attached.js";
import { Button, DrillTag, Empty, Time } from "../parts/basic.js";
import { Paper } from "../parts/files.js";
import { check, confirmByPhone, leadersFor, receipt, sendUp, sign, signByPhone, way, withdraw, writeElement } from "../parts/submission_acts.js";
import { Item } from "../parts/submission_list.js";
import { linesOf, state, steps, submissions } from "../parts/submission_rows.js";
import { Timeline } from "../parts/timeline.js";

const SAID = ["course", "measures", "trend", "requests", "commander", "remark"];

export function Submissions() {
  const open = submissions.value;
  const { list, shown, waiting, release } = useHeldOrder(open.map((one) => one.id));
  const { all, older } = useAll("submission");
  const { id } = route.value;
  const ended = all.filter((one) => !one.open).sort((a, b) => b.drafted_at - a.drafted_at);
  const held = rows("submission");
  return html`<main class=${`list-view two ${id ? "chosen" : ""}`}><section class="column" aria-labelledby="list-title">
    <header class="column-head"><h2 id="list-title">${t("submissions")}</h2><span class="count">${open.length}</span>
      <span class="sorted">${t("submissions.sorted")}</span></header>
    <div class="scroll" ref=${list} data-list="main">
      ${waiting > 0 && html`<button type="button" class="edge" onClick=${release}>${t("edge.submissions", { n: waiting })}</button>`}
      <div role="list" aria-label=${t("submissions")} data-testid="submissions">
        ${shown.map((one) => held.has(one) && html`<${Item} key=${one} one=${held.get(one)} />`)}</div>
      ${!open.length && html`<${Empty} title=${t("empty.submissions")} hint=${t("empty.submissions.hint")} />`}
      <${Ended} ended=${ended} older=${older} chosen=${ended.some((one) => one.id === id)} />
    </div></section><${Submission} id=${id} had=${all.find((one) => one.id === id)} /></main>`;
}

/** @param {{ended: any[], older: (() => void) | null, chosen: boolean}} props */
function Ended({ ended, older, chosen }) {
  if (!ended.length && !older) return null;
  return html`<details class="struck" open=${chosen}>
    <summary>${t("submissions.done")} <span class="count">${ended.length}</span></summary>
    <div role="list" aria-label=${t("submissions.done")}>${ended.map((one) => html`<${Item} key=${one.id} one=${one} />`)}</div>
    ${older && html`<button type="button" class="more" onClick=${older}>${t("more.page")}</button>`}
  </details>`;
}

/** @param {{id: string, had: any}} props */
function Submission({ id, had }) {
  const detail = useDetail("submission", id);
  const one = row("submission", id) ?? detail?.row ?? had;
  if (!id || !one)
    return html`<section class="column detail nothing">
      <${Empty} title=${t("empty.submission")} hint=${t("empty.submission.hint")} /></section>`;
  return html`<section class=${`column detail ${one.drill ? "drill" : ""}`} aria-labelledby="detail-title" data-testid="submission" key=${id}>
    <${Head} one=${one} />
    <div class="scroll" tabindex="-1">
      ${one.outdated.length > 0 && html`<p class="notice" role="status">${t("submission.outdated")} <${Changes} changes=${one.outdated} /></p>`}
      <${Lines} one=${one} />
      <div class="draft-beside">
        <${Text} one=${one} />
        <${Beside} one=${one} />
      </div>
      ${row("incident", one.incident) && html`<${Attached} incident=${row("incident", one.incident)} />`}
      <${Timeline} timeline=${detail?.timeline ?? []} />
    </div></section>`;
}

/** @param {{one: any}} props */
function Head({ one }) {
  const about = row("incident", one.incident);
  return html`<header class="detail-head">
    <p class="detail-line"><a class="back" href=${link("submissions")} data-back>${t("back")}</a>
      <span class="number">${one.id}</span><span class="tag">${state(one)}</span><${DrillTag} on=${one.drill} /><${Time} at=${one.draft.as_of} /></p>
    <div class="detail-title-line"><h2 id="detail-title">${one.draft.title}</h2></div>
    <p class="detail-line"><a href=${link("incidents", one.incident)}>${about ? `${about.number} ${about.title}` : one.incident}</a>
      <span>${word("submission.why", one.why)}</span><span>${t("submission.version", { n: one.versions })}</span>
      <a href=${`/submissions/${one.id}`} target="_blank" rel="noopener" data-testid="preview">${t("submission.preview")}</a></p>
    <${Steps} one=${one} />
    <${Acts} one=${one} />
  </header>`;
}

/** Draft, check, sign, send, receipt: each with when and by whom. @param {{one: any}} props */
function Steps({ one }) {
  return html`<ol class="steps" aria-label=${t("acts")}>${steps(one).map(
    ({ name, at, by }) => html`<li class=${at ? "was" : ""} data-testid=${`step-${name}`} title=${at ? full(at) : ""}>
      <b>${t(`step.${name}`)}</b><span>${at ? `${clock(at)} ${by}` : "—"}</span></li>`,
  )}</ol>`;
}

/** The next step is the primary one, always on the same key. @param {{one: any}} props */
function Acts({ one }) {
  /** @param {string} command */
  const busy = (command) => underway(`submission/${one.id}/${command}`)?.status === "sending";
  const left = one.plan.lines.some(
    (/** @type {any} */ line) => !one.lines.some((/** @type {any} */ had) => had.addressee === line.addressee),
  );
  return html`<div class="buttons acts" role="toolbar" aria-label=${t("acts")}>
    ${one.status === "draft" && may("submission", "CheckSubmission") && html`<${Button} label=${t("act.check")} hot="s" primary=${true} busy=${busy("CheckSubmission")} press=${() => check(one)} id="check" />`}
    ${one.status === "checked" && may("submission", "SignSubmission") && html`<${Signing} one=${one} busy=${busy("SignSubmission")} />`}
    ${one.status === "checked" && !may("submission", "SignSubmission") && html`<span class="hint" role="status" data-testid="waits-for">${waitsFor(one)}</span>`}
    ${(one.status === "signed" || (one.status === "sent" && left)) && may("submission", "SendSubmission") && html`<${Button} label=${t("act.send_up")} hot="s" primary=${one.status === "signed"} busy=${busy("SendSubmission")} press=${() => sendUp(one)} id="send-up" />`}
    ${one.open && one.status !== "sent" && may("submission", "WithdrawSubmission") && html`<${Button} label=${t("act.withdraw")} press=${() => withdraw(one)} id="withdraw" />`}
    <${Paper} kind="submission" id=${one.id} />
  </div>`;
}

/** @param {{one: any, busy: boolean}} props */
function Signing({ one, busy }) {
  const watch = one.plan.signers.some((/** @type {any} */ signer) => signer.key === "watch_leader");
  const leaders = leadersFor(one).length > 0;
  const phone = leaders && may("submission", "WithdrawSubmission");
  return html`${(watch || !phone) && html`<${Button} label=${t("act.sign_off")} hot="s" primary=${true} busy=${busy} press=${() => sign(one)} id="sign-off" />`}
    ${phone && html`<${Button} label=${t("act.sign_phone")} hot=${watch ? undefined : "s"} primary=${!watch} busy=${busy} press=${() => signByPhone(one)} id="sign-by-phone" />`}`;
}

/** Who must sign now, by name where it is the leader of this watch, and where they do it. @param {any} one */
function waitsFor(one) {
  const leader = one.plan.signers.some((/** @type {any} */ signer) => signer.key === "watch_leader");
  if (!leader) return t("submission.waits_for.link", { who: signers(one) });
  return t(one.asked?.length ? "submission.waits_for.both" : "submission.waits_for.watch", { who: `${signers(one)} ${person(watch.value?.leader)}`.trim() });
}

/** @param {any} one */
const signers = (one) => one.plan.signers.map((/** @type {any} */ signer) => signer.label).join("、");

/** @param {{one: any}} props */
function Text({ one }) {
  const still = (one.status === "draft" || one.status === "checked") && may("submission", "WriteDraft");
  const said = new Map(one.draft.said.map((/** @type {any} */ each) => [each.name, each.text]));
  return html`<article class="draft-text" aria-labelledby="draft-title"><h3 id="draft-title">${t("submission.text")}</h3>
    ${one.draft.paragraphs.map((/** @type {string} */ paragraph) => html`<p>${paragraph}</p>`)}
    ${
      still &&
      html`<dl class="said">${SAID.map(
        (name) => html`<div data-keys><dt>${word("said", name)}</dt><dd>${said.get(name) ?? html`<span class="unknown">${t("said.empty")}</span>`}
        <button type="button" class="link" onClick=${() => writeElement(one, name, said.get(name))} data-key="e" data-scope="row" data-testid=${`write-${name}`} aria-label=${`${t("act.write")} ${word("said", name)}`}>${t("act.write")}</button></dd></div>`,
      )}</dl>`
    }</article>`;
}

/** @param {{one: any}} props */
function Beside({ one }) {
  const { draft, plan } = one;
  return html`<aside class="draft-facts" aria-labelledby="facts-title"><h3 id="facts-title">${t("submission.changes")}</h3>
    ${one.ordinal === 1 ? html`<p class="hint">${t("submission.changes.first")}</p>` : html`<${Changes} changes=${draft.changes} none=${true} />`}
    ${draft.unverified.length > 0 && html`<h3>${t("submission.unverified")}</h3><p>${draft.unverified.join("、")}</p>`}
    ${draft.missing.length > 0 && html`<h3>${t("submission.missing")}</h3><p>${draft.missing.join("、")}</p>`}
    <h3>${t("submission.to")} ${!plan.confirmed && html`<span class="tag dashed" title=${plan.law}>${t("submission.unconfirmed")}</span>`}</h3>
    ${plan.lifted && html`<p class="tag">${t("submission.lifted")}</p>`}
    <ul>${linesOf(one).map((/** @type {any} */ line) => html`<li>${line.label} · ${way(line.how)}${line.copied ? ` · ${t("submission.copies")}` : ""}</li>`)}</ul>
    ${one.skipped.length > 0 && html`<p class="tag">${t("submission.skipped", { tiers: one.skipped.map((/** @type {string} */ tier) => word("tier", tier)).join("、") })}</p>`}
    <h3>${t("submission.signers")}</h3><p>${signers(one)}</p></aside>`;
}

/** @param {{changes: any[], none?: boolean}} props */
function Changes({ changes, none }) {
  if (!changes.length) return none ? html`<p class="hint">${t("submission.changes.none")}</p>` : null;
  return html`<ul class="changes" data-testid="changes">${changes.map((change) => html`<li><b>${change.label}</b> ${t("submission.was_now", { was: change.was || t("figure.unknown"), now: change.now || t("figure.unknown") })}</li>`)}</ul>`;
}

/** Whom it reached: first, once it is out. @param {{one: any}} props */
function Lines({ one }) {
  if (!one.lines.length) return null;
  return html`<section aria-labelledby="lines-title"><h3 id="lines-title">${t("submission.lines")}</h3>
    <table class="units lines"><thead><tr><th scope="col">${t("submission.line.who")}</th><th scope="col">${t("submission.line.how")}</th>
      <th scope="col">${t("submission.line.state")}</th><th scope="col">${t("submission.line.receipt")}</th><th scope="col">${t("submission.line.confirmed")}</th></tr></thead>
    <tbody>${one.lines.map((/** @type {any} */ line) => html`<${Line} key=${line.addressee} one=${one} line=${line} />`)}</tbody></table></section>`;
}

/** @param {{one: any, line: any}} props */
function Line({ one, line }) {
  const sent = line.noted_at ?? line.sent_at;
  return html`<tr data-testid=${`line-${line.addressee}`}><th scope="row">${line.label}</th>
    <td data-label=${t("submission.line.how")}>${way(line.how)}</td>
    <td data-label=${t("submission.line.state")} title=${full(sent)}><span class=${`line-state is-${line.status}`}>${t(`submission.line.${line.status}`)}</span> ${clock(sent)}</td>
    <td data-label=${t("submission.line.receipt")} class="answer">
      ${line.receipts.map((/** @type {any} */ each, /** @type {number} */ n) => html`<${Receipt} each=${each} n=${n + 1} />`)}
      ${!line.receipts.length && (one.overdue?.includes(line.addressee) && !line.confirmed_at ? html`<span class="kept late">${t("submission.receipt.overdue")}</span>` : html`<span class="unknown">${t("submission.receipt.none")}</span>`)}
      ${may("submission", "NoteReceipt") && html` <button type="button" class="link" onClick=${() => receipt(one, line)} data-testid=${`receipt-${line.addressee}`}>${t("act.receipt")}</button>`}</td>
    <td data-label=${t("submission.line.confirmed")}>${line.confirmed_at ? `${clock(line.confirmed_at)} ${line.confirmed_whom}` : may("submission", "ConfirmByPhone") && html`<button type="button" class="link" onClick=${() => confirmByPhone(one, line)} data-testid=${`confirm-${line.addressee}`}>${t("act.confirm_phone")}</button>`}</td></tr>`;
}

/** @param {{each: any, n: number}} props */
function Receipt({ each, n }) {
  return html`<p>${clock(each.at)} ${person(each.who)} ${each.number}
    ${each.again && html`<span class="tag outlined">${t("submission.receipt.again", { n })}</span>`}
    ${each.other_number && html`<span class="tag">${t("submission.receipt.other")}</span>`}
    ${each.late_by > 0 && html`<span class="tag">${t("submission.receipt.late", { took: took(each.late_by) })}</span>`}</p>`;
}
