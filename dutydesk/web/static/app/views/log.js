// @ts-check
/** 值班日志: the journal as a book, newest first, filtered, searched in full text, printed; every line opens to its entry. */
import { useEffect, useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { full, hhmmss, monthDay, weekday } from "../format.js";
import { t } from "../i18n.js";
import { asked, countPath, NOTHING, pathOf, printQuery } from "../log_query.js";
import { person } from "../names.js";
import { useAll } from "../paging.js";
import { link, route } from "../route.js";
import { read } from "../session.js";
import { rows } from "../store.js";
import { DrillTag, Empty } from "../parts/basic.js";
import { Files } from "../parts/files.js";
import { sentence } from "../parts/timeline.js";
import { MomentField } from "../parts/time_field.js";

/** What stands in the log; the last five only where they are asked for. */
const KINDS = [
  ...["message", "incident", "page", "delivery", "obligation", "submission", "instruction", "inward", "downward", "verification", "dispatch"],
  ...["checkin", "period", "check", "checkround", "proof", "pair", "pairing", "pairround", "linetest", "plan", "watch", "handover", "roster"],
  ...["leave", "holiday", "unitroster", "circular", "tally", "calendar", "fault", "use", "drill", "peer", "frame", "desk"],
  ...["user", "rules", "unit", "contact", "leader"],
];
/** How long one waits after a key before asking. */
const PAUSE = 300;

export function Log() {
  const { id } = route.value;
  const { entries, next, more, behind } = useLog();
  const counted = useCount(entries);
  return html`<main class=${`list-view two ${id ? "chosen" : ""}`}><section class="column log" aria-labelledby="list-title">
    <header class="column-head"><h2 id="list-title">${t("view.log")}</h2>
      <input type="search" class="filter wide" id="log-search" data-testid="log-search" aria-label=${t("log.search")} placeholder=${t("log.search")} value=${asked.value.q}
        onInput=${(/** @type {any} */ event) => set({ q: event.target.value })} /></header>
    <${Filters} />
    <div class="scroll" data-list="main">
      ${behind > 0 && html`<p class="hint">${t("log.behind", { n: behind })}</p>`}
      ${counted && html`<p class="hint" role="status" data-testid="log-count">${t(counted.more ? "log.count.more" : "log.count", { n: counted.count })}</p>`}
      <${Days} entries=${entries ?? []} chosen=${id} />
      ${next !== null && html`<button type="button" class="more" onClick=${more}>${t("log.more")}</button>`}
      ${entries?.length === 0 && next === null && html`<${Empty} title=${t(asked.value.q ? "empty.log.found" : "empty.log")} hint=${t("empty.log.hint")} />`}
    </div></section><${Kept} id=${id} /></main>`;
}

/** @param {Partial<import("../log_query.js").Asked>} change */
const set = (change) => {
  asked.value = { ...asked.value, ...change };
};

/** Pages of the log as asked for; the former ones stay until newer ones are there. */
function useLog() {
  const [found, setFound] = useState(/** @type {{entries: any[] | null, next: number | null, behind: number}} */ ({ entries: null, next: null, behind: 0 }));
  const now = asked.value;
  useEffect(() => {
    const abort = new AbortController();
    const wait = setTimeout(async () => {
      const answer = await read(pathOf(now, null), abort.signal);
      if (answer) setFound({ ...answer, behind: (answer.head ?? 0) - (answer.indexed ?? 0) });
    }, PAUSE * Number(found.entries !== null));
    return () => {
      clearTimeout(wait);
      abort.abort();
    };
  }, [now]);
  const more = async () => {
    const answer = await read(pathOf(now, found.next));
    if (answer) setFound({ ...found, entries: [...(found.entries ?? []), ...answer.entries], next: answer.next });
  };
  return { ...found, more };
}

/** How many the words find, asked once their first page stands. @param {any[] | null} entries */
function useCount(entries) {
  const [counted, setCounted] = useState(/** @type {{count: number, more: boolean, of: import("../log_query.js").Asked} | null} */ (null));
  const now = asked.value;
  useEffect(() => {
    if (!now.q || !entries?.length) return;
    const abort = new AbortController();
    void read(countPath(now), abort.signal).then((answer) => answer && setCounted({ ...answer, of: now }));
    return () => abort.abort();
  }, [now, entries?.[0]?.seq]);
  return now.q && counted?.of === now ? counted : null;
}

function Filters() {
  const now = asked.value;
  const { all: watches } = useAll("watch");
  const officers = [...rows("user").values()];
  /** @param {string} id */
  const ofWatch = (id) => {
    const one = watches.find((watch) => watch.id === id);
    set(one ? { from: minute(one.starts_at), to: minute(one.ended_at ?? one.ends_at) } : { from: "", to: "" });
  };
  return html`<details class="log-more" open=${innerWidth > 719}><summary>${t("log.filters")}</summary><form class="log-filters" role="search" aria-label=${t("log.filters")} onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
    <label>${t("log.watch")}<select data-testid="log-watch" onChange=${(/** @type {any} */ event) => ofWatch(event.target.value)}>
      <option value="">${t("log.any")}</option>
      ${watches.sort((a, b) => b.starts_at - a.starts_at).map((one) => html`<option value=${one.id}>${monthDay(one.starts_at)} ${one.name}</option>`)}</select></label>
    <${Moment} name="from" /><${Moment} name="to" />
    <label>${t("log.kind")}<select data-testid="log-kind" value=${now.kind} onChange=${(/** @type {any} */ event) => set({ kind: event.target.value })}>
      <option value="">${t("log.any")}</option>
      ${KINDS.map((kind) => html`<option value=${kind}>${t(`seen.${kind}`)}</option>`)}</select></label>
    <label>${t("log.person")}<select data-testid="log-person" value=${now.person} onChange=${(/** @type {any} */ event) => set({ person: event.target.value })}>
      <option value="">${t("log.any")}</option>
      ${officers.map((one) => html`<option value=${`user:${one.id}`}>${one.name}</option>`)}</select></label>
    <label>${t("incident")}<input type="text" data-testid="log-incident" value=${now.incident} placeholder=${t("log.incident.example")}
      onInput=${(/** @type {any} */ event) => set({ incident: event.target.value.trim() })} /></label>
    <label class="check"><input type="checkbox" data-testid="log-all" checked=${now.all} onChange=${(/** @type {any} */ event) => set({ all: event.target.checked })} />${t("log.all")}</label>
    <span class="buttons">
      <button type="button" class="quiet" onClick=${() => (asked.value = NOTHING)}>${t("log.clear")}</button>
      <a class="button" href=${`/documents/log${printQuery(now)}`} target="_blank" rel="noopener" data-testid="log-print">${t("log.print")}</a>
      <${Files} path="/documents/log" query=${printQuery(now)} /></span>
  </form></details>`;
}

/** @param {{name: "from" | "to"}} props */
function Moment({ name }) {
  return html`<label>${t(`log.${name}`)}<${MomentField} id=${`log-${name}`} value=${asked.value[name]} set=${(/** @type {string} */ said) => set({ [name]: said })} /></label>`;
}

/** @param {number} at */
const minute = (at) => full(at).slice(0, 16).replace(" ", "T");

/** Lines under the days they were written on. @param {{entries: any[], chosen: string}} props */
function Days({ entries, chosen }) {
  /** @type {Map<string, any[]>} */
  const days = new Map();
  for (const entry of entries) {
    const day = full(entry.at).slice(0, 10);
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days].map(
    ([day, lines]) => html`<section key=${day} aria-label=${day}><h3 class="log-day">${day} ${weekday(lines[0].at)}</h3>
      <ol class="log-lines">${lines.map((entry) => html`<${Line} key=${entry.seq} entry=${entry} chosen=${String(entry.seq) === chosen} />`)}</ol></section>`,
  );
}

/** @param {{entry: any, chosen: boolean}} props */
function Line({ entry, chosen }) {
  const about = incidentOf(entry);
  return html`<li class=${entry.drill ? "drill" : ""}><a href=${link("log", String(entry.seq))} data-row data-testid=${`log-${entry.seq}`} aria-current=${chosen ? "true" : undefined}>
    <time datetime=${new Date(entry.at / 1000).toISOString()}>${hhmmss(entry.at)}</time>
    <span class="log-who">${person(entry.by)}</span>
    <span class="log-said"><${DrillTag} on=${entry.drill} />${about && html`<span class="number">${about}</span> `}<${Found} text=${without(told(entry), person(entry.by))} /></span>
  </a></li>`;
}

/** The incident an entry is about: what belongs to one is named after it. @param {any} entry */
const incidentOf = (entry) => /\/(\d{8}-\d{3,})(?:-|$)/.exec(entry.stream)?.[1] ?? entry.body.incident ?? "";

/** Who did it stands in a column of its own, and is not said twice. @param {string} text @param {string} who */
const without = (text, who) => (who && text.startsWith(`${who} `) ? text.slice(who.length + 1) : text);

/** @param {any} entry */
function told(entry) {
  const { body, type } = entry;
  return type === "MessageRecorded" ? `${sentence(entry)} ${body.unit_name || body.sender_name || body.sender || ""}:${body.text}` : sentence(entry);
}

/** A text with the words looked for marked in it. @param {{text: string}} props */
function Found({ text }) {
  const words = asked.value.q.trim().split(/\s+/).filter(Boolean);
  if (!words.length) return text;
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "gi");
  return text.split(pattern).map((piece, n) => (n % 2 ? html`<mark>${piece}</mark>` : piece));
}

