// @ts-check
/** 批示: what leaders ordered, followed to its end. Open ones by the answer due next, those struck off folded below; one of them with its units. */
import { html } from "../../vendor/htm/preact.js";
import { underway } from "../actions.js";
import { useDetail } from "../detail.js";
import { clock, full } from "../format.js";
import { t, word } from "../i18n.js";
import { person } from "../names.js";
import { useHeldOrder } from "../order.js";
import { useAll } from "../paging.js";
import { link, route } from "../route.js";
import { may, me } from "../session.js";
import { deliveriesAbout, row, rows } from "../store.js";
import { Button, Countdown, DrillTag, Empty, Time } from "../parts/basic.js";
import { Delivery } from "../parts/calls.js";
import { askToLog, askToPassOn, feedback, strikeOff } from "../parts/instruction_acts.js";
import { Item, State } from "../parts/instruction_list.js";
import { following, instructions, lateBy, progress, spoken, unanswered } from "../parts/instruction_rows.js";
import { Timeline } from "../parts/timeline.js";

export function Instructions() {
  const open = instructions.value;
  const { list, shown, waiting, release } = useHeldOrder(open.map((one) => one.id));
  const { all, older } = useAll("instruction");
  const { id } = route.value;
  const struck = all.filter((one) => !one.open).sort((a, b) => (b.struck_at ?? 0) - (a.struck_at ?? 0));
  const held = rows("instruction");
  return html`<main class=${`list-view two ${id ? "chosen" : ""}`}><section class="column" aria-labelledby="list-title">
    <${ListHead} />
    <div class="scroll" ref=${list} data-list="main">
      ${waiting > 0 && html`<button type="button" class="edge" onClick=${release}>${t("edge.instructions", { n: waiting })}</button>`}
      <div role="list" aria-label=${t("instructions")} data-testid="instructions">
        ${shown.map((one) => held.has(one) && html`<${Item} key=${one} one=${held.get(one)} />`)}</div>
      ${!open.length && html`<${Empty} title=${t("empty.instructions")} hint=${t("empty.instructions.hint")} />`}
      <${Struck} struck=${struck} older=${older} chosen=${struck.some((one) => one.id === id)} />
    </div></section><${Instruction} id=${id} had=${all.find((one) => one.id === id)} /></main>`;
}

function ListHead() {
  const { open, late } = following.value;
  return html`<header class="column-head"><h2 id="list-title">${t("instructions")}</h2><span class="count">${open}</span>
    ${late > 0 && html`<span class="kept late" role="status">${t("late.count", { n: late })}</span>`}
    <span class="sorted">${t("instruction.sorted")}</span>
    ${may("instruction", "LogInstruction") && html`<${Button} label=${t("act.log")} hot="i" press=${() => askToLog()} id="log-instruction" />`}
  </header>`;
}

/** Done with: folded, unless one of them is chosen. @param {{struck: any[], older: (() => void) | null, chosen: boolean}} props */
function Struck({ struck, older, chosen }) {
  if (!struck.length && !older) return null;
  return html`<details class="struck" open=${chosen} data-testid="struck-off">
    <summary>${word("instruction", "struck_off")} <span class="count">${struck.length}</span></summary>
    <div role="list" aria-label=${word("instruction", "struck_off")}>${struck.map((one) => html`<${Item} key=${one.id} one=${one} />`)}</div>
    ${older && html`<button type="button" class="more" onClick=${older}>${t("more.page")}</button>`}
  </details>`;
}

/** @param {{id: string, had: any}} props */
function Instruction({ id, had }) {
  const detail = useDetail("instruction", id);
  const one = row("instruction", id) ?? detail?.row ?? had;
  if (!id || !one)
    return html`<section class="column detail nothing">
      <${Empty} title=${t("empty.instruction")} hint=${t("empty.instruction.hint")} /></section>`;
  const sent = deliveriesAbout.value.get(`instruction/${id}`) ?? [];
  return html`<section class=${`column detail ${one.drill ? "drill" : ""}`} aria-labelledby="detail-title" data-testid="instruction" key=${id}>
    <${Head} one=${one} />
    <div class="scroll" tabindex="-1">
      <blockquote class="instruction-text">${one.text}</blockquote>
      <${Original} digest=${one.original} />
      <${Units} one=${one} />
      ${!one.open && html`<p class="hint">${t("instruction.ended", { who: person(one.struck_by), time: clock(one.struck_at) })}${one.reason ? ` · ${one.reason}` : ""}</p>`}
      ${sent.length > 0 && html`<section><h3>${t("instruction.sent")}</h3><ul class="deliveries">${sent.map((/** @type {any} */ delivery) => html`<${Delivery} key=${delivery.id} delivery=${delivery} />`)}</ul></section>`}
      <${Timeline} timeline=${spoken(detail?.timeline ?? [])} />
    </div></section>`;
}

