// @ts-check
/** One dialog at a time, made from a description: what will happen, what is to be filled in, one button that does it. */
import { signal } from "../../vendor/signals/signals.js";
import { useEffect, useRef, useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { t } from "../i18n.js";

/**
 * @typedef {{name: string, label: string, kind?: "text" | "long" | "choice" | "number", value?: string, optional?: boolean,
 *   choices?: Array<{value: string, label: string}>, hint?: string}} Field
 * @typedef {{title: string, told?: string, fields: Field[], submit: string, send: (values: Record<string, string>) => void}} Asked
 */

/** @type {{value: Asked | null}} */
export const asked = signal(/** @type {Asked | null} */ (null));

/** @param {Asked} question */
export function ask(question) {
  asked.value = question;
}

/** The open question, if any. */
export function Dialog() {
  const question = asked.value;
  return question ? html`<${Form} key=${question.title} question=${question} />` : null;
}

/** @param {{question: Asked}} props */
function Form({ question }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const [missing, setMissing] = useState("");
  useEffect(() => {
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    box.current?.showModal();
    return () => before?.focus?.();
  }, []);
  const close = () => {
    asked.value = null;
  };
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    const values = Object.fromEntries(
      [...new FormData(/** @type {HTMLFormElement} */ (event.target))].map(([k, v]) => [k, String(v).trim()]),
    );
    const empty = question.fields.find((field) => !field.optional && !values[field.name]);
    if (empty) return setMissing(empty.name);
    close();
    question.send(values);
  };
  return html`<dialog ref=${box} class="dialog" aria-labelledby="dialog-title" onClose=${close} data-testid="dialog">
    <form onSubmit=${submit} onKeyDown=${quick} novalidate>
      <h2 id="dialog-title">${question.title}</h2>
      ${question.told && html`<p class="told">${question.told}</p>`}
      ${question.fields.map((field) => html`<${Entry} field=${field} missing=${missing === field.name} />`)}
      <div class="buttons">
        <button type="button" onClick=${close}>${t("cancel")}<kbd aria-hidden="true">Esc</kbd></button>
        <button type="submit" class="primary" data-testid="dialog-submit">
          ${question.submit}<kbd aria-hidden="true">Ctrl+↵</kbd></button>
      </div>
    </form>
  </dialog>`;
}

/** @param {KeyboardEvent} event */
function quick(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey))
    /** @type {HTMLFormElement} */ (event.currentTarget).requestSubmit();
}

/** @param {{field: Field, missing: boolean}} props */
function Entry({ field, missing }) {
  const id = `field-${field.name}`;
  const common = { id, name: field.name, "aria-invalid": missing ? "true" : undefined, "data-testid": id };
  return html`<div class="entry">
    <label for=${id}>${field.label}${field.optional ? html`<span class="optional">${t("optional")}</span>` : ""}</label>
    ${
      field.kind === "choice"
        ? html`<select ...${common} value=${field.value}>
          ${field.choices?.map((one) => html`<option value=${one.value}>${one.label}</option>`)}
        </select>`
        : field.kind === "long"
          ? html`<textarea ...${common} rows="3" defaultValue=${field.value ?? ""}></textarea>`
          : html`<input ...${common} type="text" inputmode=${field.kind === "number" ? "numeric" : undefined} defaultValue=${field.value ?? ""} autocomplete="off" />`
    }
    ${
      missing
        ? html`<p class="wrong" role="alert">
      ${t("needed", { label: field.label })}</p>`
        : field.hint && html`<p class="hint">${field.hint}</p>`
    }
  </div>`;
}
