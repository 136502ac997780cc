// @ts-check
/** 核报 in an incident: every question with its table, who says what beside who is silent, and who must be heard of. */
import { html } from "../../vendor/htm/preact.js";
import { clock, figure, full } from "../format.js";
import { t, word } from "../i18n.js";
import { may } from "../session.js";
import { row } from "../store.js";
import { Along } from "./attached.js";
import { Button, Countdown } from "./basic.js";
import { askAbove, endGuidance } from "./guidance_acts.js";
import { Turn } from "./inward.js";
import { lateBy } from "./instruction_rows.js";
import { conclude, endCheckIn, typeAnswer, verify, wanted } from "./question_acts.js";
import { checkinsOf, openAbout, questionsOf, silent, wordsOf } from "./question_rows.js";

/** Whether it is so, as far as anybody knows: nobody asked, being asked, concluded. @param {{incident: any}} props */
export function Truth({ incident }) {
  const truth = incident.truth ?? "unverified";
  const look = truth === "unverified" || truth === "asking" ? "dashed" : "outlined";
  return html`<span class=${`tag ${look}`} data-testid="truth">${word("truth", truth)}</span>`;
}

/** @param {{incident: any, had: any[]}} props */
export function Questions({ incident, had }) {
  const all = questionsOf(incident.id, had);
  const heard = checkinsOf(incident.id);
  const start = incident.open && may("checkin", "StartCheckIn");
  if (!all.length && !heard.length && !start) return null;
  return html`<section class="questions" aria-labelledby="questions-title" data-testid="questions">
    <h3 id="questions-title">${t("questions")}
      <span class="buttons small">${start && html`<${Button} label=${t("act.checkin")} press=${() => (wanted.value = { kind: "checkin", incident })} id="checkin" />`}
      ${incident.open && may("verification", "AskUnits") && html`<${Button} label=${t("act.guidance")} hot="h" press=${() => void askAbove(incident)} id="ask-above" />`}</span></h3>
    ${all.map((one) => html`<${Question} key=${one.id} one=${one} incident=${incident} />`)}
    ${!all.length && html`<p class="hint">${t("questions.none")}</p>`}
    ${heard.length > 0 && html`<ul class="checkins">${heard.map((one) => html`<${CheckIn} key=${one.id} one=${one} />`)}</ul>`}
  </section>`;
}

/** What was asked about a message that is no incident yet: folded, its table and its end inside. @param {{message: any}} props */
export function OfMessage({ message }) {
  const all = openAbout(message.id);
  if (!all.length) return null;
  return html`${all.map(
    (one) => html`<details class="of-message" key=${one.id} data-testid=${`question-${one.id}`}>
      <summary>${t("act.verify")} ${t("questions.answered", { n: one.answered, all: one.lines.length })}
        ${one.differ && html`<span class="tag outlined differ">${t("questions.differ")}</span>`}</summary>
      <${Table} question=${one} open=${true} />
      ${may("verification", "Conclude") && html`<p class="buttons small"><${Button} label=${t("act.conclude")} press=${() => conclude(one)} id=${`conclude-${one.id}`} /></p>`}
    </details>`,
  )}`;
}

/** @param {{one: any, incident: any}} props */
export function Question({ one, incident }) {
  return html`<div class="question" data-testid=${`question-${one.id}`}>
    <p class="question-head"><span class="number">${one.number}</span>${one.asks === "guidance" && html`<span class="tag outlined">${t("guidance")}</span>`}
      <span>${t("questions.answered", { n: one.answered, all: one.lines.length })}</span>
      ${one.differ && html`<span class="tag outlined differ">${t("questions.differ")}</span>`}
      ${!one.confirmed && html`<span class="tag dashed" title=${one.law}>${t("legal.unconfirmed")}</span>`}
      <${State} one=${one} /></p>
    <p class="question-text">${one.text}</p>
    <${Along} files=${one.files} />
    <${Table} question=${one} open=${one.open} />
    ${
      one.open &&
      incident.open &&
      may("verification", "Conclude") &&
      one.asks === "guidance" &&
      html`<p class="buttons small"><${Button} label=${t("act.inward.close")} primary=${one.answered > 0} press=${() => endGuidance(one)} id=${`end-${one.id}`} /></p>`
    }
    ${
      one.open &&
      incident.open &&
      may("verification", "Conclude") &&
      one.asks === "truth" &&
      html`<p class="buttons small">
      <${Button} label=${t("act.conclude")} hot="c" primary=${one.answered > 0} press=${() => conclude(one)} id=${`conclude-${one.id}`} />
      <${Button} label=${t("act.ask_more")} press=${() => verify(incident, one)} id=${`more-${one.id}`} /></p>`
    }
    ${one.truth && html`<p class="hint">${t("questions.concluded", { truth: word("truth", one.truth), reason: one.reason })}</p>`}
    ${!one.open && one.asks === "guidance" && one.reason && html`<p class="hint">${t("downward.ended", { reason: one.reason })}</p>`}
  </div>`;
}

