// @ts-check
/** 来电登记: one box, always there, read while one types, kept on every pause, sent by one key. */
import { signal } from "../../vendor/signals/signals.js";
import { useEffect, useRef, useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { act } from "../actions.js";
import { draft } from "../draft.js";
import { t } from "../i18n.js";
import { route } from "../route.js";
import { me, write } from "../session.js";
import { drill, row } from "../store.js";
import { Marked } from "./basic.js";
import { Caller } from "./caller.js";
import { land } from "./landing.js";
import { Understood } from "./waiting.js";

const READ_AFTER = 250;
const FORM = ["occurred", "place", "told", "caller_unit", "caller_name", "caller_post"];
const BLANK = {
  text: "",
  sender: "",
  found: "",
  unit: "",
  about: false,
  drill: false,
  form: /** @type {Record<string, string>} */ ({}),
};

/** What is in the box now. */
export const typed = signal({ ...BLANK });
const kept = draft("call");
const saved = signal(/** @type {"" | "here" | "desk"} */ (""));

/** Bring back what was being typed when the page was left. */
export async function restoreCall() {
  const found = await kept.load();
  if (found && !typed.value.text) typed.value = { ...BLANK, ...found };
}

/** @param {Partial<typeof BLANK>} change */
function type(change) {
  typed.value = { ...typed.value, ...change };
  saved.value = "here";
  kept.keep(typed.value, () => {
    saved.value = "desk";
  });
}

/** A call the desk refused comes back into the box, to be mended. @param {Record<string, any>} fields */
export function retype(fields) {
  const { text, sender = "", unit = "", drill: inDrill = false, form = {} } = fields;
  const before = typed.value.text.trim();
  type({ ...BLANK, text: before ? `${before}\n${text}` : text, sender, unit, drill: inDrill, form });
  document.getElementById("call-text")?.focus();
}

export function CallBox() {
  const [open, setOpen] = useState(false);
  const [more, setMore] = useState(false);
  const reading = useReading(typed.value.text);
  if (!me.value?.may_call) return null;
  const now = typed.value;
  return html`<form class=${`callbox ${open || now.text ? "open" : ""} ${now.drill ? "drill" : ""}`} aria-label=${t("call.register")}
    onSubmit=${submit} onKeyDown=${keys} onFocusIn=${() => setOpen(true)} onFocusOut=${leaving(setOpen)}>
    ${now.text && html`<${Preview} text=${now.text} reading=${reading} />`}
    ${more && html`<${More} form=${now.form} />`}
    <div class="callbox-line">
      <label class="callbox-label" for="call-text">${t("call.register")}<kbd aria-hidden="true">/</kbd></label>
      <${Caller} sender=${now.sender} type=${type} />
      <${Text} text=${now.text} />
      <${About} now=${now} />
      <button type="button" class="quiet" aria-expanded=${more} onClick=${() => setMore(!more)} data-testid="call-more">${more ? t("call.less") : t("call.more")}</button>
      <button type="submit" class=${now.text.trim() ? "primary" : ""} data-testid="call-submit" disabled=${!now.text.trim()}>${t("call.submit")}<kbd aria-hidden="true">Ctrl+↵</kbd></button>
    </div>
  </form>`;
}

/** @param {(open: boolean) => void} setOpen */
const leaving = (setOpen) => (/** @type {FocusEvent} */ event) => {
  const inside = /** @type {HTMLElement} */ (event.currentTarget).contains(
    /** @type {Node | null} */ (event.relatedTarget),
  );
  if (!inside) setOpen(false);
};

/** The box itself: one line that grows with what is typed. @param {{text: string}} props */
function Text({ text }) {
  const box = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  useEffect(() => {
    const fit = () => {
      if (!box.current) return;
      box.current.style.height = "auto";
      box.current.style.height = `${Math.min(box.current.scrollHeight + 2, 160)}px`;
    };
    fit();
    addEventListener("resize", fit);
    return () => removeEventListener("resize", fit);
  }, [text]);
  return html`<textarea id="call-text" ref=${box} rows="1" data-testid="call-box" value=${text} placeholder=${t("call.placeholder")}
    onInput=${(/** @type {any} */ event) => type({ text: event.target.value })}></textarea>`;
}

/** @param {{now: typeof BLANK}} props */
function About({ now }) {
  const selected = row("incident", ["desk", "incidents"].includes(route.value.view) ? route.value.id : "");
  return html`${
    selected?.open &&
    html`<label class="check">
      <input type="checkbox" checked=${now.about} onChange=${(/** @type {any} */ event) => type({ about: event.target.checked })} />
      ${t("call.about", { number: selected.number })}</label>`
  }
    ${
      drill.value &&
      html`<label class="check">
      <input type="checkbox" checked=${now.drill} onChange=${(/** @type {any} */ event) => type({ drill: event.target.checked })} />${t("drill")}</label>`
    }`;
}

/** @param {{text: string, reading: any}} props */
function Preview({ text, reading }) {
  return html`<div class="preview" aria-live="polite">
    <p class="preview-text"><${Marked} text=${text} reading=${reading?.of === text ? reading.reading : null} /></p>
    <${Understood} reading=${reading?.reading} />
    <span class="hint">${saved.value === "desk" ? t("saved.desk") : t("saved.here")} · ${t("classified.banner")}</span>
  </div>`;
}

/** @param {{form: Record<string, string>}} props */
function More({ form }) {
  return html`<fieldset class="more-fields"><legend>${t("call.fields")}</legend>
    ${FORM.map(
      (name) => html`<label>${t(`form.${name}`)}
      <input type="text" autocomplete="off" value=${form[name] ?? ""} data-testid=${`call-${name}`}
        onInput=${(/** @type {any} */ event) => type({ form: { ...typed.value.form, [name]: event.target.value } })} /></label>`,
    )}
  </fieldset>`;
}

/** Ask the desk to read the text, a moment after the last key. @param {string} text */
function useReading(text) {
  const [reading, setReading] = useState(/** @type {{of: string, reading: any} | null} */ (null));
  useEffect(() => {
    if (!text.trim()) {
      setReading(null);
      return undefined;
    }
    const abort = new AbortController();
    let wait = 0;
    /** @param {number} tries a reader that is busy is asked once more */
    const ask = async (tries) => {
      const found = await write("POST", "preview", { text }, abort.signal);
      if (found) setReading({ of: text, reading: found });
      else if (tries > 1 && !abort.signal.aborted) wait = setTimeout(() => void ask(tries - 1), READ_AFTER * 4);
    };
    wait = setTimeout(() => void ask(2), READ_AFTER);
    return () => {
      clearTimeout(wait);
      abort.abort();
    };
  }, [text]);
  return reading;
}

/** @param {KeyboardEvent} event */
function keys(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    /** @type {HTMLFormElement} */ (event.currentTarget).requestSubmit();
  }
}

/** @param {SubmitEvent} event */
function submit(event) {
  event.preventDefault();
  const { text, found, unit, about, drill: inDrill, form } = typed.value;
  if (!text.trim()) return;
  const sender = found || typed.value.sender.trim();
  const filled = Object.fromEntries(Object.entries(form).filter(([, value]) => value.trim()));
  /** @type {Record<string, any>} */
  const fields = { text: text.trim() };
  if (sender) fields.sender = sender;
  if (unit) fields.unit = unit;
  if (about && route.value.id) fields.incident = route.value.id;
  if (inDrill && drill.value) fields.drill = true;
  if (Object.keys(filled).length) fields.form = filled;
  const sent = act("calls", fields, { title: t("call.register"), about: "calls", said: t("done.call") });
  void sent.then((answer) => answer?.id && land(answer.id));
  typed.value = { ...BLANK, form: {} };
  saved.value = "";
  kept.forget();
}
