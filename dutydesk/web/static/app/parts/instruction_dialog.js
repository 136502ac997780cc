// @ts-check
/** The two dialogs that search the directory: an instruction is logged (which leader), and passed on (which units, by when). */
import { useLayoutEffect, useRef, useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { HOUR, MINUTE, now } from "../clocks.js";
import { full, parseTyped, typedTime } from "../format.js";
import { t } from "../i18n.js";
import { route } from "../route.js";
import { strips } from "../store.js";
import { log, passOn, wished } from "./instruction_acts.js";
import { Finder } from "./instruction_finder.js";
import { isTime, TimeField } from "./time_field.js";

/** The open one, if any. */
export function InstructionDialog() {
  const wish = wished.value;
  if (!wish) return null;
  return wish.kind === "log"
    ? html`<${Log} incident=${wish.incident} />`
    : html`<${PassOn} instruction=${wish.instruction} />`;
}

const close = () => {
  wished.value = null;
};

/** The shell: title, what will happen, the entries, one button that does it. @param {{title: string, told: string, submit: string, send: () => void, close?: () => void, children?: any}} props */
export function Shell({ title, told, submit, send, close: shut = close, children }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useLayoutEffect(() => {
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    box.current?.showModal();
    return () => before?.focus?.();
  }, []);
  /** @param {KeyboardEvent} event */
  const quick = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
  };
  /** @param {SubmitEvent} event */
  const submitted = (event) => {
    event.preventDefault();
    send();
  };
  return html`<dialog ref=${box} class="dialog" aria-labelledby="dialog-title" onClose=${shut} data-testid="dialog">
    <form onSubmit=${submitted} onKeyDown=${quick} novalidate>
      <h2 id="dialog-title">${title}</h2><p class="told">${told}</p>
      ${children}
      <div class="buttons">
        <button type="button" onClick=${shut}>${t("cancel")}<kbd aria-hidden="true">Esc</kbd></button>
        <button type="submit" class="primary" data-testid="dialog-submit">${submit}<kbd aria-hidden="true">Ctrl+↵</kbd></button>
      </div>
    </form>
  </dialog>`;
}

/** @param {{incident: any}} props */
function Log({ incident }) {
  const [text, setText] = useState("");
  const [leader, setLeader] = useState(/** @type {any[]} */ ([]));
  const [said, setSaid] = useState(typedTime(now()));
  const [about, setAbout] = useState(incident?.id ?? "");
  const [tried, setTried] = useState(false);
  /** @param {string} label @param {any} value */
  const missing = (label, value) => (tried && !value ? t("needed", { label }) : "");
  const unread = missing(t("log.said_at"), said) || (tried && !isTime(said) ? t("wrong.time") : "");
  const send = () => {
    setTried(true);
    if (!text.trim() || !leader[0] || !isTime(said)) return;
    close();
    const fields = { text: text.trim(), leader: leader[0].id, said_at: parseTyped(said), incident: about || null };
    void log(fields, route.value.view === "instructions");
  };
  return html`<${Shell} title=${t("log.title")} told=${t("log.told")} submit=${t("act.log")} send=${send}>
    <${Entry} name="text" label=${t("log.text")} wrong=${missing(t("log.text"), text.trim())}>
      <textarea ...${ids("text", missing(t("log.text"), text.trim()))} rows="3" value=${text} onInput=${typed(setText)}></textarea></${Entry}>
    <${Finder} name="leader" kind="leader" label=${t("log.leader")} hint=${t("log.leader.hint")} chosen=${leader} choose=${setLeader} wrong=${missing(t("log.leader"), leader[0])} />
    <${Entry} name="said_at" label=${t("log.said_at")} wrong=${unread}>
      <${TimeField} common=${ids("said_at", unread)} value=${said} change=${setSaid} /></${Entry}>
    <${About} incident=${incident} value=${about} choose=${setAbout} />
  </${Shell}>`;
}

