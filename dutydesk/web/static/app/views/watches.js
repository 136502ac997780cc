// @ts-check
/** 班次: today's watch with its notes and its handover, the month's roster, leave and swaps, and the watches before. */
import { html } from "../../vendor/htm/preact.js";
import { act, pending } from "../actions.js";
import { late } from "../alarm.js";
import { MINUTE, second } from "../clocks.js";
import { clock, parseTyped, span, typedTime } from "../format.js";
import { t } from "../i18n.js";
import { person } from "../names.js";
import { useAll } from "../paging.js";
import { link } from "../route.js";
import { may, me } from "../session.js";
import { strips, troubled, waiting, watch } from "../store.js";
import { Button, Empty, Time } from "../parts/basic.js";
import { ask } from "../parts/dialog.js";
import { Handover } from "../parts/handover.js";
import { Holidays } from "../parts/holidays.js";
import { Leaves } from "../parts/leave_list.js";
import { Practice } from "../parts/practice.js";
import { Roster } from "../parts/roster_grid.js";
import { handover, people, postName, twoSides } from "../parts/roster_rows.js";

const EARLY = 30 * MINUTE; // before its end a watch is not handed over without a word about it

export function Watches() {
  return html`<main class="list-view watch-view"><section class="column" aria-labelledby="list-title">
    <header class="column-head"><h2 id="list-title">${t("view.watches")}</h2></header>
    <div class="scroll">
      ${watch.value ? html`<${Current} now=${watch.value} />` : html`<${Empty} title=${t("watch.none")} hint=${t("watch.none.hint")} />`}
      <${Handover} />
      <${Leaves} />
      <${Holidays} />
      <${Practice} />
      <${Past} />
    </div></section>
    <section class="column" aria-labelledby="roster-title"><div class="scroll"><${Roster} /></div></section></main>`;
}

function Past() {
  const { all, older } = useAll("watch");
  const past = all.filter((one) => !one.open).sort((a, b) => b.starts_at - a.starts_at);
  return html`<section><h3>${t("watch.past")}</h3>
    ${past.length ? html`<ul class="items">${past.map((one) => html`<${Before} key=${one.id} one=${one} />`)}</ul>` : html`<p class="hint">${t("watch.past.none")}</p>`}
    ${older && html`<button type="button" class="more" onClick=${older}>${t("more.page")}</button>`}</section>`;
}

/** @param {{one: any}} props */
function Before({ one }) {
  return html`<li><b>${one.name}</b> ${clock(one.starts_at)} – ${one.ended_at ? clock(one.ended_at) : ""}
    <span>${t("watch.leader")} ${leaders(one) || t("nobody")}</span>
    <span>${t("watch.officers")} ${one.officers.map(person).join("、") || t("nobody")}</span>
    <a href=${link("circulars", one.id)}>${t("view.circulars")}</a>
    ${one.handed && html` <a href=${`/handovers/${encodeURIComponent(one.id)}`} target="_blank" rel="noopener">${t("handover.card_of")}</a>`}
    ${one.note && html`<p class="quote">${one.note}</p>`}</li>`;
}

/** @param {any} one */
const leaders = (one) => [...new Set([one.leader, ...(one.leaders ?? [])].filter(Boolean))].map(person).join("、");

/** @param {{now: any}} props */
function Current({ now }) {
  return html`<section class=${`current-watch ${now.held_at ? "overdue" : ""}`} aria-label=${t("watch.now")} data-testid="current-watch">
    <h3>${now.name} <span class="hint">
      ${clock(now.starts_at)} – ${clock(now.ends_at)} · ${t("watch.left", { span: span(now.ends_at - second.value) })}</span></h3>
    ${now.held_at && html`<p class="wrong" role="status">${t("watch.held", { time: clock(now.held_at) })}</p>`}
    <dl><div class="fact-line"><dt>${t("watch.leader")}</dt><dd>${leaders(now) || html`<span class="unknown">${t("nobody")}</span>`}</dd></div>
      <div class="fact-line"><dt>${t("watch.officers")}</dt><dd>
        ${now.officers.map((/** @type {string} */ name) => html`<span class="seat">${person(name)}${post(now, name)}</span>`)}
        ${!now.officers.length && html`<span class="unknown">${t("nobody")}</span>`}</dd></div></dl>
    ${may("watch", "JoinWatch") && html`<${Acts} now=${now} />`}
    <${Card} />
    <${Notes} now=${now} />
  </section>`;
}