/** The limit that counts now: a word by telephone, then in writing; none when nobody is silent. @param {{one: any}} props */
function State({ one }) {
  if (!one.open) return html`<span class="tag">${word("truth", one.truth) || t("questions.over")}</span>`;
  if (!silent(one).length) return null;
  const written = one.overdue.includes("phone") && one.written_by > one.phone_by;
  const due = written ? one.written_by : one.phone_by;
  return html`<${Countdown} due=${due} span=${due - one.asked_at} label=${one.asks === "truth" ? t(written ? "legal.written" : "legal.phone") : undefined} />`;
}

/** Who is asked, and beside each whatever was said. @param {{question: any, open: boolean}} props */
export function Table({ question, open }) {
  return html`<table class="units answers"><thead><tr><th scope="col">${t("directory.unit")}</th>
      <th scope="col">${t("answers.asked")}</th><th scope="col">${t("answers.said")}</th></tr></thead>
    <tbody>${question.lines.map((/** @type {any} */ line) => html`<${Asked} key=${line.unit} question=${question} line=${line} open=${open} />`)}</tbody></table>`;
}

/** @param {{question: any, line: any, open: boolean}} props */
function Asked({ question, line, open }) {
  const type = may("page", "AcknowledgePage") && (open || !line.answers.length);
  return html`<tr data-testid=${`line-${line.unit}`}><th scope="row">${line.name}<span class="why">${word("asked", line.why)}</span></th>
    <td data-label=${t("answers.asked")} title=${full(line.asked_at)}>${clock(line.asked_at)}</td>
    <td class="answer">${line.answers.length ? line.answers.map((/** @type {any} */ one) => html`<${Said} key=${one.at} one=${one} />`) : html`<${Waiting} line=${line} />`}${line.turn && html` <${Turn} turn=${line.turn} said="questions.turn" />`}
      ${type && html` <button type="button" class="link" onClick=${() => typeAnswer(question, line)} data-testid=${`type-${line.unit}`}>${t("act.typed")}</button>`}</td></tr>`;
}

/** @param {{one: import("./question_rows.js").Answer}} props */
function Said({ one }) {
  const figures = Object.entries(one.figures).map(([name, value]) => `${word("figure.short", name)} ${figure(value).text}`);
  const late = one.late_by > 0;
  return html`<p class="said">${one.truth && html`<b class="verdict">${word("said", one.truth)}</b>`}
    <span class="words">${wordsOf(one)}</span>${figures.length > 0 && html`<span class="hint">${figures.join(" · ")}</span>`}
    <span class="hint">${one.name} · ${word("how", one.how)} · ${clock(one.at)}</span>
    ${late && html`<span class="kept late">${lateBy(one.late_by)}</span>`}</p>`;
}

/** Where the ladder of a silent one stands. @param {{line: any}} props */
function Waiting({ line }) {
  const page = row("page", line.page);
  if (line.unheard) return html`<span class="kept late">${t("questions.unheard")}</span>`;
  if (!page?.open) return html`<span class="unknown">${t("questions.silent")}</span>`;
  const who = page.who.map((/** @type {string} */ one) => word("called", one)).join("、");
  return html`<span class="unknown">${t("questions.asking", { who })}</span>
    <${Countdown} due=${page.answer_by} span=${page.answer_by - page.step_started_at} />`;
}

/** @param {{one: any}} props */
function CheckIn({ one }) {
  const span = Math.max(1, (one.next_at ?? 0) - one.heard_at);
  const silence = one.status !== "heard";
  return html`<li class="checkin" data-testid=${`checkin-${one.id}`}>
    <span>${one.contact ? t("checkin.contact", { name: one.name }) : t("checkin.all")}</span>
    <span class="hint">${t("checkin.heard", { time: clock(one.heard_at) })}</span>
    ${silence ? html`<span class="kept late" role="status">${t(one.status === "lost" ? "checkin.lost" : "checkin.silent")}</span>` : html`<${Countdown} due=${one.next_at} span=${span} />`}
    ${one.contact && may("checkin", "EndCheckIn") && html`<button type="button" class="link" onClick=${() => endCheckIn(one)}>${t("act.checkin.end")}</button>`}
  </li>`;
}
