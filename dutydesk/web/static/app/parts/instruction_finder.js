// @ts-check
/** Choosing units or a leader from the directory: typed, found while typing, chosen with the arrows and Enter or by touch. */
import { useEffect, useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { t } from "../i18n.js";
import { read } from "../session.js";

/**
 * @typedef {{id: string, name: string, post: string}} Found
 * @typedef {{name: string, label: string, hint: string, kind: "unit" | "leader" | "contact", many?: boolean, chosen: Found[],
 *   choose: (chosen: Found[]) => void, taken?: Map<string, string>, wrong?: string}} Props
 */

/** @param {Props} props `taken`: what cannot be chosen, with the reason */
export function Finder({ name, label, hint, kind, many, chosen, choose, taken = new Map(), wrong }) {
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const found = useFound(kind, words, chosen);
  const id = `field-${name}`;
  /** @param {Found | undefined} one */
  const pick = (one) => {
    if (!one || taken.has(one.id)) return;
    choose(many ? [...chosen, one] : [one]);
    setWords("");
    setAt(0);
    document.getElementById(id)?.focus();
  };
  const open = words.trim() !== "" && found !== null;
  /** @param {KeyboardEvent} event */
  const move = (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt(Math.max(0, Math.min((found?.length ?? 1) - 1, at + step)));
    else if (event.key === "Enter" && words.trim() && !event.ctrlKey && !event.metaKey) pick(found?.[at]);
    else if (event.key === "Escape" && words) setWords("");
    else if (event.key === "Backspace" && !words && chosen.length) choose(chosen.slice(0, -1));
    else return;
    event.preventDefault();
  };
  const said = wrong ? "wrong" : "hint";
  return html`<div class="entry finder">
    <label for=${id}>${label}</label>
    <${Chosen} chosen=${chosen} drop=${(/** @type {Found} */ one) => choose(chosen.filter((other) => other.id !== one.id))} />
    <input id=${id} type="text" autocomplete="off" role="combobox" aria-autocomplete="list" aria-expanded=${open} aria-controls=${`${id}-list`}
      aria-activedescendant=${open && found?.[at] ? `${id}-${found[at].id}` : undefined} aria-invalid=${wrong ? "true" : undefined} aria-describedby=${`${id}-said`}
      placeholder=${t("finder.placeholder")} value=${words} onKeyDown=${move} data-testid=${id}
      onInput=${(/** @type {any} */ event) => (setAt(0), setWords(event.target.value))} />
    ${open && html`<${List} id=${id} label=${label} found=${found ?? []} at=${at} pick=${pick} taken=${taken} />`}
    <p class=${said} role=${wrong ? "alert" : undefined} id=${`${id}-said`}>${wrong || hint}</p>
  </div>`;
}

/** What the directory has of a kind, while it is typed; null before it has answered. @param {string} kind @param {string} words @param {Found[]} chosen */
function useFound(kind, words, chosen) {
  const [found, setFound] = useState(/** @type {Found[] | null} */ (null));
  useEffect(() => {
    if (!words.trim()) return setFound(null);
    const abort = new AbortController();
    const wait = setTimeout(async () => {
      const answer = await read(`directory?q=${encodeURIComponent(words.trim())}`, abort.signal);
      if (answer) setFound(answer.found.filter((/** @type {any} */ one) => one.kind === kind));
    }, 150);
    return () => (clearTimeout(wait), abort.abort());
  }, [kind, words]);
  const had = new Set(chosen.map((one) => one.id));
  return found && found.filter((one) => !had.has(one.id)).slice(0, 8);
}

/** @param {{chosen: Found[], drop: (one: Found) => void}} props */
function Chosen({ chosen, drop }) {
  if (!chosen.length) return null;
  return html`<ul class="chosen-list">${chosen.map(
    (one) => html`<li class="tag outlined" key=${one.id}>${one.name}
      <button type="button" class="quiet" aria-label=${t("finder.drop", { name: one.name })} onClick=${() => drop(one)}>×</button></li>`,
  )}</ul>`;
}

/** @param {{id: string, label: string, found: Found[], at: number, pick: (one: Found) => void, taken: Map<string, string>}} props */
function List({ id, label, found, at, pick, taken }) {
  return html`<ul class="found-list" role="listbox" id=${`${id}-list`} aria-label=${label}>
    ${found.map(
      (
        one,
        n,
      ) => html`<li role="option" key=${one.id} id=${`${id}-${one.id}`} aria-selected=${n === at} aria-disabled=${taken.has(one.id)}
        onClick=${() => pick(one)} data-testid=${`choose-${one.id}`}><b>${one.name}</b> <span class="hint">${taken.get(one.id) ?? one.post}</span></li>`,
    )}
    ${!found.length && html`<li class="hint" role="option" aria-disabled="true" aria-selected="false">${t("empty.found")}</li>`}
  </ul>`;
}
