// @ts-check
/** The sheet of keys (`?`) and the palette of commands (`.`): everything the screen can do now, by its name. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { acts } from "../actions.js";
import { now } from "../clocks.js";
import { parseTyped, phone, sender, typedTime } from "../format.js";
import { t, word } from "../i18n.js";
import { JUMPS, overlay, visible } from "../keys.js";
import { findInLog } from "../log_query.js";
import { past } from "../past.js";
import { go, VIEWS } from "../route.js";
import { maySee, me, read } from "../session.js";
import { rows, waiting } from "../store.js";
import { ask } from "./dialog.js";

const MOST = 30; // lines of the palette
const KEYS = [
  "/",
  "j k",
  "← →",
  "Enter",
  "o b z",
  "a",
  "d",
  "v",
  "h",
  "c",
  "q",
  "y",
  "t",
  "w",
  "p",
  "n",
  "m",
  "i",
  "r",
  "e",
  "s",
  "u",
  "x",
  ".",
  "?",
  "Esc",
  "Ctrl+↵",
];

export function Overlays() {
  if (overlay.value === "keys") return html`<${Sheet} />`;
  if (overlay.value === "me") return html`<${Account} />`;
  return overlay.value === "commands" ? html`<${Palette} />` : null;
}

const shut = () => {
  overlay.value = "";
};

/** The browser tells of a closed dialog a moment later, when another may stand already. @param {string} which */
const shutOnly = (which) => () => void (overlay.value === which && shut());

/** Opens as a dialog before the next key, and gives the focus back: at once by `leave`, or when it goes. */
function useModal() {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const before = useRef(/** @type {HTMLElement | null} */ (null));
  const leave = () => {
    box.current?.close();
    before.current?.focus?.();
    before.current = null;
  };
  useLayoutEffect(() => {
    before.current = /** @type {HTMLElement | null} */ (document.activeElement);
    box.current?.showModal();
    return () => before.current?.focus?.();
  }, []);
  return { box, leave };
}

