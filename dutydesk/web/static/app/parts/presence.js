// @ts-check
/** The other officers as seen: in the top line, on what they look at, and where they have something in hand. */
import { html } from "../../vendor/htm/preact.js";
import { hhmm } from "../format.js";
import { t } from "../i18n.js";
import { person } from "../names.js";
import { holder, lookers, others, takeOver } from "../presence.js";
import { row } from "../store.js";

/** Who else is at the desk now. */
export function Present() {
  const all = others.value;
  if (!all.length) return null;
  const told = all.map(({ username, open }) => [person(username), ...open.map(named)].join(" ")).join("\n");
  return html`<span class="present" title=${told} data-testid="present"><span class="soft">${t("present.with")}</span> ${all
    .slice(0, 3)
    .map((one) => person(one.username))
    .join("、")}${all.length > 3 ? ` +${all.length - 3}` : ""}</span>`;
}

/** A stream by its number. @param {string} stream */
function named(stream) {
  const cut = stream.indexOf("/");
  return row(stream.slice(0, cut), stream.slice(cut + 1))?.number ?? "";
}

/** Beside a title: who else looks, or changes it. @param {{stream: string}} props */
export function Lookers({ stream }) {
  const held = holder(stream);
  if (held)
    return html`<span class="tag looker held" data-testid="held-tag">${t("present.changing", { who: person(held.username) })}</span>`;
  const here = lookers(stream);
  if (!here.length) return null;
  return html`<span class="tag looker" data-testid="looker">${t("present.looking", { who: here.map(person).join("、") })}</span>`;
}

/** That another has it in hand, since when, and the way to take it over. @param {{stream: string}} props */
export function Held({ stream }) {
  const held = stream && holder(stream);
  if (!held) return null;
  return html`<p class="held-line" role="status" data-testid="held">
    <span>${t("present.held", { who: person(held.username), time: hhmm(held.since) })}</span>
    <button type="button" onClick=${takeOver} data-testid="take-over">${t("present.take")}</button></p>`;
}
