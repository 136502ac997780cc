// @ts-check
/** The top line: whose desk, who is on watch, what time it is, whether all is well, when the handover comes, who sits here. */
import { signal } from "../../vendor/signals/signals.js";
import { useEffect, useRef } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { late } from "../alarm.js";
import { allowNotes, permission } from "../attention.js";
import { second } from "../clocks.js";
import { state, writable } from "../feed.js";
import { clock, hhmm, hhmmss, span, weekday } from "../format.js";
import { language, speak, t, word } from "../i18n.js";
import { locked, offer } from "../idle.js";
import { overlay } from "../keys.js";
import { person } from "../names.js";
import { pastAt } from "../past.js";
import { following } from "./instruction_rows.js";
import { Present } from "./presence.js";
import { toDo } from "./submission_rows.js";
import { link, route, VIEWS } from "../route.js";
import { maySee, me } from "../session.js";
import { allowed, mute, mutedUntil, muteLeft } from "../sound.js";
import { drill, stopped, strips, troubled, unreached, waiting, watch } from "../store.js";

export function Top() {
  return html`<header class="top" role="banner">
    <span class="desk-name">${me.value?.desk.name ?? ""}</span>
    ${drill.value && html`<span class="drill-tag">${t("drill.open", { name: drill.value.name })}</span>`}
    <${Watch} />
    <span class="top-clock" role="timer" aria-label=${t("now")}><b>
      ${hhmmss(second.value)}</b> <span class="weekday">${weekday(second.value)}</span></span>
    <span class="top-late"><${Late} /></span>
    <${Health} />
    <${Handover} />
    <${Present} />
    <${Locked} />
    ${!pastAt && html`<${Sound} /><${Notes} />`}
    <${Who} />
  </header>`;
}

function Watch() {
  const now = watch.value;
  if (!now) return html`<a class="top-watch" href=${link("watches")}>${t("watch.none")}</a>`;
  return html`<a class="top-watch" href=${link("watches")}><b>${now.name}</b>
    <span>${t("watch.leader")} ${person(now.leader) || t("nobody")}</span>
    <span>${t("watch.officers")} ${now.officers.map(person).join("、") || t("nobody")}</span></a>`;
}

/** The line and the channels, in one sentence. */
function Health() {
  const [away, wrong] = [state.value !== "live", troubled.value.length];
  const text = away
    ? t(`line.${state.value}`)
    : !writable.value
      ? t("line.store")
      : stopped.value.length
        ? t("line.stopped", { n: stopped.value.length })
        : wrong
          ? t("line.wrong", { n: wrong })
          : t("line.live");
  const act = away || !writable.value || stopped.value.length || troubled.value.some(unreached);
  const look = act ? "bad" : wrong ? "unsure" : "good";
  return html`<a class=${`health ${look}`} href=${link("channels")} data-testid="health">
    <span class="dot" aria-hidden="true"></span><span class="health-said">${text}</span>${
      look === "good" && html`<span class="health-short">${t("line.short")}</span>`
    }</a>`;
}

function Handover() {
  const now = watch.value;
  if (!now) return null;
  const left = now.ends_at - second.value;
  return html`<a class="top-handover" href=${link("watches")} title=${clock(now.ends_at)}>${t("handover")} <b>
    ${hhmm(now.ends_at)}</b>
    <span class="age">${left > 0 ? span(left) : t("handover.over")}</span></a>`;
}

/** That the console was left alone; a touch asks for the password. */
function Locked() {
  if (!locked.value) return null;
  return html`<button type="button" class="locked" onClick=${() => offer(() => {}, "")} data-testid="locked">${t("locked")}</button>`;
}

/** Sounding, muted until when, or waiting for the first touch. */
function Sound() {
  const left = muteLeft();
  const label = left
    ? t("sound.muted", { time: hhmm(mutedUntil.value) })
    : allowed.value
      ? t("sound.on")
      : t("sound.touch");
  return html`<button type="button" class="quiet" onClick=${() => mute(left ? 0 : 5)} title=${t("sound.hint")} data-testid="mute">${label}</button>`;
}

