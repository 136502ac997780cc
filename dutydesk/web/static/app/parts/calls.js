// @ts-check
/** Pages and deliveries: who is called now and until when, who answered, what did not arrive and what to do about it. */
import { html } from "../../vendor/htm/preact.js";
import { act, pending } from "../actions.js";
import { clock, phone, sender, took } from "../format.js";
import { t, word } from "../i18n.js";
import { person, sentBy } from "../names.js";
import { may } from "../session.js";
import { deliveriesAbout, pagesAbout, row, unanswered, unreached } from "../store.js";
import { Button, Countdown, Unanswered } from "./basic.js";
import { ask } from "./dialog.js";
import { calling, spanOf } from "./strips.js";

/** Those under way, and those that ended while we watched; the timeline has the others. @param {{about: string}} props */
export function Pages({ about }) {
  const live = pagesAbout.value.get(about) ?? [];
  const pages = [...live].sort((a, b) => a.started_at - b.started_at);
  if (!pages.length) return null;
  return html`<section class="pages" aria-labelledby="pages-title">
    <h3 id="pages-title">${t("pages")}</h3>
    ${pages.map((page) => html`<${Page} key=${page.id} page=${page} />`)}
  </section>`;
}

/** @param {{page: any}} props */
function Page({ page }) {
  const sent = deliveriesAbout.value.get(`page/${page.id}`) ?? [];
  return html`<div class="page" data-testid=${`page-${page.id}`}>
    <p class="page-head">
      <span class="strong">${word("policy", page.policy)}</span>
      <span>${page.status === "open" ? calling(page) : word("page", page.status)}</span>
      ${page.status === "open" && html`<${Countdown} due=${page.answer_by} span=${spanOf(page)} />`}
      ${page.status === "exhausted" && html`<${Unanswered} />`}
      ${
        page.answered_by &&
        html`<span>
        ${t("page.answered", { who: person(page.answered_by), how: word("how", page.answered_how), after: took(page.after) })}</span>`
      }
    </p>
    <${Missed} page=${page} />
    ${page.answer && html`<p class="quote">${page.answer}</p>`}
    ${page.late.map(
      (/** @type {string[]} */ [who, how, text]) => html`<p class="quote">
      ${t("page.late", { who: person(who), how: word("how", how), text })}</p>`,
    )}
    ${
      sent.length > 0 &&
      html`<ul class="deliveries">
      ${sent.map((one) => html`<${Delivery} key=${one.id} delivery=${one} />`)}</ul>`
    }
    ${page.open && may("page", "Escalate") && html`<${PageActs} page=${page} />`}
  </div>`;
}

/** Whom the channel did not reach, which somebody must mend, and who did not answer, whom the ladder calls past. @param {{page: any}} props */
function Missed({ page }) {
  const lost = page.unreached ?? [];
  const silent = (page.unanswered ?? []).filter((/** @type {string} */ who) => who !== page.answered_by);
  return html`${lost.length > 0 && html`<p class="unreached" data-testid="page-unreached">${t("page.unreached", { who: lost.map(person).join("、") })}</p>`}
    ${silent.length > 0 && html`<p class="hint" data-testid="page-unanswered">${t("page.unanswered", { who: silent.map(person).join("、") })}</p>`}`;
}