/** @param {any} now @param {string} name */
function post(now, name) {
  const held = (now.posts ?? []).find((/** @type {string[]} */ seat) => seat[1] === name);
  return held ? html` <small>${postName(held[0])}</small>` : "";
}

/** @param {{now: any}} props */
function Acts({ now }) {
  const mine = people(now).includes(me.value?.username ?? "");
  const path = `watch/${now.id}`;
  const busy = pending(path)?.status === "sending";
  const both = twoSides();
  return html`<div class="buttons acts">
    ${!mine && html`<${Button} label=${t("act.join")} primary=${true} busy=${busy} press=${() => void act(`${path}/JoinWatch`, {}, { title: t("act.join") })} id="join-watch" />`}
    ${now.leader !== me.value?.username && html`<${Button} label=${t("act.lead")} press=${() => void act(`${path}/JoinWatch`, { as_leader: true }, { title: t("act.lead") })} id="lead-watch" />`}
    ${mine && html`<${Button} label=${t("act.leave")} press=${() => void act(`${path}/LeaveWatch`, {}, { title: t("act.leave") })} id="leave-watch" />`}
    ${may("watch", "NoteWatch") && html`<${Button} label=${t("act.note_watch")} hot="n" press=${() => note(now)} id="note-watch" />`}
    ${both && !handover.value && may("watch", "BeginHandover") && html`<${Button} label=${t("act.begin_handover")} hot="x" press=${() => void act(`${path}/BeginHandover`, {}, { title: t("act.begin_handover") })} id="begin-handover" />`}
    ${!both && may("watch", "EndWatch") && html`<${Button} label=${t("act.end_watch")} hot="x" press=${() => handOver(now)} id="end-watch" />`}
  </div>`;
}

/** A line of the duty log, to the minute. @param {any} now */
function note(now) {
  ask({
    title: t("act.note_watch"),
    told: t("note_watch.told"),
    fields: [
      { name: "text", label: t("note_watch.text"), kind: "long" },
      { name: "happened_at", label: t("note_watch.when"), kind: "time", value: typedTime(second.peek()) },
    ],
    submit: t("act.note_watch"),
    send: ({ text, happened_at }) =>
      void act(`watch/${now.id}/NoteWatch`, { text, happened_at: parseTyped(happened_at) }, { title: t("act.note_watch") }),
  });
}

/** @param {{now: any}} props */
function Notes({ now }) {
  const notes = now.notes ?? [];
  if (!notes.length) return null;
  return html`<section data-testid="watch-notes"><h4>${t("watch.notes")}</h4><ul class="items">${notes.map(
    (/** @type {any} */ one, /** @type {number} */ index) =>
      html`<li key=${index}><${Time} at=${one.happened_at} bare=${true} /> ${one.text} <span class="hint">${person(one.by)}</span></li>`,
  )}</ul></section>`;
}

/** What the next one must know: everything that is still open. */
function Card() {
  const open = strips.value;
  return html`<section class="handover-card"><h4>${t("handover.card")}</h4>
    <p>${t("handover.counts", { incidents: open.length, unsigned: open.filter((one) => !one.signed_by).length, waiting: waiting.value.length, troubled: troubled.value.length })}</p>
    ${
      !handover.value &&
      html`<ul class="items">${open.slice(0, 50).map(
        (one) => html`<li key=${one.id}><a href=${link("desk", one.id)}>
      ${one.number} ${one.title}</a> <${Time} at=${one.last_report_at} /></li>`,
      )}</ul>`
    }</section>`;
}

/** What goes to the next watch, what of it is late, and that it is not time yet. @param {any} now */
function handedOver(now) {
  const left = now.ends_at - second.peek();
  return [
    left > EARLY && t("end_watch.early", { time: clock(now.ends_at), left: span(left) }),
    t("end_watch.told", { incidents: strips.value.length, waiting: waiting.value.length }),
    late.value.length && t("end_watch.late", { n: late.value.length }),
  ].filter(Boolean);
}

/** @param {any} now */
function handOver(now) {
  ask({
    title: t("end_watch.title", { name: now.name }),
    told: handedOver(now).join("\n"),
    fields: [{ name: "note", label: t("handover.note"), kind: "long", optional: true }],
    submit: t("act.end_watch"),
    send: (values) => void act(`watch/${now.id}/EndWatch`, values, { title: t("act.end_watch") }),
  });
}