/** Asking for desktop notes: there until the browser was asked, and said again when it was told no. */
function Notes() {
  if (permission.value === "default")
    return html`<button type="button" class="quiet notes" onClick=${() => void allowNotes()} title=${t("attention.hint")} data-testid="allow-notes">${t("attention.ask")}</button>`;
  if (permission.value === "denied")
    return html`<span class="hint notes" title=${t("attention.denied.hint")}>${t("attention.denied")}</span>`;
  return null;
}

const KEPT = "dutydesk.theme";
/** day or night, as chosen; empty: by the hour. */
const theme = signal(localStorage.getItem(KEPT) ?? "");

/** Night from six in the evening to seven in the morning, unless chosen otherwise. */
export function applyTheme() {
  const hour = Number(hhmm(second.peek()).slice(0, 2));
  const now = theme.value || (hour >= 18 || hour < 7 ? "night" : "day");
  document.documentElement.dataset.theme = now;
  return now;
}

function Who() {
  const next = () => {
    theme.value = document.documentElement.dataset.theme === "night" ? "day" : "night";
    localStorage.setItem(KEPT, theme.value);
    applyTheme();
  };
  return html`<span class="who">
    <button type="button" class="quiet" onClick=${() => (overlay.value = "me")} title=${word("role", me.value?.role)} data-testid="who">${me.value?.name ?? ""}</button>
    <button type="button" class="quiet" onClick=${() => void speak(language.value === "zh" ? "en" : "zh")} lang=${language.value === "zh" ? "en" : "zh-CN"} data-testid="language">${language.value === "zh" ? "EN" : "中"}</button>
    <button type="button" class="quiet" onClick=${next} data-testid="theme">
      ${theme.value === "night" || (!theme.value && document.documentElement.dataset.theme === "night") ? t("theme.day") : t("theme.night")}</button>
    <button type="button" class="quiet" onClick=${() => (overlay.value = "keys")} aria-label=${t("keys")}>?</button>
  </span>`;
}

/** Instructions not struck off; overdue ones first and solid, for lateness is never hidden. */
function Following() {
  const { open, late: overdue } = following.value;
  if (!open) return null;
  const said = overdue ? t("rail.late", { late: overdue, open }) : t("rail.open", { open });
  return html`<span class=${`rail-count ${overdue ? "kept late" : ""}`} title=${said} aria-label=${said} role="img" data-testid="instructions-count">
    ${overdue ? `${overdue}/${open}` : open}</span>`;
}

/** The views, with what waits in each. */
export function Rail() {
  const rail = useRef(/** @type {HTMLElement | null} */ (null));
  const { view: current } = route.value;
  useEffect(() => rail.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }), [current]); // on a telephone it is a strip
  /** @type {Record<string, number>} */
  const counts = {
    messages: waiting.value.length,
    incidents: strips.value.length,
    submissions: toDo.value,
    channels: troubled.value.length + stopped.value.length,
  };
  return html`<nav class="rail" ref=${rail} aria-label=${t("views")}>
    ${VIEWS.filter(maySee).map(
      (
        view,
      ) => html`<a href=${link(view)} aria-current=${route.value.view === view ? "page" : undefined} data-testid=${`view-${view}`}>
      <span>${t(`view.${view}`)}</span>${view === "instructions" && html`<${Following} />`}${counts[view] ? html`<span class="rail-count">${counts[view]}</span>` : ""}
    </a>`,
    )}
    <span role="status" class="rail-late"><${Late} /></span>
  </nav>`;
}

/** What is late, and the way to the first of it. */
function Late() {
  const [first] = late.value;
  if (!first) return null;
  return html`<a href=${link("desk", first.id)} title=${first.title}>${t("late.count", { n: late.value.length })}</a>`;
}
