// @ts-check
/** The legal clocks: two beside the page's on a strip, all of them with their article, start and acts in the detail. */
import { html } from "../../vendor/htm/preact.js";
import { clock as instant, hhmm, took } from "../format.js";
import { t } from "../i18n.js";
import { person } from "../names.js";
import { may } from "../session.js";
import { allClocks } from "../detail.js";
import { legal } from "../store.js";
import { Button, Countdown } from "./basic.js";
import { lift, meet, move } from "./legal_acts.js";

/** The next clock by phone or in writing, and how many more of its kind run. @param {{incident: string, channel: "phone" | "written"}} props */
export function NextLegal({ incident, channel }) {
  const [next, ...more] = legal(incident, channel);
  if (!next) return null;
  const by = t(`legal.${channel}`);
  const label = more.length ? t("legal.more", { channel: by, n: more.length + 1 }) : by;
  return html`<${Countdown} due=${next.due_at} span=${next.due_at - next.start_at} label=${label} told=${told(next)} mark=${next.confirmed ? "" : t("legal.unconfirmed")} />`;
}

/** Whom it is owed to and by which article, in one line. @param {any} one */
const told = (one) =>
  t("legal.spoken", { title: one.title, line: one.confirmed ? one.law : `${one.law} ${t("legal.unconfirmed.told")}` });

/** Every clock of an incident. @param {{incident: any, had: any[]}} props */
export function Legal({ incident, had }) {
  const all = allClocks(incident.id, had);
  const first = all.find((one) => one.open);
  return html`<section class="legal" aria-labelledby="legal-title" data-testid="legal">
    <h3 id="legal-title">${t("legal")}</h3>
    ${
      all.length
        ? html`<ul>${all.map((one) => html`<${Clock} key=${one.id} one=${one} first=${one === first} />`)}</ul>`
        : html`<p class="hint">${t("legal.none")}</p>`
    }
  </section>`;
}

/** @param {{one: any, first: boolean}} props */
function Clock({ one, first }) {
  const start = t(`start.${one.start}`);
  return html`<li class=${`legal-clock is-${one.status}`} data-testid=${`obligation-${one.id}`}>
    <p class="legal-head"><span class="tag">${t(`legal.${one.channel}`)}</span><b>${one.title}</b>
      ${!one.confirmed && html`<span class="tag dashed" title=${t("legal.unconfirmed.told")}>${t("legal.unconfirmed")}</span>`}
      <${State} one=${one} /></p>
    <p class="legal-line">
      <span>${t("legal.times", { from: instant(one.start_at), start, due: instant(one.due_at) })}</span>
      ${one.assumed && html`<span class="tag outlined" title=${t("legal.assumed.told")}>${t("legal.assumed")}</span>`}
      ${one.moves > 0 && html`<span>${t("legal.moved", { n: one.moves })}</span>`}
      <${Acts} one=${one} first=${first} />
    </p>
    <p class="legal-law">${one.law}</p>
  </li>`;
}

/** Running and missed ones count; a met one says when, who and how late, a lifted one why. @param {{one: any}} props */
function State({ one }) {
  if (one.open) return html`<${Countdown} due=${one.due_at} span=${one.due_at - one.start_at} label="" told=${told(one)} />`;
  if (one.status === "lifted")
    return html`<span class="legal-state">${t("legal.lifted", { reason: one.reason })}</span>`;
  const look = one.late_by > 0 ? "late" : "";
  const kept = one.late_by > 0 ? t("legal.late_by", { took: took(one.late_by) }) : t("legal.on_time");
  return html`<span class="legal-state" title=${t("legal.by", { by: person(one.by) })}>
    ${t("legal.met", { time: hhmm(one.told_at), whom: one.whom })} <span class=${`kept ${look}`}>${kept}</span></span>`;
}

/** @param {{one: any, first: boolean}} props */
function Acts({ one, first }) {
  const running = one.status === "running";
  if (!one.open || !may("obligation", "MeetObligation")) return null;
  return html`<span class="buttons small">
    <${Button} label=${t("act.met")} hot=${first ? "r" : undefined} press=${() => meet(one)} id=${`met-${one.id}`} />
    ${running && may("obligation", "MoveObligation") && html`<${Button} label=${t("act.move")} press=${() => move(one)} id=${`move-${one.id}`} />`}
    ${running && may("obligation", "LiftObligation") && html`<${Button} label=${t("act.lift")} press=${() => lift(one)} id=${`lift-${one.id}`} />`}
  </span>`;
}
