// @ts-check
/** 互建 in the directory view: how towns and the units in them confirm one another's contacts, by district and pair by pair. */
import { useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { act, newKey } from "../actions.js";
import { full } from "../format.js";
import { t, word } from "../i18n.js";
import { useTold } from "../paging.js";
import { may } from "../session.js";
import { Button } from "./basic.js";
import { ask } from "./dialog.js";

const SHOWN = 50;
const STANDING = ["disputed", "lacking", "none", "lapsed", "silent", "asking", "town_only", "unit_only", "confirmed"];

/** How a pair stands, in words. @param {any} line */
export function standing(line) {
  const date = line.at ? full(line.at).slice(0, 10) : "";
  return line.status === "confirmed" ? t("pair.confirmed", { date }) : word("pair.status", line.status);
}

export function Pairs() {
  const told = useTold("pairs", ["pair", "pairround"]);
  const [shown, setShown] = useState("missing");
  if (!told) return null;
  const chosen = told.lines.filter((/** @type {any} */ line) => shown === "all" || (shown === "missing" ? line.status !== "confirmed" : line.status === shown));
  const done = told.lines.filter((/** @type {any} */ line) => line.status === "confirmed").length;
  return html`<section class="pairs" aria-labelledby="pairs-title" data-testid="pairs"><h3 id="pairs-title">${t("pairs")}</h3>
    <p class="hint">${t("pairs.told", { pairs: told.lines.length, done, days: told.every_days })}${told.rounds > 0 && ` ${t("pairs.running")}`}</p>
    <p class="buttons">
      ${may("pairround", "StartPairRound") && html`<${Button} label=${t("act.pairs")} press=${() => start(told.districts)} id="start-pairs" />`}
      <a class="button" href="/pairs.xlsx" data-testid="pairs-xlsx">${t("statistics.xlsx")}</a>
      <select class="filter" aria-label=${t("pairs.show")} data-testid="pairs-show" value=${shown} onChange=${(/** @type {any} */ event) => setShown(event.target.value)}>
        <option value="missing">${t("pairs.missing")}</option><option value="all">${t("pairs.all")}</option>
        ${STANDING.map((one) => html`<option value=${one}>${word("pair.status", one)}</option>`)}</select></p>
    ${told.lines.length > 0 && html`<${Districts} districts=${told.districts} />`}
    ${chosen.length ? html`<${Lines} lines=${chosen.slice(0, SHOWN)} />` : html`<p>${t(told.lines.length ? "pairs.nothing" : "pairs.none")}</p>`}
    ${chosen.length > SHOWN && html`<p class="hint">${t("coverage.more", { n: chosen.length - SHOWN })}</p>`}
  </section>`;
}

/** @param {{districts: any[]}} props */
const Districts = ({ districts }) =>
  html`<div class="table-scroll" tabindex="0" role="region" aria-label=${t("pairs.districts")}><table class="directory" data-testid="pair-districts"><thead><tr>
    <th scope="col">${t("pairs.district")}</th><th scope="col">${t("pairs.count")}</th><th scope="col">${t("pair.status.confirmed")}</th>
    <th scope="col">${t("pairs.half")}</th><th scope="col">${t("pair.status.disputed")}</th><th scope="col">${t("pairs.rest")}</th></tr></thead>
    <tbody>${districts.map((one) => html`<${District} key=${one.division} one=${one} />`)}</tbody></table></div>`;

/** @param {{one: any}} props */
function District({ one }) {
  const of = (/** @type {string} */ status) => one.by[status] ?? 0;
  const half = of("town_only") + of("unit_only");
  const rest = one.pairs - of("confirmed") - half - of("disputed");
  return html`<tr><td><b>${one.name}</b></td>${[one.pairs, of("confirmed"), half, of("disputed"), rest].map((n) => html`<td class="number">${n}</td>`)}</tr>`;
}

/** @param {{lines: any[]}} props */
const Lines = ({ lines }) =>
  html`<div class="table-scroll" tabindex="0" role="region" aria-label=${t("pairs")}><table class="directory"><thead><tr>
    <th scope="col">${t("pairs.who")}</th><th scope="col">${t("pairs.stands")}</th></tr></thead>
    <tbody>${lines.map((line) => html`<${Line} key=${line.pair} line=${line} />`)}</tbody></table></div>`;

/** @param {{line: any}} props */
function Line({ line }) {
  const told = line.lacks.map((/** @type {string} */ side) => word("pair.lacks", side)).join(" ");
  const waits = line.status === "asking" ? [] : line.asking;
  return html`<tr data-testid=${`pair-${line.unit}`}><td><b>${line.name}</b><p class="hint">${line.town_name}</p></td>
    <td><span class=${line.status === "disputed" ? "kept late" : ""}>${standing(line)}</span>
      ${[line.text, told, ...waits.map((/** @type {string} */ side) => word("pair.asking", side))].filter(Boolean).map((text) => html`<p class="hint">${text}</p>`)}
      ${!line.lacks.length && html`<span class="buttons small wraps">
      ${may("pairing", "AskPairs") && html`<${Button} label=${word("act.pair", "town")} press=${() => put(line.town)} id=${`ask-town-${line.unit}`} />
        <${Button} label=${word("act.pair", "unit")} press=${() => put(line.unit)} id=${`ask-unit-${line.unit}`} />`}
      ${may("pair", "MarkPair") && html`<${Button} label=${t("act.pair.mark")} press=${() => mark(line)} id=${`mark-${line.unit}`} />`}</span>`}</td></tr>`;
}

/** @param {string} unit */
const put = (unit) => void act(`pairing/${unit}/AskPairs`, { unit }, { title: t("act.pair.ask") });

/** @param {any[]} districts */
function start(districts) {
  const choices = [{ value: "all", label: t("pairs.whole") }, ...districts.map((one) => ({ value: one.division, label: one.name }))];
  ask({
    title: t("act.pairs"),
    told: t("pairs.start"),
    fields: [{ name: "division", label: t("pairs.district"), kind: "choice", value: "all", choices }],
    submit: t("act.pairs"),
    send: ({ division }) => act(`pairround/${newKey()}/StartPairRound`, { division: division === "all" ? "" : division }, { title: t("act.pairs") }),
  });
}

/** @param {any} line */
function mark(line) {
  const sides = ["town", "unit"].map((value) => ({ value, label: word("pair.side", value) }));
  ask({
    title: t("pair.mark.title", { name: line.name }),
    told: t("pair.mark.told"),
    fields: [
      { name: "side", label: t("pair.mark.side"), kind: "choice", value: "town", choices: sides },
      { name: "right", label: t("pair.mark.said"), kind: "choice", value: "yes", choices: ["yes", "no"].map((value) => ({ value, label: word("pair.said", value) })) },
      { name: "text", label: t("pair.mark.text"), kind: "long", optional: true },
    ],
    submit: t("act.pair.mark"),
    send: ({ side, right, text }) =>
      act(`pair/${line.pair}/MarkPair`, { town: line.town, unit: line.unit, side, right: right === "yes", text }, { title: t("act.pair.mark") }),
  });
}
