// @ts-check
/** 班次: who is on duty now, taking and leaving the seat, handing over with a note; and the watches before. */
import { html } from "../../vendor/htm/preact.js";
import { act, pending } from "../actions.js";
import { second } from "../clocks.js";
import { clock, span } from "../format.js";
import { t } from "../i18n.js";
import { person } from "../names.js";
import { useAll } from "../paging.js";
import { link } from "../route.js";
import { may, me } from "../session.js";
import { strips, troubled, waiting, watch } from "../store.js";
import { Button, Empty, Time } from "../parts/basic.js";
import { ask } from "../parts/dialog.js";
import { Paper } from "../parts/files.js";

export function Watches() {
  const { all, older } = useAll("watch");
  const past = all.filter((one) => !one.open).sort((a, b) => b.starts_at - a.starts_at);
  return html`<main class="list-view single"><section class="column" aria-labelledby="list-title">
    <header class="column-head"><h2 id="list-title">${t("view.watches")}</h2></header>
    <div class="scroll">
      ${watch.value ? html`<${Current} now=${watch.value} />` : html`<${Empty} title=${t("watch.none")} hint=${t("watch.none.hint")} />`}
      <h3>${t("watch.past")}</h3>
      ${
        past.length
          ? html`<ul class="items">${past.map(
              (one) => html`<li key=${one.id}><b>
                ${one.name}</b> ${clock(one.starts_at)} – ${one.ended_at ? clock(one.ended_at) : ""}
          <span>${t("watch.leader")} ${person(one.leader) || t("nobody")}</span> <span>
            ${t("watch.officers")} ${one.officers.map(person).join("、") || t("nobody")}</span>
          <a href=${link("circulars", one.id)}>${t("view.circulars")}</a> <a href=${`/documents/handover/${encodeURIComponent(one.id)}`} target="_blank" rel="noopener">${t("paper.handover")}</a>${
            one.note &&
            html`<p class="quote">
            ${one.note}</p>`
          }</li>`,
            )}</ul>`
          : html`<p class="hint">${t("watch.past.none")}</p>`
      }
      ${older && html`<button type="button" class="more" onClick=${older}>${t("more.page")}</button>`}
    </div></section></main>`;
}

/** @param {{now: any}} props */
function Current({ now }) {
  const mine = [now.leader, ...now.officers].includes(me.value?.username);
  const path = `watch/${now.id}`;
  const busy = pending(path)?.status === "sending";
  return html`<section class="current-watch" aria-label=${t("watch.now")} data-testid="current-watch">
    <h3>${now.name} <span class="hint">
      ${clock(now.starts_at)} – ${clock(now.ends_at)} · ${t("watch.left", { span: span(now.ends_at - second.value) })}</span></h3>
    <dl><div class="fact-line"><dt>${t("watch.leader")}</dt><dd>${
      person(now.leader) ||
      html`<span class="unknown">
      ${t("nobody")}</span>`
    }</dd></div>
      <div class="fact-line"><dt>${t("watch.officers")}</dt><dd>
        ${now.officers.map(person).join("、") || html`<span class="unknown">${t("nobody")}</span>`}</dd></div></dl>
    ${
      may("watch", "JoinWatch") &&
      html`<div class="buttons acts">
      ${!mine && html`<${Button} label=${t("act.join")} primary=${true} busy=${busy} press=${() => void act(`${path}/JoinWatch`, {}, { title: t("act.join") })} id="join-watch" />`}
      ${now.leader !== me.value?.username && html`<${Button} label=${t("act.lead")} press=${() => void act(`${path}/JoinWatch`, { as_leader: true }, { title: t("act.lead") })} id="lead-watch" />`}
      ${mine && html`<${Button} label=${t("act.leave")} press=${() => void act(`${path}/LeaveWatch`, {}, { title: t("act.leave") })} id="leave-watch" />`}
      ${may("watch", "EndWatch") && html`<${Button} label=${t("act.end_watch")} hot="x" press=${() => handOver(now)} id="end-watch" />`}
    </div>`
    }
    <${Card} />
  </section>`;
}

/** What the next one must know: everything that is still open. */
function Card() {
  const open = strips.value;
  return html`<section class="handover-card"><h4>${t("handover.card")}</h4>
    ${watch.value && html`<p class="buttons"><${Paper} kind="handover" id=${watch.value.id} /></p>`}
    <p>${t("handover.counts", { incidents: open.length, unsigned: open.filter((one) => !one.signed_by).length, waiting: waiting.value.length, troubled: troubled.value.length })}</p>
    <ul class="items">${open.slice(0, 50).map(
      (one) => html`<li key=${one.id}><a href=${link("desk", one.id)}>
      ${one.number} ${one.title}</a> <${Time} at=${one.last_report_at} /></li>`,
    )}</ul></section>`;
}

/** @param {any} now */
function handOver(now) {
  ask({
    title: t("end_watch.title", { name: now.name }),
    told: t("end_watch.told", { incidents: strips.value.length, waiting: waiting.value.length }),
    fields: [{ name: "note", label: t("handover.note"), kind: "long", optional: true }],
    submit: t("act.end_watch"),
    send: (values) => void act(`watch/${now.id}/EndWatch`, values, { title: t("act.end_watch") }),
  });
}
