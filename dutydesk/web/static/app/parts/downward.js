// @ts-check
/** 下发: what went down a line, how far it came, what was answered, and how long is left. */
import { html } from "../../vendor/htm/preact.js";
import { clock } from "../format.js";
import { t, word } from "../i18n.js";
import { link } from "../route.js";
import { may } from "../session.js";
import { row } from "../store.js";
import { Along } from "./attached.js";
import { Button, Countdown, DrillTag } from "./basic.js";
import { endDown, sendDown, typeDown } from "./downward_acts.js";
import { below, downOf, downwards } from "./downward_rows.js";
import { Turn } from "./inward.js";
import { lateBy } from "./instruction_rows.js";

/** All that is under way, with the button that sends; nothing where no line leads down. */
export function Downwards() {
  const all = downwards.value;
  if (!all.length && !below.value.length) return null;
  return html`<section class="periods downwards" aria-labelledby="downwards-title" data-testid="downwards">
    <h3 id="downwards-title">${t("downwards")} <span class="count">${all.length}</span>
      ${may("downward", "SendDown") && below.value.length > 0 && html`<${Button} label=${t("act.downward")} hot="d" press=${() => sendDown()} id="send-down" />`}</h3>
    ${all.length ? html`<ul>${all.map((one) => html`<${Downward} key=${one.id} one=${one} />`)}</ul>` : html`<p class="hint">${t("downward.none")}</p>`}
  </section>`;
}

/** Those about one incident, ended ones too. @param {{incident: any}} props */
export function DownOf({ incident }) {
  const all = downOf(incident.id);
  const start = incident.open && below.value.length > 0 && may("downward", "SendDown");
  if (!all.length && !start) return null;
  return html`<section class="questions downwards" aria-labelledby="down-of-title" data-testid="down-of">
    <h3 id="down-of-title">${t("downwards")}
      ${start && html`<${Button} label=${t("act.downward")} press=${() => sendDown(incident)} id="send-down-of" />`}</h3>
    <ul>${all.map((one) => html`<${Downward} key=${one.id} one=${one} />`)}</ul>
  </section>`;
}

/** @param {{one: any}} props */
export function Downward({ one }) {
  const waiting = one.status === "waiting";
  const about = one.incident && row("incident", one.incident);
  return html`<li class=${`inward ${one.drill ? "drill" : ""}`} data-testid=${`downward-${one.id}`}>
    <span class="tag outlined">${t("downward.tag", { kind: word("downward.kind", one.kind) })}</span>
    <details class="inward-told" open=${one.answers.length > 0}><summary><b>${one.title}</b> <span class="hint">${t("downward.to", { name: one.unit_name, number: one.number })}</span><${DrillTag} on=${one.drill} /></summary>
      ${one.text && html`<p class="quote">${one.text}</p>`}
      <${Along} files=${one.files} />
      ${about && html`<p class="hint"><a href=${link("incidents", one.incident)}>${about.number} ${about.title}</a></p>`}
      ${!one.confirmed && html`<p class="hint"><span class="tag dashed">${t("legal.unconfirmed")}</span> ${one.law}</p>`}
      ${one.answers.map((/** @type {any} */ answer) => html`<${Said} key=${answer.at} answer=${answer} />`)}
      ${one.reason && html`<p class="hint">${t("downward.ended", { reason: one.reason })}</p>`}
    </details>
    <span class="inward-has"><${Turn} turn=${one.turn} said="downward.turn" /></span>
    ${waiting ? html`<${Countdown} due=${one.answer_by} span=${one.answer_by - one.sent_at} />` : html`<span class="kept">${word("downward.status", one.status)}</span>`}
    ${one.open && may("downward", "EndDown") && html`<${Acts} one=${one} />`}
  </li>`;
}

/** @param {{answer: any}} props */
function Said({ answer }) {
  return html`<p class="said">${answer.declined && html`<span class="tag outlined">${t("inward.declined")}</span> `}
    <span class="words">${answer.text}</span> <span class="hint">${word("how", answer.how)} · ${clock(answer.at)}</span>
    ${answer.late_by > 0 && html` <span class="kept late">${lateBy(answer.late_by)}</span>`}</p>`;
}

/** @param {{one: any}} props */
function Acts({ one }) {
  return html`<span class="buttons small">
    <${Button} label=${t("act.typed")} press=${() => typeDown(one)} id=${`type-down-${one.id}`} />
    <${Button} label=${t("act.inward.close")} press=${() => endDown(one)} id=${`end-down-${one.id}`} /></span>`;
}
