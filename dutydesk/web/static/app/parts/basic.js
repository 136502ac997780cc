// @ts-check
/** The smallest things on the screen: a time, an age, a countdown, a figure with its three faces, a level, a marked text. */
import { html } from "../../vendor/htm/preact.js";
import { clockText, face, second } from "../clocks.js";
import { age, clock, figure, full } from "../format.js";
import { t, word } from "../i18n.js";
import { counts, pieces } from "../marks.js";

/** 14:07 · 13 分钟前; the date and second on hover. @param {{at: number | null | undefined, bare?: boolean}} props */
export function Time({ at, bare }) {
  if (!at) return html`<span class="time unknown">${t("figure.unknown")}</span>`;
  return html`<time class="time" title=${full(at)} datetime=${new Date(at / 1000).toISOString()}>
    ${clock(at)}${bare ? "" : html`<span class="age"> · ${age(at)}</span>`}
  </time>`;
}

/**
 * A deadline that counts down: neutral, amber from half, red from four fifths, solid when late.
 * `told` is said on hover and to who listens; `mark` stands beside the label.
 * @param {{due: number, span: number, label?: string, told?: string, mark?: string}} props
 */
export function Countdown({ due, span, label, told, mark }) {
  const left = due - second.value;
  const look = face(left, span);
  const text = clockText(left);
  const said = left <= 0 ? t("clock.late", { text }) : t("clock.left", { text });
  const share = span > 0 ? Math.max(0, Math.min(1, left / span)) : 0;
  return html`<span class=${`countdown ${look}`} role="timer" aria-label=${[label, said, told].filter(Boolean).join(" ")} title=${[full(due), told].filter(Boolean).join(" · ")}>
    ${label && html`<span class="countdown-label">${label}${mark && html` <span class="countdown-mark">${mark}</span>`}</span>`}
    <span class="countdown-text">${
      look === "late"
        ? html`<span class="countdown-sign">
      ${t("clock.over")}</span>`
        : ""
    }${text}</span>
    <span class="countdown-bar" aria-hidden="true"><span style=${{ transform: `scaleX(${share})` }}></span></span>
  </span>`;
}

/** A page that nobody answered: it stays and says so. */
export function Unanswered() {
  return html`<span class="countdown late" role="status"><span class="countdown-text">${t("clock.unanswered")}</span>
    </span>`;
}

/** @param {{name: string, value: any, doubts?: string[]}} props */
export function Figure({ name, value, doubts = [] }) {
  const { text, face: look } = figure(value);
  const said = doubts.map((doubt) => word("doubt", doubt)).join("、");
  return html`<span class=${`figure is-${look} ${said ? "is-doubtful" : ""}`} data-figure=${name} title=${said || undefined}>
    <span class="figure-name">${word("figure.short", name)}</span><span class="figure-value">${text}</span>
  </span>`;
}

const NUMERALS = { 特别重大: "Ⅰ", 重大: "Ⅱ", 较大: "Ⅲ", 一般: "Ⅳ" };

/** The level as a numeral; the colour stands in the bar beside it. @param {{level: string | undefined}} props */
export function Level({ level }) {
  const numeral = /** @type {Record<string, string>} */ (NUMERALS)[level ?? ""];
  if (!numeral) return html`<span class="level none" title=${t("level.none")}>–</span>`;
  return html`<span class="level" data-level=${numeral} title=${word("level", level)}>${numeral}</span>`;
}

/** @param {string | undefined} level */
export const numeral = (level) => /** @type {Record<string, string>} */ (NUMERALS)[level ?? ""] ?? "";

/** A text with the words that were read in it underlined. @param {{text: string, reading: any}} props */
export function Marked({ text, reading }) {
  const cut = pieces(text, reading?.spans);
  return html`<span class="raw">
    ${cut.map(({ text: part, field }) =>
      field ? html`<mark class=${counts(field) ? "strong" : ""} title=${word("field", field)}>${part}</mark>` : part,
    )}
  </span>`;
}

/** @param {{on: boolean}} props */
export function DrillTag({ on }) {
  return on ? html`<span class="drill-tag">${t("drill")}</span>` : null;
}

/** @param {{title: string, hint: string, children?: any}} props */
export function Empty({ title, hint, children }) {
  return html`<div class="empty"><p class="empty-title">${title}</p><p>${hint}</p>${children}</div>`;
}

/** @param {{name: string}} props */
export const Key = ({ name }) => html`<kbd aria-hidden="true">${name}</kbd>`;

/**
 * A button that carries its key.
 * @param {{label: string, press: () => void, key?: string, hot?: string, primary?: boolean, busy?: boolean, id?: string, disabled?: boolean, scope?: "row"}} props
 */
export function Button({ label, press, hot, primary, busy, id, disabled, scope }) {
  return html`<button type="button" class=${primary ? "primary" : ""} onClick=${press} data-key=${hot} data-scope=${scope} data-testid=${id}
    aria-keyshortcuts=${hot} aria-busy=${busy ? "true" : undefined} disabled=${disabled || busy}>
    ${busy ? t("sending") : label}${hot && html`<${Key} name=${hot} />`}
  </button>`;
}

/** Room for rows of a long list that are not drawn. @param {{height: number}} props */
export function Room({ height }) {
  return height > 0 ? html`<div class="room" aria-hidden="true" ref=${(/** @type {HTMLElement | null} */ box) => box?.style.setProperty("height", `${height}px`)}></div>` : null;
}