/** @param {{page: any}} props */
function PageActs({ page }) {
  const path = `page/${page.id}`;
  const busy = Boolean(pending(path));
  const delay = () =>
    ask({
      title: t("delay.title"),
      told: t("delay.told"),
      fields: [
        { name: "minutes", label: t("delay.minutes"), kind: "number", value: "10" },
        { name: "reason", label: t("reason") },
      ],
      submit: t("act.delay"),
      send: ({ minutes, reason }) =>
        void act(
          `${path}/AskMoreTime`,
          { minutes: Number.parseInt(minutes, 10) || 10, reason },
          { title: t("act.delay") },
        ),
    });
  const stop = () =>
    ask({
      title: t("stop.title"),
      told: t("stop.told"),
      fields: [{ name: "reason", label: t("reason") }],
      submit: t("act.stop"),
      send: (values) => void act(`${path}/CancelPage`, values, { title: t("act.stop") }),
    });
  const climb = () =>
    ask({
      title: t("climb.title"),
      told: t("climb.told"),
      fields: [],
      submit: t("act.climb"),
      send: () => void act(`${path}/Escalate`, {}, { title: t("act.climb") }),
    });
  return html`<div class="buttons small">
    <${Button} label=${t("act.answer")} busy=${busy} press=${() => void act(`${path}/AcknowledgePage`, {}, { title: t("act.answer") })} />
    <${Button} label=${t("act.delay")} press=${delay} />
    <${Button} label=${t("act.climb")} press=${climb} />
    <${Button} label=${t("act.stop")} press=${stop} />
  </div>`;
}

const GOOD = new Set(["delivered", "read", "completed"]);

/** To whom: a person by their key, or who wrote what is answered. @param {any} delivery */
function addressee({ callee, about }) {
  if (callee) return person(callee);
  const asked = about.startsWith("message/") && row("message", about.slice("message/".length));
  return asked && (asked.unit_name || asked.sender_name) ? sender(asked) : "";
}

/**
 * One outgoing message; an uncertain or failed one asks what to do. `told`: where it stands alone, its words and its time too.
 * @param {{delivery: any, told?: boolean}} props
 */
export function Delivery({ delivery, told = false }) {
  const wrong = delivery.uncertain || unreached(delivery);
  const look = wrong ? "wrong" : unanswered(delivery) ? "unanswered" : GOOD.has(delivery.status) ? "good" : "";
  return html`<li class=${`delivery ${look} ${delivery.drill ? "drill" : ""}`} data-testid=${`delivery-${delivery.id}`}>
    <span class="delivery-how">${word("how", sentBy(delivery.how))}</span>
    <span class="delivery-to">${addressee(delivery)} <span class="number">${phone(delivery.to)}</span></span>
    <span class="delivery-state">
      ${delivery.uncertain ? t("delivery.uncertain") : word("delivery", delivery.status)}</span>
    ${delivery.code && html`<span class="hint" title=${delivery.detail}>${word("code", delivery.code)}</span>`}
    ${delivery.attempts > 1 && html`<span class="hint">${t("attempts", { n: delivery.attempts })}</span>`}
    ${told && delivery.queued_at && html`<span class="hint">${clock(delivery.queued_at)}</span>`}
    ${told && html`<span class="delivery-text">${delivery.text || delivery.subject}</span>`}
    ${!wrong && html`<span class="time">${delivery.queued_at ? clock(delivery.queued_at) : ""}</span>`}
    ${wrong && may("delivery", "ResendDelivery") && html`<${DeliveryActs} delivery=${delivery} />`}
  </li>`;
}

/** @param {{delivery: any}} props */
function DeliveryActs({ delivery }) {
  const path = `delivery/${delivery.id}`;
  const to = `${addressee(delivery)} ${phone(delivery.to)}`.trim();
  const resend = () =>
    ask({
      title: t("resend.title"),
      told: t("resend.told", { to, text: delivery.text }),
      fields: [{ name: "note", label: t("reason"), optional: true }],
      submit: t("act.resend"),
      send: (values) => void act(`${path}/ResendDelivery`, values, { title: t("act.resend") }),
    });
  /** @param {boolean} arrived */
  const confirm = (arrived) =>
    void act(`${path}/ConfirmDelivery`, { arrived }, { title: t(arrived ? "act.arrived" : "act.not_arrived") });
  return html`<span class="buttons small">
    <${Button} label=${t("act.arrived")} press=${() => confirm(true)} />
    <${Button} label=${t("act.not_arrived")} press=${() => confirm(false)} />
    <${Button} label=${t("act.resend")} press=${resend} />
  </span>`;
}
