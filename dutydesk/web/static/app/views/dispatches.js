// @ts-check
/** 调度: questions that go round many units every so often, each round a column; above them the marked periods and who is quiet in them. */
import { html } from "../../vendor/htm/preact.js";
import { useDetail } from "../detail.js";
import { clock, figure, hhmm } from "../format.js";
import { t, word } from "../i18n.js";
import { useAll } from "../paging.js";
import { link, route } from "../route.js";
import { may } from "../session.js";
import { row } from "../store.js";
import { Button, Countdown, DrillTag, Empty, Time } from "../parts/basic.js";
import { Downwards } from "../parts/downward.js";
import { askAgain, endDispatch, endPeriod, typeAnswer, wanted } from "../parts/question_acts.js";
import { lateBy } from "../parts/instruction_rows.js";
import { dispatches, last, periods, roundsOf, silent } from "../parts/question_rows.js";
import { Raised } from "../parts/raised.js";
import { Timeline } from "../parts/timeline.js";

const COLUMNS = 4; // rounds side by side; older ones in the timeline

export function Dispatches() {
  const open = dispatches.value;
  const { all, older } = useAll("dispatch");
  const { id } = route.value;
  const ended = all.filter((one) => !one.open).sort((a, b) => (b.ended_at ?? 0) - (a.ended_at ?? 0));
  return html`<main class=${`list-view two ${id ? "chosen" : ""}`}><section class="column" aria-labelledby="list-title">
    <header class="column-head"><h2 id="list-title">${t("dispatches")}</h2><span class="count">${open.length}</span>
      ${may("dispatch", "StartDispatch") && html`<${Button} label=${t("act.dispatch")} hot="i" press=${() => (wanted.value = { kind: "dispatch" })} id="start-dispatch" />`}</header>
    <div class="scroll" data-list="main">
      <${Periods} />
      <${Raised} />
      <${Downwards} />
      <div role="list" aria-label=${t("dispatches")} data-testid="dispatches">${open.map((one) => html`<${Item} key=${one.id} one=${one} />`)}</div>
      ${!open.length && html`<${Empty} title=${t("empty.dispatches")} hint=${t("empty.dispatches.hint")} />`}
      ${
        (ended.length > 0 || older) &&
        html`<details class="struck"><summary>${t("dispatch.ended")} <span class="count">${ended.length}</span></summary>
        <div role="list" aria-label=${t("dispatch.ended")}>${ended.map((one) => html`<${Item} key=${one.id} one=${one} />`)}</div>
        ${older && html`<button type="button" class="more" onClick=${older}>${t("more.page")}</button>`}</details>`
      }
    </div></section><${Dispatch} id=${id} had=${all.find((one) => one.id === id)} /></main>`;
}

/** @param {{one: any}} props */
function Item({ one }) {
  const current = route.value.id === one.id;
  return html`<div class=${`line-item instruction ${one.drill ? "drill" : ""} ${one.open ? "" : "ended"}`} role="listitem">
    <a href=${link("dispatches", one.id)} data-row aria-current=${current ? "true" : undefined} data-testid=${`dispatch-${one.id}`}>
      <span class="instruction-words">${one.text}</span>
      ${one.open ? html`<${Countdown} due=${one.next_at} span=${one.every_minutes * 60_000_000} told=${t("dispatch.next")} />` : html`<span class="tag">${t("dispatch.ended")}</span>`}
      <span class="instruction-told"><span class="number">${one.number}</span>
        <span>${t("dispatch.round", { n: one.rounds.length, units: one.units.length })}</span><${DrillTag} on=${one.drill} /></span>
    </a></div>`;
}

/** A storm, a holiday: under way since when, and who is quiet. */
function Periods() {
  const all = periods.value;
  const start = may("period", "MarkPeriod");
  return html`<section class="periods" aria-labelledby="periods-title" data-testid="periods">
    <h3 id="periods-title">${t("periods")}
      ${start && html`<${Button} label=${t("act.period")} press=${() => (wanted.value = { kind: "period" })} id="start-period" />`}</h3>
    ${all.map(
      (one) => html`<div class="period" key=${one.id} data-testid=${`period-${one.id}`}><p><b>${one.name}</b> <${Time} at=${one.started_at} />
      ${start && html`<button type="button" class="link" onClick=${() => endPeriod(one)}>${t("act.period.end")}</button>`}</p>
      ${one.quiet.length ? html`<ul>${one.quiet.map((/** @type {any} */ quiet) => html`<li key=${quiet.unit}><span class="kept late">${t("period.quiet", { name: quiet.name })}</span> <span class="hint">${t("checkin.heard", { time: clock(quiet.since) })}</span></li>`)}</ul>` : html`<p class="hint">${t("period.all_heard")}</p>`}</div>`,
    )}
    ${!all.length && html`<p class="hint">${t("period.none")}</p>`}
  </section>`;
}

