// @ts-check
/**
 * 大屏: clocks and strips only, to be read at six metres. Nothing is asked of anybody here; it keeps its screen on, its session
 * seen, and itself as new as the desk it belongs to.
 */
import { useEffect } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { late } from "../alarm.js";
import { stayAwake } from "../attention.js";
import { second } from "../clocks.js";
import { age, hhmm, hhmmss, span, weekday } from "../format.js";
import { t } from "../i18n.js";
import { person } from "../names.js";
import { link } from "../route.js";
import { whoAmI } from "../session.js";
import { framed } from "../practising.js";
import { drill, nextPage, row, strips, waiting, watch } from "../store.js";
import { DrillTag, Figure, Level, numeral } from "../parts/basic.js";
import { NextLegal } from "../parts/legal.js";
import { PageClock } from "../parts/strips.js";

const SEEN = 600_000; // milliseconds between signs of life: a session nobody uses would end
const FIGURES = ["deaths", "injured", "missing", "trapped", "ill", "evacuated"];
const MOST = 8; // strips on the wall; more are counted

export function Wall() {
  useKeptAlive();
  const all = strips.value;
  const shown = all.slice(0, MOST);
  return html`<main class=${`wall ${framed.value ? "drilling" : ""}`} aria-label=${t("view.wall")} data-testid="wall">
    <header class="wall-head">
      <b class="wall-clock" role="timer" aria-label=${t("now")}>${hhmmss(second.value)}</b>
      <span class="wall-day">${weekday(second.value)}</span>
      <${OnWatch} />
      <${Counts} />
      <a class="wall-leave" href=${link("desk")} data-back>${t("wall.leave")}</a>
    </header>
    ${framed.value && html`<p class="wall-drill">${t("drill.open", { name: drill.value?.name })}</p>`}
    <div class="wall-strips" role="list" aria-label=${t("incidents")}>
      ${shown.map((one) => html`<${Line} key=${one.id} incident=${one} />`)}
      ${!all.length && html`<p class="wall-calm">${t("wall.calm")}</p>`}
    </div>
    ${all.length > MOST && html`<p class="wall-more">${t("wall.more", { n: all.length - MOST })}</p>`}
  </main>`;
}

/** The screen stays on, the session stays seen, and a desk that was upgraded is loaded anew. */
function useKeptAlive() {
  const version = row("desk", "main")?.version;
  useEffect(() => {
    stayAwake(true);
    const timer = setInterval(() => void whoAmI(), SEEN);
    return () => (clearInterval(timer), stayAwake(false));
  }, []);
  useEffect(() => {
    if (version && first && version !== first) location.reload();
    first = version ?? first;
  }, [version]);
}

/** @type {string | undefined} */
let first;

function OnWatch() {
  const now = watch.value;
  if (!now) return html`<span class="wall-watch">${t("watch.none")}</span>`;
  const left = now.ends_at - second.value;
  return html`<span class="wall-watch"><b>${now.name}</b> ${t("watch.leader")} <b>${person(now.leader) || t("nobody")}</b>
    ${t("watch.officers")} <b>${now.officers.map(person).join("、") || t("nobody")}</b>
    <span class="wall-soft">${t("handover")} ${hhmm(now.ends_at)} ${left > 0 ? span(left) : t("handover.over")}</span></span>`;
}

function Counts() {
  const [wait, unsigned] = [waiting.value, strips.value.filter((one) => !one.signed_by).length];
  return html`<span class="wall-counts">
    ${late.value.length > 0 && html`<span class="wall-late">${t("late.count", { n: late.value.length })}</span>`}
    ${unsigned > 0 && html`<span class="wall-tag">${t("unsigned.count", { n: unsigned })}</span>`}
    <span class="wall-tag">${t("wall.waiting", { n: wait.length })}${wait.length ? html`<span class="wall-soft"> ${age(wait[0].received_at)}</span>` : ""}</span>
  </span>`;
}

/** @param {{incident: any}} props */
function Line({ incident }) {
  const holder = incident.assigned_to || incident.signed_by;
  return html`<article class=${`wall-line ${incident.drill ? "drill" : ""} ${incident.signed_by ? "" : "unsigned"}`} role="listitem" data-level=${numeral(incident.level)} data-testid=${`wall-${incident.id}`}>
    <${Level} level=${incident.level} />
    <div class="wall-told">
      <h2>${incident.title} <${DrillTag} on=${incident.drill} /></h2>
      <p><span class="figures">${FIGURES.filter((name, n) => n < 3 || incident.figures[name]).map((name) => html`<${Figure} name=${name} value=${incident.figures[name]?.value} />`)}</span>
        <span class="wall-holder">${holder ? person(holder) : t("holder.none")}</span></p>
    </div>
    <div class="wall-clocks"><${PageClock} page=${nextPage(incident.id)} />
      <${NextLegal} incident=${incident.id} channel="phone" /><${NextLegal} incident=${incident.id} channel="written" /></div>
  </article>`;
}
