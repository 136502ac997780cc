// @ts-check
/** 抽查: spot checks, those that wait for somebody first; one of them with its answers, its result and what may be done. */
import { html } from "../../vendor/htm/preact.js";
import { useDetail } from "../detail.js";
import { clock } from "../format.js";
import { t, word } from "../i18n.js";
import { person } from "../names.js";
import { useAll } from "../paging.js";
import { link, route } from "../route.js";
import { may } from "../session.js";
import { row } from "../store.js";
import { Attachments } from "../parts/attachments.js";
import { Button, DrillTag, Empty, Time } from "../parts/basic.js";
import { appeal, CheckDialog, decide, judge, startCheck } from "../parts/check_acts.js";
import { Timeline } from "../parts/timeline.js";

export function Checks() {
  const { all, older } = useAll("check");
  const { id } = route.value;
  const sorted = [...all].sort((a, b) => Number(b.open) - Number(a.open) || b.at - a.at);
  const waiting = sorted.filter((one) => one.open);
  return html`<main class=${`list-view two ${id ? "chosen" : ""}`}><section class="column" aria-labelledby="list-title">
    <header class="column-head"><h2 id="list-title">${t("checks")}</h2><span class="count">${waiting.length}</span>
      <span class="sorted">${t("checks.sorted")}</span>
      ${may("check", "StartCheck") && html`<${Button} label=${t("act.spot_check")} hot="i" press=${startCheck} id="start-check" />`}</header>
    <div class="scroll" data-list="main">
      <div role="list" aria-label=${t("checks")} data-testid="checks">${sorted.map((one) => html`<${Item} key=${one.id} one=${one} />`)}</div>
      ${!sorted.length && html`<${Empty} title=${t("empty.checks")} hint=${t("empty.checks.hint")} />`}
      ${older && html`<button type="button" class="more" onClick=${older}>${t("more.page")}</button>`}
    </div></section><${Check} id=${id} had=${all.find((one) => one.id === id)} /><${CheckDialog} /></main>`;
}

/** @param {{one: any}} props */
function Item({ one }) {
  const current = route.value.id === one.id;
  return html`<div class=${`line-item instruction ${one.drill ? "drill" : ""} ${one.open ? "" : "ended"}`} role="listitem" data-id=${one.id}>
    <a href=${link("checks", one.id)} data-row aria-current=${current ? "true" : undefined} data-testid=${`check-${one.id}`}>
      <span class="instruction-words">${one.name}</span><${Status} one=${one} />
      <span class="instruction-told"><span class="number">${one.number}</span><span>${clock(one.at)}</span>
        <span>${word("check.target", one.target)} · ${word("check.way", one.way)} · ${word("check.origin", one.origin)}</span>
        ${one.reason && html`<span>${word("check.reason", one.reason)}</span>`}<${DrillTag} on=${one.drill} /></span>
    </a></div>`;
}

/** @param {{one: any}} props */
function Status({ one }) {
  const bad = one.status === "failed" || one.status === "appealed";
  return html`<span class=${bad ? "kept late" : "tag outlined"}>${word("check.status", one.status)}</span>`;
}

/** @param {{id: string, had: any}} props */
function Check({ id, had }) {
  const detail = useDetail("check", id);
  const one = row("check", id) ?? detail?.row ?? had;
  if (!id || !one)
    return html`<section class="column detail nothing"><${Empty} title=${t("empty.check")} hint=${t("empty.check.hint")} /></section>`;
  return html`<section class=${`column detail ${one.drill ? "drill" : ""}`} aria-labelledby="detail-title" data-testid="check" key=${id}>
    <header class="detail-head">
      <p class="detail-line"><a class="back" href=${link("checks")} data-back>${t("back")}</a><span class="number">${one.number}</span>
        <${DrillTag} on=${one.drill} /><${Time} at=${one.at} /></p>
      <div class="detail-title-line"><h2 id="detail-title">${one.name}</h2><${Status} one=${one} /></div>
      <${Acts} one=${one} />
    </header>
    <div class="scroll" tabindex="-1"><${Facts} one=${one} /><${Answers} one=${one} /><${Timeline} timeline=${detail?.timeline ?? []} /></div>
  </section>`;
}

/** @param {{one: any}} props */
function Acts({ one }) {
  const waits = ["asking", "answered"].includes(one.status);
  return html`<div class="buttons acts" role="toolbar" aria-label=${t("acts")}>
    ${waits && may("check", "JudgeCheck") && html`<${Button} label=${t("act.check.judge")} hot="w" primary=${one.status === "answered"} press=${() => judge(one)} id="judge-check" />`}
    ${one.status === "failed" && !one.decision && may("check", "AppealCheck") && html`<${Button} label=${t("act.check.appeal")} hot="n" press=${() => appeal(one)} id="appeal-check" />`}
    ${one.status === "appealed" && may("check", "DecideCheckAppeal") && html`<${Button} label=${t("act.check.decide")} hot="e" primary=${true} press=${() => decide(one)} id="decide-check" />`}
  </div>`;
}

/** @param {{one: any}} props */
function Facts({ one }) {
  const rings = one.rings ? t("check.rings", { n: one.rings, limit: one.limit }) : one.way === "voice" ? t("check.rings.unknown") : "";
  const judged = one.judged_by?.startsWith("user:") ? t("check.judged", { by: person(one.judged_by), time: clock(one.judged_at) }) : t("check.by_key");
  return html`<section><h3>${t("check.facts")}</h3><dl>
    <${Fact} name=${t("check.how")} value=${[word("check.target", one.target), word("check.way", one.way), word("check.origin", one.origin)].join(" · ")} />
    ${one.of && html`<${Fact} name=${t("check.origin.recheck")} value=${t("check.of", { number: one.of })} />`}
    ${one.judged_at && html`<${Fact} name=${t("check.result")} value=${[word("check.status", one.status), word("check.reason", one.reason), rings, one.note, judged].filter(Boolean).join(" · ")} />`}
    ${one.recheck_at && html`<${Fact} name=${t("check.origin.recheck")} value=${t("check.recheck", { time: clock(one.recheck_at) })} />`}
    ${one.recheck && html`<${Fact} name=${t("check.origin.recheck")} value=${t("check.rechecked")} />`}
    ${one.appeal && html`<${Fact} name=${t("check.appeal")} value=${`${one.appeal}(${person(one.appealed_by)} ${clock(one.appealed_at)})`} />`}
    ${one.decision && html`<${Fact} name=${t("check.decision")} value=${`${one.decision} · ${person(one.decided_by)}`} />`}
  </dl><${Attachments} media=${one.appeal_files} /></section>`;
}

/** @param {{name: string, value: any}} props */
const Fact = ({ name, value }) => html`<div class="fact-line"><dt>${name}</dt><dd>${value}</dd></div>`;

/** @param {{one: any}} props */
function Answers({ one }) {
  if (!one.answers.length) return html`<p class="hint">${t("check.no_answers")}</p>`;
  return html`<section><h3>${t("check.answers")}</h3>${one.answers.map(
    (/** @type {any} */ said) => html`<p class="hint">${said.name} · ${word("how", said.how)} · ${clock(said.at)}</p><p class="quote">${said.text}</p>`,
  )}</section>`;
}
