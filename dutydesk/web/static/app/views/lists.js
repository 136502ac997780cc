// @ts-check
/** 来报 and 事件: all of them, the closed ones too, page by page. */
import { useRef, useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { sender } from "../format.js";
import { t, word } from "../i18n.js";
import { useAll } from "../paging.js";
import { link, route } from "../route.js";
import { useWindow } from "../window.js";
import { Empty, Room } from "../parts/basic.js";
import { Incident } from "../parts/incident.js";
import { Strip } from "../parts/strips.js";
import { Message } from "../parts/waiting.js";

export function Messages() {
  const { all, older, loading } = useAll("message");
  const [words, setWords] = useState("");
  const shown = all
    .filter((one) => has(words, [one.number, one.text, sender(one)]))
    .sort((a, b) => b.received_at - a.received_at);
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const { shown: drawn, above, below } = useWindow(box, shown, 160);
  return html`<main class="list-view"><section class="column" aria-labelledby="list-title">
    <${ListHead} title=${t("view.messages")} count=${shown.length} words=${words} setWords=${setWords} />
    <div class="scroll wide-cards" ref=${box} data-list="main" role="list" aria-label=${t("view.messages")}>
      <${Room} height=${above} />
      ${drawn.map(
        (one) => html`<div class="with-outcome" key=${one.id}><${Message} message=${one} />
        <${Outcome} message=${one} /></div>`,
      )}
      <${Room} height=${below} />
      <${End} all=${shown} older=${older} loading=${loading} kind="messages" />
    </div></section></main>`;
}

/** Where a message went. @param {{message: any}} props */
function Outcome({ message }) {
  if (!message.incident) return null;
  return html`<p class="outcome">${word("state", message.status)} → <a href=${link("incidents", message.incident)}>
    ${message.incident}</a></p>`;
}

export function Incidents() {
  const { all, older, loading } = useAll("incident");
  const [words, setWords] = useState("");
  const { id } = route.value;
  const shown = all
    .filter((one) => has(words, [one.number, one.title, one.unit_name, one.place_text]))
    .sort((a, b) => b.received_at - a.received_at);
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const { shown: drawn, above, below } = useWindow(box, shown, 90);
  return html`<main class=${`list-view two ${id ? "chosen" : ""}`}>
    <section class="column strips" aria-labelledby="list-title">
    <${ListHead} title=${t("view.incidents")} count=${shown.length} words=${words} setWords=${setWords} />
    <div class="scroll" ref=${box} data-list="main" role="list" aria-label=${t("view.incidents")}>
      <${Room} height=${above} />
      ${drawn.map((one) => html`<${Strip} key=${one.id} incident=${one} />`)}
      <${Room} height=${below} />
      <${End} all=${shown} older=${older} loading=${loading} kind="incidents" />
    </div></section><${Incident} id=${id} back="incidents" /></main>`;
}

/** @param {string} words @param {Array<string | null | undefined>} texts */
const has = (words, texts) => !words || texts.some((text) => text?.toLowerCase().includes(words.toLowerCase()));

/** @param {{title: string, count: number, words: string, setWords: (words: string) => void}} props */
function ListHead({ title, count, words, setWords }) {
  return html`<header class="column-head"><h2 id="list-title">${title}</h2><span class="count">${count}</span>
    <input type="search" class="filter" placeholder=${t("filter")} aria-label=${t("filter")} value=${words} onInput=${(/** @type {any} */ event) => setWords(event.target.value)} /></header>`;
}

/** @param {{all: any[], older: (() => void) | null, loading: boolean, kind: string}} props */
function End({ all, older, loading, kind }) {
  if (older)
    return html`<button type="button" class="more" onClick=${older} aria-busy=${loading}>${t("more.page")}</button>`;
  if (!all.length && !loading) return html`<${Empty} title=${t(`empty.${kind}`)} hint=${t(`empty.${kind}.hint`)} />`;
  return null;
}
