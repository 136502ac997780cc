// @ts-check
/** The handover screen: what the next watch takes over, and the two confirmations, each side for itself, at one console or two. */
import { useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { act, say, sendNow } from "../actions.js";
import { second } from "../clocks.js";
import { clock } from "../format.js";
import { t, word } from "../i18n.js";
import { person } from "../names.js";
import { link } from "../route.js";
import { may, me } from "../session.js";
import { watch } from "../store.js";
import { Button, Countdown } from "./basic.js";
import { ask } from "./dialog.js";
import { handover, people } from "./roster_rows.js";

const VIEWS = new Map([
  ["incident", "incidents"],
  ["message", "messages"],
  ["instruction", "instructions"],
  ["circular", "circulars"],
]);

/** Whose side somebody is on, as the handover sees it. @param {any} one @param {string} side @returns {string[]} */
const sideOf = (one, side) => (side === "outgoing" ? (watch.value ? people(watch.value) : one.outgoing) : one.next.people);

/** Confirm the side one is on. @param {any} one @param {string} side */
export function confirm(one, side) {
  const gives = side === "outgoing";
  ask({
    title: t(`handover.${side}.title`, { name: one.name }),
    told: t("handover.told", { n: one.items.length }),
    fields: gives ? [{ name: "note", label: t("handover.note"), kind: "long", optional: true }] : [],
    submit: t("act.confirm"),
    send: (values) => void act(`handover/${one.id}/ConfirmHandover`, { side, ...values }, { title: t("act.confirm") }),
  });
}

/** @param {any} one @param {string} side */
function refuse(one, side) {
  ask({
    title: t("handover.refuse.title"),
    told: t("handover.refuse.told"),
    fields: [{ name: "reason", label: t("reason"), kind: "long" }],
    submit: t("act.refuse"),
    send: (values) => void act(`handover/${one.id}/RefuseHandover`, { side, ...values }, { title: t("act.refuse") }),
  });
}

export function Handover() {
  const one = handover.value;
  if (!one) return null;
  return html`<section class=${`handover ${one.late ? "overdue" : ""}`} aria-labelledby="handover-title" data-testid="handover">
    <h3 id="handover-title">${t("handover.title", { name: one.name })} <${Countdown} due=${one.ends_at} span=${one.ends_at - one.opened_at} /></h3>
    ${one.late && html`<p class="wrong" role="alert">${t("handover.late")}</p>`}
    ${one.refused.map((/** @type {any} */ no) => html`<p class="wrong">${t("handover.refused", { who: person(no.by), time: clock(no.at), reason: no.reason })}</p>`)}
    <div class="sides"><${Side} one=${one} side="outgoing" /><${Side} one=${one} side="incoming" /></div>
    <${Items} one=${one} />
    <p><a href=${`/handovers/${encodeURIComponent(one.id)}`} target="_blank" rel="noopener">${t("handover.print")}</a></p>
  </section>`;
}

/** @param {{one: any, side: string}} props */
function Side({ one, side }) {
  const done = one.confirmed[side];
  const names = sideOf(one, side);
  const mine = names.includes(me.value?.username ?? "");
  return html`<div class="side" data-testid=${`side-${side}`}><h4>${t(`handover.${side}`)}</h4>
    <p>${names.map(person).join("、") || html`<span class="gap">${t("nobody")}</span>`}</p>
    ${
      done
        ? html`<p class="confirmed">${t("handover.confirmed", { who: person(done.by), time: clock(done.at) })}</p>${done.note && html`<p class="quote">${done.note}</p>`}`
        : html`<p class="unknown">${t("handover.waiting")}</p>${
            may("handover", "ConfirmHandover") &&
            html`<div class="buttons">
              ${mine && html`<${Button} label=${t("act.confirm")} hot=${side === "outgoing" ? "x" : "s"} primary=${true} press=${() => confirm(one, side)} id=${`confirm-${side}`} />`}
              ${mine && html`<${Button} label=${t("act.refuse")} press=${() => refuse(one, side)} id=${`refuse-${side}`} />`}
            </div>${!mine && html`<${InPerson} one=${one} side=${side} names=${names} />`}`
          }`
    }</div>`;
}

/** The other side signs at this console with its own name and password. @param {{one: any, side: string, names: string[]}} props */
function InPerson({ one, side, names }) {
  const [wrong, setWrong] = useState("");
  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const given = Object.fromEntries(new FormData(form));
    try {
      await sendNow(`/api/handover/${encodeURIComponent(one.id)}/in-person`, { ...given, side });
      say(t("done.said", { title: t("act.confirm") }));
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
    }
    form.reset();
  };
  return html`<form class="in-person" onSubmit=${submit} data-testid=${`in-person-${side}`}>
    <label>${t("in_person.who")}<input name="username" list=${`people-${side}`} required autocomplete="off" /></label>
    <datalist id=${`people-${side}`}>${names.map((name) => html`<option value=${name}>${person(name)}</option>`)}</datalist>
    <label>${t("in_person.password")}<input name="password" type="password" required autocomplete="off" /></label>
    <button type="submit">${t("act.confirm_here")}</button>
    ${wrong && html`<p class="wrong" role="alert">${wrong}</p>`}
  </form>`;
}

/** @param {{one: any}} props */
function Items({ one }) {
  /** @type {Map<string, any[]>} */
  const kinds = new Map();
  for (const item of one.items) kinds.set(item.kind, [...(kinds.get(item.kind) ?? []), item]);
  const open = new Map(one.heaps.map((/** @type {any} */ heap) => [heap.kind, heap.open]));
  if (!kinds.size) return html`<p class="hint">${t("handover.nothing")}</p>`;
  return html`<div class="handed">${[...kinds].map(
    ([kind, items]) => html`<div key=${kind}><h4>${word("handed", kind)} <span class="count">${open.get(kind) ?? items.length}</span></h4>
      <ul class="items">${items.map((item) => html`<${Line} key=${`${kind} ${item.id}`} item=${item} />`)}</ul></div>`,
  )}</div>`;
}

/** @param {{item: any}} props */
function Line({ item }) {
  const view = VIEWS.get(item.kind);
  const late = item.due_at !== null && item.due_at < second.value;
  return html`<li>${view ? html`<a href=${link(view, item.id)}>${item.title || item.id}</a>` : item.title || item.id}
    ${item.owner && html` <span class="hint">${person(item.owner)}</span>`}
    ${item.due_at !== null && html` <span class=${late ? "kept late" : "hint"}>${clock(item.due_at)}</span>`}
    ${item.marks.map((/** @type {string} */ mark) => html` <span class="tag outlined">${word("mark", mark)}</span>`)}</li>`;
}
