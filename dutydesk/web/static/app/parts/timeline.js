// @ts-check
/** What happened, one column, the newest at the bottom; each entry a sentence, the raw text of a message in full. */
import { useEffect, useRef, useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { idOf, readings } from "../detail.js";
import { channel, clock, figure, full, hhmm, monthDay, sender, took } from "../format.js";
import { t, word } from "../i18n.js";
import { clockName, person, sentBy } from "../names.js";
import { past, pastAt } from "../past.js";
import { Attachments } from "./attachments.js";
import { DrillTag, Marked } from "./basic.js";
import { flagName } from "./flags.js";
import { Understood } from "./waiting.js";

// Steps of the machine that repeat what another entry already says; shown on wish.
const QUIET = new Set([
  "MessageRead",
  "MessageReceipted",
  "MessageOpened",
  "MessageAttached",
  "ReportAdded",
  "PageCalled",
  "DeliveryQueued",
  "DeliveryStarted",
  "DeliveryAccepted",
  "DeliveryStatusChanged",
  "DeliveryCancelled",
  "IncidentTookOver",
  "IncidentGaveBack",
  "CircularOpened",
  "ObligationOpened", // the incident says the same: ClockStarted
]);

/** @param {{timeline: any[], label?: string}} props */
export function Timeline({ timeline, label = t("timeline") }) {
  const [all, setAll] = useState(false);
  const end = useRef(/** @type {HTMLElement | null} */ (null));
  const read = readings(timeline);
  const shown = all ? timeline : timeline.filter((entry) => !QUIET.has(entry.type));
  const hidden = timeline.length - shown.length;
  const before = useRef(0);
  useEffect(() => {
    const box = end.current?.closest(".scroll");
    const atEnd = box && box.scrollTop > 0 && box.scrollHeight - box.scrollTop - box.clientHeight < 160;
    if (atEnd && before.current && timeline.length > before.current) end.current?.scrollIntoView({ block: "end" });
    before.current = timeline.length;
  }, [timeline.length]);
  return html`<section class="timeline" aria-label=${label} data-testid="timeline">
    <h3>${label}
      ${(hidden > 0 || all) && html`<button type="button" class="link" aria-pressed=${all} onClick=${() => setAll(!all)}>${all ? t("timeline.less") : t("timeline.more", { n: hidden })}</button>`}
    </h3>
    <ol>${shown.map((entry, n) => html`<${Line} key=${entry.seq} entry=${entry} read=${read} before=${shown[n - 1]} />`)}</ol>
    <span ref=${end}></span>
  </section>`;
}

/** @param {{entry: any, read: Map<string, any>, before: any}} props */
export function Line({ entry, read, before }) {
  const newDay = before && monthDay(before.at) !== monthDay(entry.at);
  return html`<li class=${`entry ${entry.drill ? "drill" : ""}`} data-type=${entry.type}>
    <time class="time" title=${`${full(entry.at)} · #${entry.seq}`} datetime=${new Date(entry.at / 1000).toISOString()}>${newDay ? `${monthDay(entry.at)} ` : ""}${hhmm(entry.at)}</time>
    ${!pastAt && html`<a class="then" href=${past(entry.at)} target="_blank" rel="noopener" title=${t("past.then")} aria-label=${`${t("past.then")} ${full(entry.at)}`}>↺</a>`}
    <div class="entry-body"><${DrillTag} on=${entry.drill} /><${Said} entry=${entry} read=${read} /></div>
  </li>`;
}

/** @param {{entry: any, read: Map<string, any>}} props */
function Said({ entry, read }) {
  const { body, type } = entry;
  if (type !== "MessageRecorded") return html`<p>${sentence(entry)}</p>`;
  const reading = read.get(idOf(entry));
  return html`<p class="entry-head">${sender(body)} · ${channel(body)} <span class="number">${body.number}</span></p>
    <p class="quote"><${Marked} text=${body.text} reading=${reading} /></p>
    <${Attachments} media=${body.media} />
    ${body.channel === "call" && html`<a class="paper-link" href=${`/documents/phone/${encodeURIComponent(idOf(entry))}`} target="_blank" rel="noopener">${t("paper.phone")}</a>`}
    <${Understood} reading=${reading} />`;
}

/** An entry as a sentence; a type we have no words for is shown by its name. @param {any} entry */
export function sentence({ type, body, by, stream }) {
  const key = `event.${type}${type.startsWith("Verification") && body.asks === "guidance" ? ".guidance" : ""}`;
  const text = t(key, { ...values(body, by), ...(LEGAL.test(type) ? ofClock(body, stream) : {}) });
  return text === key ? type : text.replace(/[,,::]\s*$/, "");
}

const LEGAL = /^(Obligation|ClockStarted|FlagsSet)/;

/** What the entries of a legal clock say. @param {any} body @param {string} stream */
function ofClock(body, stream) {
  return {
    clock: body.rule?.title ?? clockName(stream),
    due: body.due_at ? clock(body.due_at) : "",
    told: body.told_at ? clock(body.told_at) : "",
    late: body.late_by > 0 ? `,${t("legal.late_by", { took: took(body.late_by) })}` : "",
    note: body.note ? `,${body.note}` : "",
    flags: (body.flags ?? []).map(flagName).join("、") || t("figure.none"),
    reason: body.reason ?? "",
  };
}

/** @param {any} body @param {string} by */
function values(body, by) {
  const calls = (body.calls ?? []).map(
    (/** @type {any} */ call, /** @type {number} */ n) =>
      `${body.names?.[n] || person(call.callee)}(${word("how", sentBy(call.how))})`,
  );
  return {
    attached: (body.files ?? []).map((/** @type {any} */ file) => file.name || file.digest?.slice(0, 12)).join("、"),
    due: typeof body.next_at === "number" ? clock(body.next_at) : "",
    turn: word("turn", body.status),
    ...Object.fromEntries(Object.entries(body).filter(([, value]) => ["string", "number"].includes(typeof value))),
    by: person(body.by || by),
    who: person(body.who ?? body.callee ?? body.username),
    to: typeof body.to === "string" ? person(body.to) : body.to?.name ?? "",
    ...(body.to?.answer_by ? { unit: body.to.name, due: clock(body.to.answer_by) } : {}),
    how: word("how", body.how),
    why: word("why", body.why ?? body.reason) || "",
    reason: body.reason ? word("held", body.reason) : "",
    name: word("field", body.name),
    value: word(body.name ?? "", body.value) || (body.value === undefined ? "" : figure(body.value).text),
    outcome: word("outcome", body.outcome),
    status: word("delivery", body.status),
    truth: word("truth", body.truth),
    side: word("pair.side", body.side),
    listed: (body.unit?.name ?? body.contact?.name ?? body.leader?.name) || "",
    level: word("level", body.level),
    policy: word("policy", typeof body.policy === "string" ? body.policy : body.policy?.name),
    code: word("code", body.code) === body.code ? word("delivery", body.code) : word("code", body.code),
    arrived: t(body.arrived ? "act.arrived" : "act.not_arrived"),
    calls: calls.join("、") || t("calls.console"),
    ...(typeof body.step === "string" ? {} : { step: (body.step ?? 0) + 1 }), // a step of a plan has a name
  };
}