function Sheet() {
  const { box } = useModal();
  const jumps = Object.entries(JUMPS).map(([key, view]) => [`g ${key}`, t(`view.${view}`)]);
  const all = [...KEYS.map((key) => [key, t(`key.${key}`)]), ...jumps];
  return html`<dialog ref=${box} class="dialog sheet" onClose=${shutOnly("keys")} aria-labelledby="sheet-title" data-testid="keys-sheet">
    <h2 id="sheet-title">${t("keys")}</h2>
    <dl>${all.map(([key, text]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${text}</dd></div>`)}</dl>
    <div class="buttons"><button type="button" onClick=${shut}>${t("shut")}<kbd aria-hidden="true">Esc</kbd></button>
      </div>
  </dialog>`;
}

/** Who sits here: their account, and the way out. */
function Account() {
  const { box } = useModal();
  const left = acts.value.filter((one) => one.status !== "refused").length;
  return html`<dialog ref=${box} class="dialog" onClose=${shutOnly("me")} aria-labelledby="me-title" data-testid="me">
    <h2 id="me-title">${me.value?.name}</h2>
    <p class="told">${word("role", me.value?.role)} · ${me.value?.username}</p>
    ${left > 0 && html`<p class="notice" role="status">${t("me.unsent", { n: left })}</p>`}
    <form method="post" action="/sign-out"><input type="hidden" name="csrf" value=${me.value?.csrf} />
      <div class="buttons"><button type="button" onClick=${shut}>${t("cancel")}<kbd aria-hidden="true">Esc</kbd></button>
        <a class="button" href="/account">${t("me.account")}</a>
        <button type="submit" class="primary" data-testid="sign-out">${t("me.out")}</button></div></form>
  </dialog>`;
}

function Palette() {
  const all = useMemo(commands, []);
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const { box, leave } = useModal();
  const inLog = { label: t("log.find", { words: words.trim() }), key: "", run: () => findInLog(words.trim()) };
  const people = usePeople(words.trim());
  const things = words.trim() ? [...all, ...board()] : all;
  const listed = things.filter((one) => one.label.toLowerCase().includes(words.trim().toLowerCase())).slice(0, MOST);
  const found = words.trim() ? [...listed, ...people, inLog] : listed;
  /** In the same turn: the next key finds what was chosen, never what was chosen before. @param {{run: () => void} | undefined} one */
  const run = (one) => {
    leave();
    shut();
    one?.run();
  };
  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) event.preventDefault();
    if (step) setAt(Math.max(0, Math.min(found.length - 1, at + step)));
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    run(found[at]);
  };
  return html`<dialog ref=${box} class="dialog palette" onClose=${shutOnly("commands")} aria-label=${t("commands")} data-testid="palette">
    <input type="text" autofocus autocomplete="off" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-activedescendant=${found[at] ? `palette-${at}` : undefined}
      aria-label=${t("commands")} placeholder=${t("commands")} value=${words} onKeyDown=${move}
      onInput=${(/** @type {any} */ event) => (setAt(0), setWords(event.target.value))} />
    <ul id="palette-list" role="listbox" aria-label=${t("commands")}>${found.map(
      (one, n) => html`<li id=${`palette-${n}`} role="option" aria-selected=${n === at} onClick=${() => run(one)}>
        ${one.label}${one.key && html`<kbd aria-hidden="true">${one.key}</kbd>`}</li>`,
    )}</ul>
  </dialog>`;
}

/** What stands on the board now, by number and words: incidents, waiting messages, instructions. */
function board() {
  const named = [...rows("incident").values()].map((one) => ({
    label: `${one.number} ${one.title}`,
    key: "",
    run: () => show(one.open ? "desk" : "incidents", one.id, `incident-${one.id}`),
  }));
  const said = waiting.value.map((one) => ({
    label: `${one.number} ${sender(one)} ${one.text.slice(0, 40)}`,
    key: "",
    run: () => show("desk", "", `message-${one.id}`),
  }));
  const ordered = [...rows("instruction").values()].map((one) => ({
    label: `${one.number} ${one.text?.slice(0, 40) ?? ""}`,
    key: "",
    run: () => go("instructions", one.id),
  }));
  return [...named, ...said, ...ordered];
}

/** Opens a row and gives it the focus, which leaves the row before it at once: its keys must not be pressed by mistake. @param {string} view @param {string} id @param {string} row */
function show(view, id, row) {
  /** @type {HTMLElement | null} */ (document.activeElement)?.blur();
  go(view, id);
  focusWhenDrawn(row, 4);
}

/** A row far down a long list is drawn only after the list has gone there. @param {string} row @param {number} tries */
function focusWhenDrawn(row, tries) {
  queueMicrotask(() => {
    const found = /** @type {HTMLElement | null} */ (document.querySelector(`[data-testid="${CSS.escape(row)}"]`));
    if (found) found.focus();
    else if (tries) focusWhenDrawn(row, tries - 1);
  });
}

/** People and units of the directory, by name, number or initials. @param {string} words */
function usePeople(words) {
  const [found, setFound] = useState(/** @type {any[]} */ ([]));
  useEffect(() => {
    if (words.length < 2) return setFound([]);
    const abort = new AbortController();
    const wait = setTimeout(async () => {
      const answer = await read(`directory?q=${encodeURIComponent(words)}`, abort.signal);
      if (answer) setFound(answer.found.slice(0, 8));
    }, 150);
    return () => (clearTimeout(wait), abort.abort());
  }, [words]);
  return found.map((one) => ({
    label: [one.unit_name, one.name, phone(one.phone)].filter(Boolean).join(" "),
    key: "",
    run: () => go("directory", one.name),
  }));
}

/** Views first, then every button with a key that is on the screen. */
function commands() {
  const views = VIEWS.filter(maySee).map((view) => ({
    label: t(`view.${view}`),
    key: `g ${Object.entries(JUMPS).find(([, name]) => name === view)?.[0]}`,
    run: () => go(view),
  }));
  const buttons = [...document.querySelectorAll("[data-key]")].filter(visible).map((button) => ({
    label: button.firstChild?.textContent ?? "",
    key: button.getAttribute("data-key") ?? "",
    run: () => /** @type {HTMLElement} */ (button).click(),
  }));
  const account = { label: t("me.title"), key: "", run: () => void (overlay.value = "me") };
  return [...buttons, ...views, { label: t("past.title"), key: "", run: askMoment }, account];
}

/** The desk as of a moment, in a page of its own. */
function askMoment() {
  ask({
    title: t("past.title"),
    told: t("past.told"),
    fields: [{ name: "at", label: t("past.when"), kind: "time", value: typedTime(now()) }],
    submit: t("past.open"),
    send: ({ at }) => void window.open(past(parseTyped(at)), "_blank", "noopener"),
  });
}
