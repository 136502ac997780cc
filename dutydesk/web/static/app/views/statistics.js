// @ts-check
/** 统计: bars by hour, day, kind, district, answer time and lateness, beside the period before; every bar opens to its entries. */
import { useEffect, useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { HOUR, tenth } from "../clocks.js";
import { full, took } from "../format.js";
import { t, word } from "../i18n.js";
import { read } from "../session.js";
import { Empty } from "../parts/basic.js";
import { Line } from "../parts/timeline.js";
import { MomentField } from "../parts/time_field.js";

const SPANS = [1, 7, 30, 90];
/** Upright bars in the order of time; lying ones where the label is a word. */
const UPRIGHT = ["days", "incidents", "hours"];
const LYING = ["kinds", "categories", "districts", "answers", "lateness"];

/** @param {number} at */
const dayOf = (at) => full(at).slice(0, 10);

export function Statistics() {
  const [chosenDays, setWhen] = useState(/** @type {{from: string, to: string} | null} */ (null));
  const when = chosenDays ?? last(7); // by the desk's clock, which the first frame brings
  const [found, setFound] = useState(/** @type {any} */ (null));
  const [failed, setFailed] = useState(false);
  const [chosen, choose] = useState(/** @type {{chart: string, point: any} | null} */ (null));
  const query = `?from=${when.from}&to=${when.to}`;
  useEffect(() => {
    const abort = new AbortController();
    void read(`statistics${query}`, abort.signal).then((answer) => {
      if (abort.signal.aborted) return;
      setFailed(!answer);
      choose(null);
      if (answer) setFound(answer);
    });
    return () => abort.abort();
  }, [query]);
  const nothing = found && !Object.values(found.totals).some(Boolean);
  return html`<main class="list-view single"><section class="column" aria-labelledby="list-title">
    <header class="column-head"><h2 id="list-title">${t("view.statistics")}</h2></header>
    <${Period} when=${when} set=${setWhen} query=${query} />
    <div class="scroll statistics" data-testid="statistics">
      ${failed && html`<p role="alert">${t("statistics.failed")}</p>`}
      ${found?.cut && html`<p class="hint" role="status">${t("statistics.cut")}</p>`}
      ${found && html`<${Totals} found=${found} />`}
      ${nothing && html`<${Empty} title=${t("empty.statistics")} hint=${t("empty.statistics.hint")} />`}
      ${
        found &&
        !nothing &&
        html`<p class="hint">${t("chart.hint")}</p><div class="charts">
        ${[...UPRIGHT, ...LYING].map((name) => html`<${Chart} key=${name} name=${name} points=${found.charts[name]} chosen=${chosen?.chart === name ? chosen.point : null} choose=${(/** @type {any} */ point) => choose(point && { chart: name, point })} />`)}</div>`
      }
    </div></section></main>`;
}

/** So many days that end today. @param {number} days */
const last = (days) => ({ from: dayOf(tenth.value - (days - 1) * 24 * HOUR), to: dayOf(tenth.value) });

/** @param {{when: {from: string, to: string}, set: (when: {from: string, to: string}) => void, query: string}} props */
function Period({ when, set, query }) {
  const same = (/** @type {number} */ days) => last(days).from === when.from && last(days).to === when.to;
  return html`<form class="log-filters" aria-label=${t("statistics.period")} onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
    <span class="buttons small presets">${SPANS.map((days) => html`<button type="button" aria-pressed=${same(days)} onClick=${() => set(last(days))} data-testid=${`span-${days}`}>${days === 1 ? t("statistics.today") : t("statistics.days", { n: days })}</button>`)}</span>
    ${["from", "to"].map((name) => html`<label>${t(`log.${name}`)}<${MomentField} id=${`period-${name}`} required value=${/** @type {any} */ (when)[name]} set=${(/** @type {string} */ said) => set({ ...when, [name]: said.slice(0, 10) })} /></label>`)}
    <span class="buttons"><a class="button" href=${`/statistics.xlsx${query}`} data-testid="xlsx">${t("statistics.xlsx")}</a>
      <a class="button" href=${`/statistics.csv${query}`}>${t("statistics.csv")}</a></span>
  </form>`;
}

/** What was counted altogether, and how it was in the period before. @param {{found: any}} props */
function Totals({ found }) {
  const median = (/** @type {number | null} */ value) => (value === null ? t("figure.unknown") : took(value * 1_000_000));
  return html`<dl class="totals">
    ${["MessageRecorded", "IncidentOpened", "PageAcknowledged", "PageExhausted", "ObligationMissed"].map(
      (name) => html`<div key=${name}><dt>${t(`statistics.${name}`)}</dt><dd><b>${found.totals[name]}</b> <span>${t("statistics.former", { n: found.former_totals[name] })}</span></dd></div>`,
    )}
    <div><dt>${t("statistics.median")}</dt><dd><b>${median(found.answer_median)}</b> <span>${t("statistics.former", { n: median(found.former_answer_median) })}</span></dd></div>
  </dl>`;
}

/** @param {{name: string, points: any[], chosen: any, choose: (point: any) => void}} props */
function Chart({ name, points, chosen, choose }) {
  const most = Math.max(1, ...points.flatMap((point) => [point.value, point.former]));
  const upright = UPRIGHT.includes(name);
  const sparse = upright && points.length > 12 ? Math.ceil(points.length / 12) : 1;
  const label = (/** @type {string} */ text) => (name === "categories" ? word("class", text) || text : text);
  return html`<section class=${`chart ${upright ? "upright" : "lying"} ${chosen ? "open" : ""}`} aria-label=${t(`chart.${name}`)} data-testid=${`chart-${name}`}>
    <h3>${t(`chart.${name}`)}</h3>
    ${points.length === 0 && html`<p class="hint">${t("chart.none")}</p>`}
    <ul>${points.map(
      (point, n) => html`<li key=${point.label}><button type="button" aria-expanded=${chosen === point} title=${t("chart.point", { label: label(point.label), value: point.value, former: point.former })} onClick=${() => choose(chosen === point ? null : point)}>
      <span class="bar-label" data-quiet=${n % sparse ? "yes" : undefined}>${label(point.label)}</span>
      <span class="bar" aria-hidden="true"><span class="bar-former" style=${{ "--share": point.former / most }}></span><span class="bar-now" style=${{ "--share": point.value / most }}></span></span>
      <span class="bar-value">${point.value || ""}</span><span class="unseen">${t("statistics.former", { n: point.former })}</span></button></li>`,
    )}</ul>
    ${chosen && html`<${Behind} point=${chosen} shut=${() => choose(null)} />`}
  </section>`;
}

/** The entries a bar was counted from. @param {{point: any, shut: () => void}} props */
function Behind({ point, shut }) {
  const [entries, setEntries] = useState(/** @type {any[] | null} */ (null));
  useEffect(() => {
    setEntries(null);
    if (!point.seqs.length) setEntries([]);
    else void read(`entries?seqs=${point.seqs.join(",")}`).then((answer) => setEntries(answer?.entries ?? []));
  }, [point]);
  return html`<section class="drawer" aria-label=${point.label} data-testid="drawer">
    <header><h4>${t("drawer.title", { name: point.label, n: point.value })}</h4><button type="button" class="quiet" onClick=${shut}>${t("shut")}</button></header>
    ${entries?.length === 0 && html`<p class="hint">${t("drawer.none")}</p>`}
    <ol class="timeline">${(entries ?? []).map((entry, n) => html`<${Line} key=${entry.seq} entry=${entry} read=${new Map()} before=${entries?.[n - 1] ?? null} />`)}</ol>
  </section>`;
}