/** @param {{one: any}} props */
function Head({ one }) {
  const about = row("incident", one.incident);
  return html`<header class="detail-head">
    <p class="detail-line"><a class="back" href=${link("instructions")} data-back>${t("back")}</a>
      <span class="number">${one.number}</span><span>${progress(one)}</span><${DrillTag} on=${one.drill} /><${Time} at=${one.said_at} /></p>
    <div class="detail-title-line"><h2 id="detail-title">${t("instruction.by", { who: one.leader_name })}</h2><${State} one=${one} /></div>
    <p class="detail-line">${one.incident ? html`<a href=${link("incidents", one.incident)}>${about ? `${about.number} ${about.title}` : one.incident}</a>` : t("log.no_incident")}</p>
    <${Acts} one=${one} />
  </header>`;
}

/** What comes next is the primary one: pass it on, take the answer, strike it off. @param {{one: any}} props */
function Acts({ one }) {
  if (!one.open || !may("instruction", "PassOn")) return null;
  const owing = unanswered(one).length;
  /** @param {string} command */
  const busy = (command) => underway(`instruction/${one.id}/${command}`)?.status === "sending";
  const done = one.units.length > 0 && !owing;
  const chief = may("instruction", "StrikeOff");
  return html`<div class="buttons acts" role="toolbar" aria-label=${t("acts")}>
    <${Button} label=${t("act.pass_on")} hot="w" primary=${!one.units.length} busy=${busy("PassOn")} press=${() => askToPassOn(one)} id="pass-on" />
    ${owing > 0 && html`<${Button} label=${t("act.feedback")} hot="n" primary=${true} busy=${busy("GiveFeedback")} press=${() => feedback(one)} id="feedback" />`}
    ${chief && html`<${Button} label=${t("act.strike_off")} hot="e" primary=${done} busy=${busy("StrikeOff")} press=${() => strikeOff(one)} id="strike-off" />`}
    ${!chief && done && html`<span class="hint">${t("strike_off.chief")}</span>`}
  </div>`;
}

/** @param {{digest: string}} props */
function Original({ digest }) {
  if (!digest || me.value?.masked) return null;
  return html`<p class="attachments"><a class="tag outlined" href=${`/blobs/${digest}`} download>${t("instruction.original")}</a></p>`;
}

/** Who has it: handed on, read, answered, and how late. @param {{one: any}} props */
function Units({ one }) {
  if (!one.units.length) return html`<p class="hint">${t("instruction.with_nobody")}</p>`;
  return html`<table class="units"><thead><tr><th scope="col">${t("directory.unit")}</th><th scope="col">${t("units.given")}</th>
      <th scope="col">${t("units.read")}</th><th scope="col">${t("units.due")}</th><th scope="col">${t("units.answer")}</th></tr></thead>
    <tbody>${one.units.map((/** @type {import("../parts/instruction_rows.js").Told} */ told) => html`<${Unit} key=${`${told.unit} ${told.given_at}`} one=${one} told=${told} />`)}</tbody></table>`;
}

/** @param {{one: any, told: import("../parts/instruction_rows.js").Told}} props */
function Unit({ one, told }) {
  const owes = told.answered_at === null;
  const answer = owes
    ? one.open &&
      may("instruction", "GiveFeedback") &&
      html`<button type="button" class="link" onClick=${() => feedback(one, told.unit)} data-testid=${`feedback-${told.unit}`}>${t("act.feedback")}</button>`
    : html`<${Answer} told=${told} />`;
  return html`<tr data-testid=${`unit-${told.unit}`}><th scope="row">${told.name}</th>
    <td data-label=${t("units.given")} title=${full(told.given_at)}>${clock(told.given_at)}</td>
    <td data-label=${t("units.read")}>${told.read_at ? clock(told.read_at) : html`<span class="unknown">${t("receipt.not")}</span>`}</td>
    <td data-label=${t("units.due")}>${owes && one.open ? html`<${Countdown} due=${told.answer_by} span=${told.answer_by - told.given_at} />` : ""}<span class="due-at">${clock(told.answer_by)}</span></td>
    <td data-label=${t("units.answer")} class="answer">${answer}</td></tr>`;
}

/** @param {{told: import("../parts/instruction_rows.js").Told}} props */
function Answer({ told }) {
  const late = told.late_by ?? 0;
  return html`<p>${told.answer}</p><p class="hint"><span>${clock(told.answered_at ?? 0)}</span> <span class=${`kept ${late > 0 ? "late" : ""}`}>${late > 0 ? lateBy(late) : t("legal.on_time")}</span></p>`;
}
