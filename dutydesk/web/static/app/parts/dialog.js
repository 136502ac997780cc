// @ts-check
/** One dialog at a time, made from a description: what will happen, what is to be filled in, one button that does it. */
import { useLayoutEffect, useRef, useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { ask, asked } from "../asking.js";
import { t } from "../i18n.js";
import { holder, open } from "../presence.js";
import { Held } from "./presence.js";
import { isTime, TimeField, timeSaid } from "./time_field.js";
import { keep } from "./uploads.js";

export { ask, asked };

/** @typedef {import("../asking.js").Field} Field */
/** @typedef {import("../asking.js").Asked} Asked */

/** The open question, if any. */
export function Dialog() {
  const question = asked.value;
  return question ? html`<${Form} key=${question.title} question=${question} />` : null;
}

/** @param {{question: Asked}} props */
function Form({ question }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const [wrong, setWrong] = useState(/** @type {{name: string, why: string} | null} */ (null));
  const [busy, setBusy] = useState(false);
  useLayoutEffect(() => {
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    box.current?.showModal();
    if (!question.fields.length) /** @type {HTMLElement | null} */ (box.current?.querySelector("[type=submit]"))?.focus(); // else Enter would call it off
    return () => before?.focus?.();
  }, []);
  const close = () => {
    asked.value = null;
  };
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const values = Object.fromEntries(question.fields.map((field) => [field.name, valueOf(field, given)]));
    const found = question.fields.map((field) => ({ name: field.name, why: wrongIn(field, values[field.name]) }));
    const first = found.find((one) => one.why);
    if (first) return setWrong(first);
    const chosen = question.fields.find((field) => field.kind === "files" && values[field.name].length);
    if (chosen) return void along(chosen.name, values);
    close();
    question.send(values);
  };
  /** The files first: what cannot be kept is said here, with all that was filled in still there. @param {string} name @param {Record<string, any>} values */
  const along = async (name, values) => {
    if (busy) return;
    setBusy(true);
    const { files, wrong: why } = await keep(values[name]);
    setBusy(false);
    if (asked.value !== question) return;
    if (why) return setWrong({ name, why });
    close();
    question.send({ ...values, [name]: files });
  };
  return html`<dialog ref=${box} class="dialog" aria-labelledby="dialog-title" onClose=${close} data-testid="dialog">
    <form onSubmit=${submit} onKeyDown=${quick} novalidate>
      <h2 id="dialog-title">${question.title}</h2>
      <${Held} stream=${open.value} />
      ${question.told && html`<p class="told">${question.told}</p>`}
      ${question.fields.map((field) => html`<${Entry} field=${field} wrong=${wrong?.name === field.name ? wrong.why : ""} />`)}
      <div class="buttons">
        <button type="button" onClick=${close}>${t("cancel")}<kbd aria-hidden="true">Esc</kbd></button>
        <button type="submit" class="primary" data-testid="dialog-submit" disabled=${busy || Boolean(open.value && holder(open.value))}>
          ${busy ? t("attached.sending") : question.submit}<kbd aria-hidden="true">Ctrl+↵</kbd></button>
      </div>
    </form>
  </dialog>`;
}

/** @param {Field} field @param {FormData} given @returns {any} */
function valueOf(field, given) {
  if (field.kind === "checks") return given.getAll(field.name);
  if (field.kind === "files") return given.getAll(field.name).filter((one) => one instanceof File && one.size > 0);
  const said = String(given.get(field.name) ?? "").trim();
  return field.kind === "time" && said ? timeSaid(said, field.lean) : said;
}

/** What is wrong with a field, in words; nothing when it can be sent. @param {Field} field @param {any} value */
function wrongIn(field, value) {
  if (!field.optional && !value.length) return t("needed", { label: field.label });
  if (field.kind === "time" && value && !isTime(value)) return t("wrong.time");
  return field.kind === "number" && !/^\d{0,12}$/.test(value) ? t("wrong.number") : "";
}

/** @param {KeyboardEvent} event */
function quick(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey))
    /** @type {HTMLFormElement} */ (event.currentTarget).requestSubmit();
}

/** @param {{field: Field, wrong: string}} props */
function Entry({ field, wrong }) {
  const id = `field-${field.name}`;
  const said = wrong
    ? html`<p class="wrong" role="alert" id=${`${id}-said`}>${wrong}</p>`
    : field.hint && html`<p class="hint" id=${`${id}-said`}>${field.hint}</p>`;
  if (field.kind === "checks") return html`<${Checks} field=${field} said=${said} />`;
  return html`<div class="entry">
    <label for=${id}>${field.label}${field.optional ? html`<span class="optional">${t("optional")}</span>` : ""}</label>
    <${Input} field=${field} common=${{ id, name: field.name, "aria-invalid": wrong ? "true" : undefined, "aria-describedby": said ? `${id}-said` : undefined, "data-testid": id }} />
    ${said}
  </div>`;
}

/** @param {{field: Field, common: Record<string, string | undefined>}} props */
function Input({ field, common }) {
  if (field.kind === "choice")
    return html`<select ...${common} value=${field.value}>
      ${field.choices?.map((one) => html`<option value=${one.value}>${one.label}</option>`)}
    </select>`;
  if (field.kind === "long")
    return html`<textarea ...${common} rows="3" defaultValue=${field.value ?? ""}></textarea>`;
  if (field.kind === "time")
    return html`<${TimeField} common=${common} value=${field.value} lean=${field.lean} />`;
  if (field.kind === "files") return html`<input ...${common} type="file" multiple accept="image/*,application/pdf" />`;
  if (field.kind === "password")
    return html`<input ...${common} type="password" autocomplete="current-password" defaultValue="" />`;
  return html`<input ...${common} type="text" inputmode=${field.kind === "number" ? "numeric" : undefined} defaultValue=${field.value ?? ""} autocomplete="off" />`;
}

/** @param {{field: Field, said: any}} props */
function Checks({ field, said }) {
  return html`<fieldset class="entry checks"><legend>${field.label}</legend>
    ${field.choices?.map(
      (one) => html`<label class="check"><input type="checkbox" name=${field.name} value=${one.value} defaultChecked=${field.checked?.includes(one.value)} data-testid=${`check-${one.value}`} />${one.label}${one.hint ? html` <span class="hint">${one.hint}</span>` : ""}</label>`,
    )}
    ${said}</fieldset>`;
}
