// @ts-check
/** The caller's number: the contact behind it is found while it is typed. */
import { useEffect, useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { phone } from "../format.js";
import { t } from "../i18n.js";
import { read } from "../session.js";

/** @param {{sender: string, type: (change: any) => void}} props */
export function Caller({ sender, type }) {
  const [found, setFound] = useState(/** @type {any[]} */ ([]));
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  useEffect(() => {
    if (sender.trim().length < 2) return setFound([]);
    const abort = new AbortController();
    const wait = setTimeout(async () => {
      const answer = await read(`directory?q=${encodeURIComponent(sender.trim())}`, abort.signal);
      if (answer) setFound(answer.found.filter((/** @type {any} */ one) => one.phone));
    }, 200);
    return () => {
      clearTimeout(wait);
      abort.abort();
    };
  }, [sender]);
  const sure =
    found.find((one) => one.phone === sender) ??
    (found.length === 1 && digits(found[0].phone).endsWith(digits(sender)) ? found[0] : null);
  useEffect(() => {
    if (sender) type({ found: sure?.phone ?? "", unit: sure ? unitOf(sure) : "" });
  }, [sure?.phone]);
  /** @param {any} one */
  const choose = (one) => {
    type({ sender: one.phone, found: one.phone, unit: unitOf(one) });
    setOpen(false);
    document.getElementById("call-text")?.focus();
  };
  const listed = open && !sure ? found.slice(0, 6) : [];
  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!listed.length || event.ctrlKey || !(step || (event.key === "Enter" && listed[at]))) return;
    event.preventDefault();
    if (step) setAt(Math.max(0, Math.min(listed.length - 1, at + step)));
    else choose(listed[at]);
  };
  return html`<div class=${`caller ${sure ? "found" : ""}`}>
    <input type="tel" value=${sender} placeholder=${t("call.sender")} aria-label=${t("call.sender")} autocomplete="off" data-testid="call-sender"
      role="combobox" aria-expanded=${listed.length > 0} aria-controls="caller-list" aria-activedescendant=${listed[at] ? `caller-${at}` : undefined} onKeyDown=${move}
      onFocus=${() => setOpen(true)} onBlur=${() => setTimeout(() => setOpen(false), 150)}
      onInput=${(/** @type {any} */ event) => (setOpen(true), setAt(-1), type({ sender: event.target.value, found: "", unit: "" }))} />
    ${
      sure &&
      html`<span class="caller-name" data-testid="caller-name">
      ${[sure.unit_name, sure.name].filter(Boolean).join(" ")}</span>`
    }
    <ul id="caller-list" role="listbox" class="suggest" hidden=${!listed.length} aria-label=${t("call.sender")}>
      ${listed.map(
        (one, n) => html`<li id=${`caller-${n}`} role="option" aria-selected=${n === at} onMouseDown=${() => choose(one)}>
        ${one.unit_name} ${one.name} <span class="number">${phone(one.phone)}</span></li>`,
      )}
    </ul>
  </div>`;
}

/** @param {any} one */
const unitOf = (one) => (one.kind === "unit" ? one.id : (one.unit ?? ""));

/** @param {string} text */
const digits = (text) => text.replace(/\D/g, "");
