// @ts-check
/** A month's roster as a grid: days down, shifts across, posts in the cells; gaps in words. Arrow keys walk it, Enter changes a post. */
import { useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { act } from "../actions.js";
import { second } from "../clocks.js";
import { useDetail } from "../detail.js";
import { hhmm } from "../format.js";
import { t } from "../i18n.js";
import { person } from "../names.js";
import { may, me } from "../session.js";
import { row } from "../store.js";
import { Button, Empty } from "./basic.js";
import { ask } from "./dialog.js";
import { Paper } from "./files.js";
import { days, dutyName, monthOf, postName, posts, said, serving, shifted, wrongs } from "./roster_rows.js";

export function Roster() {
  const [month, setMonth] = useState(monthOf(second.peek()));
  const held = row("roster", month);
  const past = !held && month < monthOf(second.peek()); // the feed brings this month and those to come
  const detail = useDetail("roster", past ? month : "");
  const roster = held ?? (detail?.row?.month === month ? detail?.row : undefined);
  return html`<section class="roster" aria-labelledby="roster-title" data-testid="roster">
    <header class="roster-head"><h3 id="roster-title">${t("roster")} ${month}</h3>
      <div class="buttons">
        <button type="button" onClick=${() => setMonth(shifted(month, -1))} aria-label=${t("roster.before")} data-testid="roster-before">←</button>
        <button type="button" onClick=${() => setMonth(shifted(month, 1))} aria-label=${t("roster.after")} data-testid="roster-after">→</button>
        ${roster && html`<${Paper} kind="roster" id=${month} />`}
        ${may("roster", "PlanRoster") && html`<${Button} label=${t("act.plan")} press=${() => plan(month, Boolean(roster))} id="plan-roster" />`}
        ${may("roster", "PlanRoster") && html`<${Upload} />`}
      </div></header>
    ${roster ? html`<${Month} roster=${roster} month=${month} />` : html`<${Empty} title=${t("roster.none", { month })} hint=${t(may("roster", "PlanRoster") ? "roster.none.hint" : "roster.none.ask")} />`}
  </section>`;
}

/** @param {string} month @param {boolean} again */
function plan(month, again) {
  ask({
    title: t("plan.title", { month }),
    told: t(again ? "plan.again" : "plan.told"),
    fields: [],
    submit: t("act.plan"),
    send: () => void act(`roster/${month}/PlanRoster`, { month }, { title: t("act.plan") }),
  });
}

/** A roster made elsewhere: xlsx, csv or a calendar. What is wrong in the file is said by row and column. */
function Upload() {
  const [told, setTold] = useState(/** @type {{text: string, wrong: boolean} | null} */ (null));
  /** @param {Event} event */
  const chosen = async (event) => {
    const box = /** @type {HTMLInputElement} */ (event.target);
    const file = box.files?.[0];
    if (!file) return;
    const headers = { "X-CSRF": me.value?.csrf ?? "", "Content-Type": "application/octet-stream" };
    const path = `/api/roster-file?name=${encodeURIComponent(file.name)}`;
    const answer = await fetch(path, { method: "POST", headers, body: file }).catch(() => null);
    const body = await answer?.json().catch(() => null);
    const wrong = !answer?.ok;
    setTold({ text: wrong ? body?.error || t("upload.failed") : t("upload.done", { n: body.duties }), wrong });
    box.value = "";
  };
  return html`<label class="button upload"><input type="file" accept=".xlsx,.csv,.ics" onChange=${chosen} data-testid="roster-file" />${t("act.upload")}</label>
    ${told && html`<p class=${`upload-said ${told.wrong ? "wrong" : ""}`} role=${told.wrong ? "alert" : "status"} data-testid="upload-said">${told.text}</p>`}`;
}

/** @param {{roster: any, month: string}} props */
function Month({ roster, month }) {
  const [whole, setWhole] = useState(false);
  const wrong = wrongs(roster);
  const all = days(roster);
  const ahead = all.filter((one) => one.duties.some((duty) => duty.ends_at > second.value));
  const over = ahead.length ? all.length - ahead.length : 0;
  const names = [...new Set(roster.duties.map((/** @type {any} */ duty) => duty.name))];
  return html`
    ${!roster.known && html`<p class="notice" role="status">${t("roster.unknown_year")}</p>`}
    ${roster.problems.length > 0 && html`<p class="wrong" role="status" data-testid="roster-wrong">${t("roster.wrong", { n: wrong.size })}</p>`}
    ${over > 0 && html`<button type="button" class="more" aria-pressed=${String(whole)} onClick=${() => setWhole(!whole)} data-testid="roster-past">${t(whole ? "roster.ahead" : "roster.past", { n: over })}</button>`}
    <table class="roster-grid" onKeyDown=${walk}><thead><tr><th scope="col">${t("roster.day")}</th>${names.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>${(whole || !over ? all : ahead).map(
        (one) => html`<tr key=${one.day} class=${one.special ? "special" : ""}>
          <th scope="row">${one.day}${one.special && html`<span class="tag outlined">${one.special}</span>`}</th>
          ${names.map((name) => html`<td>${one.duties.filter((duty) => duty.name === name).map((duty) => html`<${Cell} key=${duty.id} duty=${duty} month=${month} wrong=${wrong.get(duty.id) ?? []} />`)}</td>`)}
        </tr>`,
      )}</tbody></table>`;
}

/** @param {{duty: import("./roster_rows.js").Duty, month: string, wrong: import("./roster_rows.js").Problem[]}} props */
function Cell({ duty, month, wrong }) {
  const over = duty.ends_at <= second.value;
  const now = duty.starts_at <= second.value && !over;
  const shown = posts().length ? posts().map((post) => post.id) : [...new Set(duty.seats.map((seat) => seat.post))];
  return html`<div class=${`duty ${over ? "over" : ""} ${now ? "now" : ""}`} data-testid=${`duty-${duty.id}`}>
    <span class="duty-hours">${hhmm(duty.starts_at)}–${hhmm(duty.ends_at)}${now ? html` <b>${t("roster.now")}</b>` : ""}</span>
    <span class="places">${shown.map((post) => html`<${Place} key=${post} duty=${duty} month=${month} post=${post} over=${over} />`)}</span>
    ${wrong.map((problem) => html`<span class="duty-wrong">${said(problem)}</span>`)}
  </div>`;
}

/** @param {{duty: import("./roster_rows.js").Duty, month: string, post: string, over: boolean}} props */
function Place({ duty, month, post, over }) {
  const here = duty.seats.filter((seat) => seat.post === post).map((seat) => seat.person);
  const mine = here.includes(me.value?.username ?? "");
  const text = html`<span class="post">${postName(post)}</span> ${here.length ? html`<span class=${mine ? "mine" : ""}>${here.map(person).join("、")}</span>` : html`<span class="gap">${t("nobody")}</span>`}`;
  if (over || !may("roster", "SetDuty")) return html`<span class="place">${text}</span>`;
  return html`<button type="button" class="place" onClick=${() => change(duty, month, post, here)} data-cell data-testid=${`place-${duty.id}-${post}`}>${text}</button>`;
}

/** @param {import("./roster_rows.js").Duty} duty @param {string} month @param {string} post @param {string[]} here */
function change(duty, month, post, here) {
  ask({
    title: t("set_duty.title", { duty: dutyName(duty), post: postName(post) }),
    told: t("set_duty.told"),
    fields: [
      {
        name: "people",
        label: t("set_duty.people"),
        kind: "checks",
        optional: true,
        checked: here,
        choices: serving.value.map((user) => ({ value: user.username, label: user.name })),
      },
      { name: "reason", label: t("reason"), optional: true },
    ],
    submit: t("act.set_duty"),
    send: (values) =>
      void act(`roster/${month}/SetDuty`, { duty: duty.id, post, ...values }, { title: t("act.set_duty") }),
  });
}

/** Arrows go from place to place: up and down within a column, left and right within a row. @param {KeyboardEvent} event */
function walk(event) {
  const step = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const from = /** @type {HTMLElement} */ (event.target).closest("[data-cell]");
  const cell = /** @type {HTMLTableCellElement | null} */ (from?.closest("td"));
  if (!step || !from || !cell) return;
  const line = /** @type {HTMLTableRowElement} */ (cell.parentElement);
  const table = /** @type {HTMLTableElement} */ (line.closest("table"));
  const sideways = event.key === "ArrowLeft" || event.key === "ArrowRight";
  const near = sideways
    ? [...line.querySelectorAll("[data-cell]")].filter((one) => one.closest("td") !== cell)
    : [...table.rows].flatMap((tr) => [...(tr.cells[cell.cellIndex]?.querySelectorAll("[data-cell]") ?? [])]);
  const at = sideways ? -1 : near.indexOf(from);
  const index = [...cell.querySelectorAll("[data-cell]")].indexOf(from);
  const next = sideways ? sideway(near, cell, step, index) : near[at + step];
  if (next instanceof HTMLElement) next.focus();
  event.preventDefault();
}

/** @param {Element[]} near @param {HTMLTableCellElement} cell @param {number} step @param {number} index */
function sideway(near, cell, step, index) {
  const wanted = near.filter((one) => one.closest("td")?.cellIndex === cell.cellIndex + step);
  return wanted[Math.min(index, wanted.length - 1)];
}
