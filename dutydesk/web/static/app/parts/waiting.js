// @ts-check
/** The left column: messages that wait for a person or for the reader, and how a message looks wherever it stands. */
import { useEffect, useLayoutEffect, useRef, useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { pending } from "../actions.js";
import { age, channel, isoClock, phone, sender } from "../format.js";
import { t, word } from "../i18n.js";
import { pastAt } from "../past.js";
import { useHeldOrder } from "../order.js";
import { rows, waiting } from "../store.js";
import { Attachments } from "./attachments.js";
import { attach, dismiss, openNew } from "./message_acts.js";
import { verifyMessage } from "./question_acts.js";
import { OfMessage } from "./questions.js";
import { Button, DrillTag, Empty, Figure, Marked, Time } from "./basic.js";
import { may } from "../session.js";

const SHOWN = 60;
const COUNTED = ["deaths", "injured", "missing", "trapped", "ill", "evacuated"];

export function Waiting() {
  const all = waiting.value;
  const [most, setMost] = useState(SHOWN);
  const { list, shown, waiting: more, release } = useHeldOrder(all.map((one) => one.id));
  const cut = Math.max(0, shown.length - most);
  const held = rows("message");
  useStayAtEnd(list, shown.length);
  return html`<section class="column waiting" aria-labelledby="waiting-title">
    <header class="column-head"><h2 id="waiting-title">${t("waiting")}</h2><span class="count">${all.length}</span>
      ${all.length > 0 && html`<${Oldest} at=${all[0].received_at} list=${list} />`}</header>
    <div class="scroll" ref=${list} data-list="waiting" role="list" aria-label=${t("waiting")} data-testid="waiting">
      ${
        cut > 0 &&
        html`<button type="button" class="more" onClick=${() => setMost(most + 200)}>
        ${t("more.older", { n: cut })}</button>`
      }
      ${shown.slice(cut).map((id) => html`<${Message} key=${id} message=${held.get(id)} />`)}
      ${
        more > 0 &&
        html`<button type="button" class="edge" onClick=${release}>
        ${t("edge.messages", { n: more })}</button>`
      }
      ${!all.length && html`<${Empty} title=${t("empty.waiting")} hint=${pastAt ? "" : t("empty.waiting.hint")} />`}
    </div>
  </section>`;
}

/** How long the oldest has waited; a touch goes to it. @param {{at: number, list: {current: HTMLElement | null}}} props */
function Oldest({ at, list }) {
  return html`<button type="button" class="link sorted" onClick=${() => list.current?.scrollTo({ top: 0 })}>
    ${t("waiting.oldest", { age: age(at) })}</button>`;
}

/** The newest stands at the end and is in view, unless somebody scrolled away from it. @param {{current: HTMLElement | null}} list @param {number} length */
function useStayAtEnd(list, length) {
  const atEnd = useRef(true);
  useEffect(() => {
    const box = list.current;
    const note = () => {
      atEnd.current = !box || box.scrollHeight - box.scrollTop - box.clientHeight < 48;
    };
    box?.addEventListener("scroll", note, { passive: true });
    return () => box?.removeEventListener("scroll", note);
  }, []);
  useLayoutEffect(() => {
    if (atEnd.current) list.current?.querySelector("[data-row]:last-of-type")?.scrollIntoView({ block: "end" });
  }, [length]);
}

/** @param {{message: any}} props */
export function Message({ message }) {
  if (!message) return null;
  const busy = pending(`message/${message.id}`);
  const failed = message.status === "failed";
  return html`<article class=${`message ${failed ? "failed" : ""} ${message.drill ? "drill" : ""}`} role="listitem" tabindex="0"
    data-row data-id=${message.id} data-testid=${`message-${message.id}`}>
    <header>
      <span class="sender" title=${message.sender ? phone(message.sender) : ""}>${sender(message)}</span>
      <${Trust} message=${message} />
      <${DrillTag} on=${message.drill} />
      <${Time} at=${message.received_at} />
    </header>
    <p class="text"><${Marked} text=${message.text} reading=${message.reading} />${message.cut ? "…" : ""}</p>
    <${Attachments} media=${message.media} />
    <${Form} form=${message.form} />
    <${Understood} reading=${message.reading} />
    <${Asked} message=${message} />
    <footer>
      <span class="state">${state(message)}</span>
      <span class="tag">${channel(message)}</span>
      ${message.asked?.length ? html`<span class="tag">${t("asked.for", { what: message.asked.join("、") })}</span>` : ""}
      ${message.classified ? html`<span class="tag danger">${t("classified.found", { mark: message.classified })}</span>` : ""}
      ${message.repeats ? html`<span class="tag">${t("repeats", { n: message.repeats })}</span>` : ""}
      <span class="number">${message.number}</span>
      ${busy && html`<span class="state" role="status">${t(`act.${busy.status}`)}</span>`}
    </footer>
    <${OfMessage} message=${message} />
    <${Acts} message=${message} />
  </article>`;
}

/** A number in the directory speaks for itself; one that is not there is said to be unknown. @param {{message: any}} props */
function Trust({ message }) {
  const said = message.status === "held" && message.reason === "unknown_sender";
  if (message.contact || message.unit || said) return null;
  return html`<span class="tag outlined">${t("sender.stranger")}</span>`;
}

/** @param {any} message */
function state(message) {
  if (message.status === "failed") return t("state.failed.why", { n: message.failures });
  const why = message.status === "held" ? word("held", message.reason) : "";
  return [word("state", message.status), why].filter(Boolean).join(" · ");
}

/** What the sender filled in beside the text. @param {{form: Record<string, string> | null | undefined}} props */
function Form({ form }) {
  const filled = Object.entries(form ?? {}).filter(([, value]) => value);
  if (!filled.length) return null;
  return html`<p class="understood">${filled.map(([name, value]) => html`<span class="fact">${t(`form.${name}`)} ${value}</span>`)}</p>`;
}

/** @param {{reading: any}} props */
export function Understood({ reading }) {
  if (!reading) return null;
  const unknown = new Set(reading.unknown ?? []);
  const figures = COUNTED.filter(
    (name) => (reading[name] !== undefined && reading[name] !== null) || unknown.has(name),
  );
  const facts = [
    word("kind", reading.kind),
    reading.subtype,
    reading.county,
    reading.occurred_at && isoClock(reading.occurred_at),
  ].filter(Boolean);
  if (!facts.length && !figures.length) return null;
  return html`<p class="understood">
    ${facts.map((fact) => html`<span class="fact">${fact}</span>`)}
    ${figures.map((name) => html`<${Figure} name=${name} value=${reading[name]} />`)}
  </p>`;
}

/** @param {{message: any}} props */
function Asked({ message }) {
  if (message.status !== "asked") return null;
  return html`<ol class="options">${message.options.map((/** @type {any} */ one) => html`<li>${one.label}</li>`)}</ol>`;
}

/** @param {{message: any}} props */
function Acts({ message }) {
  if (!message.open || !may("message", "OpenFromMessage")) return null;
  return html`<div class="buttons small">
    <${Button} label=${t("act.open")} press=${() => openNew(message)} hot="o" scope="row" id=${`open-${message.id}`} />
    ${may("verification", "AskUnits") && html`<${Button} label=${t("act.verify")} press=${() => verifyMessage(message)} hot="v" scope="row" id=${`verify-${message.id}`} />`}
    <${Button} label=${t("act.attach")} press=${() => attach(message)} hot="b" scope="row" id=${`attach-${message.id}`} />
    <${Button} label=${t("act.dismiss")} press=${() => dismiss(message)} hot="z" scope="row" id=${`dismiss-${message.id}`} />
  </div>`;
}