/** @param {{id: string, had: any}} props */
function Dispatch({ id, had }) {
  const detail = useDetail("dispatch", id);
  const one = row("dispatch", id) ?? detail?.row ?? had;
  if (!id || !one)
    return html`<section class="column detail nothing"><${Empty} title=${t("empty.dispatch")} hint=${t("empty.dispatch.hint")} /></section>`;
  const rounds = roundsOf(id, detail?.questions ?? []);
  return html`<section class=${`column detail ${one.drill ? "drill" : ""}`} aria-labelledby="detail-title" data-testid="dispatch" key=${id}>
    <${Head} one=${one} names=${namesOf(rounds)} />
    <div class="scroll" tabindex="-1">
      ${rounds.length > 0 && html`<${Rounds} rounds=${rounds.slice(0, COLUMNS)} />`}
      <${Timeline} timeline=${detail?.timeline ?? []} />
    </div></section>`;
}

/** Units by name, as they were asked. @param {any[]} rounds @returns {Map<string, string>} */
const namesOf = (rounds) => new Map(rounds.flatMap((round) => round.lines).map((line) => [line.unit, line.name]));

/** @param {{one: any, names: Map<string, string>}} props */
function Head({ one, names }) {
  const about = row("incident", one.incident);
  return html`<header class="detail-head">
    <p class="detail-line"><a class="back" href=${link("dispatches")} data-back>${t("back")}</a><span class="number">${one.number}</span>
      <span>${t("dispatch.every_told", { every: word("every", String(one.every_minutes)) })}</span><${DrillTag} on=${one.drill} /><${Time} at=${one.started_at} /></p>
    <div class="detail-title-line"><h2 id="detail-title">${one.text}</h2>${one.open && html`<${Countdown} due=${one.next_at} span=${one.every_minutes * 60_000_000} told=${t("dispatch.next")} />`}</div>
    <p class="detail-line">${one.incident ? html`<a href=${link("incidents", one.incident)}>${about ? `${about.number} ${about.title}` : one.incident}</a>` : t("log.no_incident")}</p>
    ${
      one.open &&
      may("dispatch", "AskAgain") &&
      html`<div class="buttons acts" role="toolbar" aria-label=${t("acts")}>
      <${Button} label=${t("act.again")} hot="w" primary=${true} press=${() => askAgain(one)} id="ask-again" />
      ${may("dispatch", "SetUnits") && html`<${Button} label=${t("act.dispatch.units")} press=${() => (wanted.value = { kind: "units", one, names })} id="dispatch-units" />`}
      <${Button} label=${t("act.dispatch.end")} hot="e" press=${() => endDispatch(one)} id="end-dispatch" /></div>`
    }
  </header>`;
}

/** Units down, rounds across, the newest first: one table. @param {{rounds: any[]}} props */
function Rounds({ rounds }) {
  const newest = rounds[0];
  const names = namesOf(rounds);
  return html`<p class="hint">${t("dispatch.silent", { n: silent(newest).length, all: newest.lines.length })}</p>
    <div class="rounds-box" tabindex="0" role="region" aria-label=${t("dispatch.table")}><table class="units rounds"><thead><tr><th scope="col">${t("directory.unit")}</th>
      ${rounds.map((round) => html`<th scope="col" key=${round.id}>${t("dispatch.nth", { n: round.round })} <span class="hint">${hhmm(round.asked_at)}</span></th>`)}</tr></thead>
    <tbody>${[...names].map(
      ([unit, name]) => html`<tr key=${unit} data-testid=${`line-${unit}`}><th scope="row">${name}</th>
      ${rounds.map((round) => html`<${Cell} key=${round.id} round=${round} line=${round.lines.find((/** @type {any} */ line) => line.unit === unit)} newest=${round === newest} />`)}</tr>`,
    )}</tbody></table></div>`;
}

/** @param {{round: any, line: any, newest: boolean}} props */
function Cell({ round, line, newest }) {
  const label = t("dispatch.nth", { n: round.round });
  if (!line) return html`<td data-label=${label}></td>`;
  const said = last(line);
  const type = newest && round.open && may("page", "AcknowledgePage");
  if (!said)
    return html`<td data-label=${label}><span class=${line.unheard || !round.open ? "kept late" : "unknown"}>${t(line.unheard ? "questions.unheard" : "questions.silent")}</span>
      ${type && html`<button type="button" class="link" onClick=${() => typeAnswer(round, line)} data-testid=${`type-${line.unit}`}>${t("act.typed")}</button>`}</td>`;
  const figures = Object.entries(said.figures).map(([name, value]) => `${word("figure.short", name)} ${figure(value).text}`);
  return html`<td data-label=${label} class="round-said"><span class="words">${said.text}</span>
    ${figures.length > 0 && html`<span class="hint">${figures.join(" · ")}</span>`}
    <span class="hint">${said.name} · ${clock(said.at)}</span>${said.late_by > 0 && html`<span class="kept late">${lateBy(said.late_by)}</span>`}</td>`;
}