/** Which incident it is about: fixed where one stands in front of it. @param {{incident: any, value: string, choose: (id: string) => void}} props */
function About({ incident, value, choose }) {
  const all = incident ? [incident] : strips.value;
  return html`<${Entry} name="incident" label=${t("incident")}>
    <select ...${ids("incident", "")} value=${value} onChange=${typed(choose)}>
      <option value="">${t("log.no_incident")}</option>
      ${all.map((one) => html`<option key=${one.id} value=${one.id}>${one.number} ${one.title}</option>`)}
    </select></${Entry}>`;
}

/** @param {{instruction: any}} props */
function PassOn({ instruction }) {
  const presets = usePresets();
  const [units, setUnits] = useState(/** @type {any[]} */ ([]));
  const [due, setDue] = useState(presets[0]?.due ?? "");
  const [tried, setTried] = useState(false);
  const taken = new Map(
    instruction.units.map((/** @type {any} */ told) => [
      told.unit,
      t(told.answered_at === null ? "pass_on.doing" : "pass_on.answered"),
    ]),
  );
  const early = !isTime(due) || parseTyped(due) <= now();
  const send = () => {
    setTried(true);
    if (!units.length || early) return;
    close();
    passOn(instruction, units, parseTyped(due));
  };
  const wrong = tried && early ? t(isTime(due) ? "pass_on.early" : "wrong.time") : "";
  return html`<${Shell} title=${t("pass_on.title", { number: instruction.number })} told=${t("pass_on.told")} submit=${t("act.pass_on")} send=${send}>
    <p class="quote">${instruction.text}</p>
    <${Finder} name="unit" kind="unit" many=${true} label=${t("pass_on.units")} hint=${t("pass_on.units.hint")} chosen=${units} choose=${setUnits} taken=${taken}
      wrong=${tried && !units.length ? t("needed", { label: t("pass_on.units") }) : ""} />
    <${Entry} name="answer_by" label=${t("pass_on.due")} wrong=${wrong}>
      <div class="presets" role="group" aria-label=${t("pass_on.due")}>
        ${presets.map((one) => html`<button type="button" key=${one.name} aria-pressed=${one.due === due} onClick=${() => setDue(one.due)} data-testid=${`due-${one.name}`}>${t(`due.${one.name}`)}</button>`)}</div>
      <${TimeField} common=${ids("answer_by", wrong)} value=${due} lean="future" change=${setDue} /></${Entry}>
  </${Shell}>`;
}

/** The usual deadlines as the field holds them, by Beijing's clock in whole minutes; those that are past are left out. */
function usePresets() {
  const [all] = useState(() => {
    const start = Math.ceil(now() / MINUTE) * MINUTE;
    /** @param {number} at */
    const minute = (at) => typedTime(at).slice(0, 16);
    const [today, tomorrow] = [full(start), full(start + 24 * HOUR)].map((text) => text.slice(0, 10));
    return [
      { name: "1h", due: minute(start + HOUR) },
      { name: "2h", due: minute(start + 2 * HOUR) },
      { name: "today", due: `${today}T17:00` },
      { name: "tomorrow", due: `${tomorrow}T09:00` },
    ].filter((one) => parseTyped(one.due) > now());
  });
  return all;
}

/** @param {{name: string, label: string, wrong?: string, children?: any}} props */
export function Entry({ name, label, wrong, children }) {
  return html`<div class="entry"><label for=${`field-${name}`}>${label}</label>${children}
    ${wrong && html`<p class="wrong" role="alert" id=${`field-${name}-said`}>${wrong}</p>`}</div>`;
}

/** @param {string} name @param {string} wrong */
export function ids(name, wrong) {
  const id = `field-${name}`;
  const told = wrong ? { "aria-invalid": "true", "aria-describedby": `${id}-said` } : {};
  return { id, name, "data-testid": id, ...told };
}

/** @param {(value: string) => void} set */
export const typed = (set) => (/** @type {any} */ event) => set(event.target.value);