/** One entry as it is kept: raw, with its hash and the one before it. @param {{id: string}} props */
function Kept({ id }) {
  const [entry, setEntry] = useState(/** @type {any} */ (null));
  useEffect(() => {
    setEntry(null);
    if (id) void read(`log/${encodeURIComponent(id)}`).then(setEntry);
  }, [id]);
  if (!id || !entry)
    return html`<section class="column detail nothing"><${Empty} title=${t("empty.entry")} hint=${t("empty.entry.hint")} /></section>`;
  const facts = { seq: entry.seq, at: full(entry.at), by: entry.by, stream: `${entry.stream} · ${entry.version}`, type: entry.type, hash: entry.hash, previous: entry.previous };
  return html`<section class=${`column detail ${entry.drill ? "drill" : ""}`} aria-labelledby="detail-title" data-testid="log-entry">
    <header class="detail-head"><p class="detail-line"><a class="back" href=${link("log")} data-back>${t("back")}</a><${DrillTag} on=${entry.drill} /></p>
      <div class="detail-title-line"><h2 id="detail-title">${told(entry)}</h2></div></header>
    <div class="scroll" tabindex="-1"><dl class="kept">
      ${Object.entries(facts).map(([name, value]) => html`<div class="fact-line"><dt>${t(`entry.${name}`)}</dt><dd class="code">${value}</dd></div>`)}</dl>
      <h3>${t("entry.raw")}</h3><pre class="raw" tabindex="0">${JSON.stringify(entry.body, null, 2)}</pre>
      <p class="hint">${t("entry.proof")}</p></div></section>`;
}
