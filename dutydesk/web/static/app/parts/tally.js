// @ts-check
/** A circular's table: every unit or district with its figures and score; each figure opens to the entries it was counted from. */
import { useEffect, useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { SECOND } from "../clocks.js";
import { figure, took } from "../format.js";
import { t, word } from "../i18n.js";
import { read } from "../session.js";

const SHOWN = ["received", "opened", "sent_up", "on_time_phone", "on_time_written", "late", "late_minutes", "missed", "concealed", "false", "checks_passed", "checks_failed", "pages", "pages_unanswered", "answer_median"]; // prettier-ignore
/** What the table of contacts and pairs shows. */
const COVER = ["units", "covered", "contacts", "proven", "pairs", "pairs_confirmed", "pairs_half", "pairs_disputed"]; // prettier-ignore
const BAD = new Set(["pairs_disputed", "late", "late_minutes", "missed", "concealed", "false", "checks_failed", "pages_unanswered"]);
const OF = { on_time_phone: "timed_phone", on_time_written: "timed_written" };

/** @param {{circular: any, open: (counted: any) => void}} props */
export function Tally({ circular, open }) {
  const [table, setTable] = useState(/** @type {any} */ (null));
  const [by, setBy] = useState("districts");
  const has = ["month", "quarter", "year"].includes(circular.kind) && circular.status !== "requested";
  useEffect(() => {
    setTable(null);
    if (has) void read(`tally/${circular.id}`).then(setTable);
  }, [circular.id, has]);
  if (!has) return null;
  if (!table) return html`<p class="hint">${t("tally.loading")}</p>`;
  const scores = new Map(table.scores.map((/** @type {any} */ one) => [one.unit, one.score]));
  return html`<section class="tally" data-testid="tally"><header class="tally-head">
      <h3>${t(`tally.${by}`)}</h3>
      ${["districts", "units", ...(table.coverage?.length ? ["coverage"] : [])].map((name) => html`<button type="button" class="quiet" aria-pressed=${by === name} onClick=${() => setBy(name)} data-testid=${`tally-${name}`}>${t(`tally.${name}`)}</button>`)}
      ${table.scheme_name && html`<span class="tag">${t("tally.scheme", { name: table.scheme_name })}</span>`}
      ${table.scheme_name && !table.confirmed && html`<span class="tag dashed">${t("tally.unconfirmed")}</span>`}
    </header>
    <div class="tally-scroll" tabindex="0" role="region" aria-label=${t(`tally.${by}`)}><table>
      <thead><tr><th scope="col">${t("tally.unit")}</th>${by === "units" && table.scheme ? html`<th scope="col">${t("tally.score")}</th>` : ""}
        ${columns(by).map((name) => html`<th scope="col" key=${name}>${word(group(by), name)}</th>`)}</tr></thead>
      <tbody>${table[by].map((/** @type {any} */ one) => html`<${Row} key=${one.unit} one=${one} score=${by === "units" && table.scheme ? (scores.get(one.unit) ?? {}) : null} by=${by} open=${open} />`)}</tbody>
    </table></div></section>`;
}

/** @param {string} by */
const columns = (by) => (by === "coverage" ? COVER : SHOWN);
/** The words of its figures. @param {string} by */
const group = (by) => (by === "coverage" ? "cover_figure" : "unit_figure");

/** @param {{one: any, score: any, by: string, open: (counted: any) => void}} props */
function Row({ one, score, by, open }) {
  const found = new Map(one.figures.map((/** @type {any} */ each) => [each.name, each]));
  return html`<tr><th scope="row">${one.kind === "all" ? t("tally.all") : one.name}</th>
    ${score && html`<td class="figure" title=${(score.parts ?? []).map((/** @type {any} */ part) => part.join(" ")).join(" · ")}>${score.points ?? t("figure.unknown")} ${score.grade ?? ""}</td>`}
    ${columns(by).map((name) => html`<td class="figure" key=${name}><${Cell} one=${one} group=${group(by)} counted=${found.get(name)} whole=${found.get(/** @type {any} */ (OF)[name])} open=${open} /></td>`)}</tr>`;
}

/** @param {{one: any, group: string, counted: any, whole: any, open: (counted: any) => void}} props */
function Cell({ one, group, counted, whole, open }) {
  if (!counted) return "";
  const text = said(counted, whole);
  if (!counted.seqs.length) return html`<span class="soft">${text}</span>`;
  const name = `${one.kind === "all" ? t("tally.all") : one.name} ${word(group, counted.name)}`;
  return html`<button type="button" class=${`link ${BAD.has(counted.name) && counted.value ? "bad" : ""}`} aria-label=${`${name} ${text},${t("tally.entries", { n: counted.seqs.length })}`}
    onClick=${() => open({ ...counted, label: name })}>${text}</button>`;
}

/** A rate is said with what it is a part of; what was never timed is unknown. @param {any} counted @param {any} whole */
function said(counted, whole) {
  if (whole) return whole.value ? `${counted.value}/${whole.value}` : "—";
  if (counted.unit === "s" && counted.value !== null) return took(counted.value * SECOND);
  return counted.value === 0 ? "0" : figure(counted.value).text;
}
