// @ts-check
/** A field for a date and time that reads what is typed, and says what it read. */
import { useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { MINUTE, now, tenth } from "../clocks.js";
import { age, full, parseTyped, span, typedTime, weekday } from "../format.js";
import { t } from "../i18n.js";
import { readMoment, readTime } from "../typed_time.js";

/** @typedef {import("../typed_time.js").Lean} Lean */

/** What a field sends: 2026-11-26T14:20:05, or what was typed when nothing can be read of it. @param {string} typed @param {Lean} [lean] */
export function timeSaid(typed, lean) {
  const at = readTime(typed, now(), lean);
  return at === null ? typed : typedTime(at);
}

/** Whether a field's value is an instant. @param {string} value */
export const isTime = (value) => Number.isFinite(parseTyped(value)) && /T\d/.test(value);

/** 11-26 14:20 as one would type it: the year where it is another, the seconds where there are any. @param {string} value */
function shown(value) {
  const text = value.replace("T", " ").replace(/^(\d{4}-\d\d-\d\d \d\d:\d\d):00$/, "$1");
  return text.startsWith(full(now()).slice(0, 5)) ? text.slice(5) : text;
}

/** @param {{typed: string, lean?: Lean, id: string}} props */
function Reading({ typed, lean, id }) {
  const at = typed.trim() ? readTime(typed, tenth.value, lean) : null;
  const away = at !== null && (at >= tenth.value + MINUTE ? t("time.ahead", { span: span(at - tenth.value) }) : age(at));
  return html`<p class="hint" id=${id} aria-live="polite" data-testid=${id}>${at === null ? t("time.examples") : `${weekday(at)} ${full(at)} · ${away}`}</p>`;
}

/**
 * @param {{common: Record<string, string | undefined>, value?: string, lean?: Lean, change?: (value: string) => void}} props `change` is told
 * what `timeSaid` makes of it; another `value` from outside takes the place of what was typed
 */
export function TimeField({ common, value = "", lean, change }) {
  const [typed, setTyped] = useState(() => shown(value));
  const [known, setKnown] = useState(value);
  if (value !== known) {
    setKnown(value);
    if (value !== timeSaid(typed, lean)) setTyped(shown(value));
  }
  const read = `${common.id}-read`;
  const told = [common["aria-describedby"], read].filter(Boolean).join(" ");
  /** @param {any} event */
  const input = (event) => {
    setTyped(event.target.value);
    change?.(timeSaid(event.target.value, lean));
  };
  return html`<input ...${common} type="text" autocomplete="off" spellcheck="false" aria-describedby=${told} value=${typed} onInput=${input}
      onFocus=${(/** @type {any} */ event) => event.target.select()} />
    <${Reading} typed=${typed} lean=${lean} id=${read} />`;
}

/** One end of a period in a filter: a day or a time, taken when it is left; what cannot be read is marked and kept. @param {{id: string, value: string, set: (value: string) => void, required?: boolean}} props */
export function MomentField({ id, value, set, required }) {
  const [wrong, setWrong] = useState(false);
  const [typed, setTyped] = useState(/** @type {string | null} */ (null)); // until it is left, whatever else is drawn anew meanwhile
  /** @param {any} event */
  const taken = (event) => {
    const typed = event.target.value.trim();
    const said = typed ? readMoment(typed, now()) : "";
    const bad = typed ? !said : Boolean(required);
    setWrong(bad);
    if (bad) return;
    setTyped(null);
    event.target.value = shown(said);
    set(said);
  };
  return html`<input type="text" class="moment" autocomplete="off" spellcheck="false" data-testid=${id} title=${t("time.examples")} aria-invalid=${wrong ? "true" : undefined}
    placeholder=${t("time.placeholder")} value=${typed ?? shown(value)} onInput=${(/** @type {any} */ event) => setTyped(event.target.value)} onChange=${taken} onFocus=${(/** @type {any} */ event) => event.target.select()} />`;
}
