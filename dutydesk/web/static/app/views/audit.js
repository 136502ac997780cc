// @ts-check
/** 查验: the journal proved from the screen, its head to take away, a kept one compared, and who looked at what. */
import { useEffect, useRef, useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { sendNow } from "../actions.js";
import { full } from "../format.js";
import { t } from "../i18n.js";
import { person } from "../names.js";
import { seenAs } from "../seen.js";
import { me, read } from "../session.js";
import { Empty } from "../parts/basic.js";

const GONE_ON = 300; // milliseconds for which a verdict at once would look like none

export function Audit() {
  return html`<main class="list-view single"><section class="column" aria-labelledby="list-title">
    <header class="column-head"><h2 id="list-title">${t("view.audit")}</h2></header>
    <div class="scroll cards"><${Chain} /><${Kept} /><${Reads} /></div></section></main>`;
}

/** Walking the chain in slices. */
function Chain() {
  const [walk, setWalk] = useState(/** @type {any} */ (null));
  const [head, setHead] = useState(/** @type {any} */ (null));
  const running = useRef(false);
  useEffect(() => {
    void read("audit/checkpoint").then(setHead);
    return () => {
      running.current = false;
    };
  }, []);
  const start = async () => {
    running.current = true;
    const began = Date.now();
    let at = /** @type {any} */ ({ seq: 0 });
    while (running.current && !at.done && !at.broken) {
      const { seq, hash } = at;
      at = await sendNow("/api/audit/verify", hash ? { seq, hash } : {}).catch((error) => ({ failed: error.message }));
      if (at.failed) break;
      if (running.current) setWalk({ ...at, took: Date.now() - began });
    }
    if (at.failed) setWalk(at);
    if (Date.now() - began < GONE_ON) setHead(await read("audit/checkpoint"));
    running.current = false;
  };
  return html`<section class="card" aria-labelledby="chain-title"><h3 id="chain-title">${t("audit.chain")}</h3>
    <p class="hint">${t("audit.chain.told")}</p>
    <div class="buttons"><button type="button" class="primary" onClick=${start} data-testid="verify-journal">${t("audit.verify")}</button></div>
    <${Verdict} walk=${walk} />
    ${head && html`<dl class="plain"><div><dt>${t("audit.head")}</dt><dd class="number" data-testid="head">${head.seq}</dd></div>
      <div><dt>${t("audit.hash")}</dt><dd class="hash">${head.hash}</dd></div><div><dt>${t("audit.at")}</dt><dd>${full(head.at)}</dd></div></dl>
      <div class="buttons"><button type="button" onClick=${() => save(head)} data-testid="save-checkpoint">${t("audit.save")}</button></div>`}
  </section>`;
}

/** @param {{walk: any}} props */
function Verdict({ walk }) {
  if (!walk) return null;
  if (walk.failed) return html`<p class="verdict bad" role="alert">${walk.failed}</p>`;
  if (walk.broken) return html`<p class="verdict bad" role="alert" data-testid="verdict">${t("audit.broken")}<code lang="en">${walk.broken}</code></p>`;
  if (walk.done) return html`<p class="verdict good" role="status" data-testid="verdict">${t("audit.holds", { n: walk.head, s: (walk.took / 1000).toFixed(1) })}</p>`;
  return html`<p role="status"><progress max=${walk.head} value=${walk.seq} aria-label=${t("audit.verify")}></progress> ${walk.seq} / ${walk.head}</p>`;
}

/** Save the head as a file that `dutydesk verify --checkpoint` reads. @param {{seq: number, hash: string, at: number}} head */
function save({ seq, hash, at }) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify({ seq, hash, at })], { type: "application/json" }));
  link.download = `checkpoint-${seq}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** A checkpoint that was kept outside the building, compared. */
function Kept() {
  const [text, setText] = useState("");
  const [said, setSaid] = useState(/** @type {any} */ (null));
  const compare = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const found = /^\s*(\d+)[:\s]+([0-9a-f]{64})\s*$/.exec(text);
    try {
      const { seq, hash } = found ? { seq: Number(found[1]), hash: found[2] } : JSON.parse(text);
      setSaid(await sendNow("/api/audit/compare", { seq, hash }));
    } catch (error) {
      setSaid({ fits: false, why: error instanceof SyntaxError ? t("audit.unreadable") : /** @type {Error} */ (error).message });
    }
  };
  return html`<section class="card" aria-labelledby="kept-title"><h3 id="kept-title">${t("audit.kept")}</h3>
    <form onSubmit=${compare}><label for="kept-text" class="hint">${t("audit.kept.told")}</label>
      <textarea id="kept-text" rows="3" value=${text} onInput=${(/** @type {any} */ event) => setText(event.target.value)} data-testid="checkpoint"></textarea>
      <div class="buttons"><button type="submit" disabled=${!text.trim()} data-testid="compare">${t("audit.compare")}</button></div></form>
    ${said && (said.fits ? html`<p class="verdict good" role="status" data-testid="compared">${t("audit.fits")}</p>` : html`<p class="verdict bad" role="alert" data-testid="compared">${t("audit.differs")}<code lang="en">${said.why}</code></p>`)}
  </section>`;
}

/** The audit of reads: who looked at what. */
function Reads() {
  const [all, setAll] = useState(/** @type {any[] | null} */ (null));
  const able = ["administrator", "auditor"].includes(me.value?.role ?? "");
  const more = async () => {
    const found = await read(`reads${all?.length ? `?before=${all[all.length - 1].seq}` : ""}`);
    if (found) setAll([...(all ?? []), ...found.reads]);
  };
  useEffect(() => void (able && more()), []);
  if (!able) return null;
  return html`<section class="card wide" aria-labelledby="reads-title"><h3 id="reads-title">${t("audit.reads")}</h3>
    <p class="hint">${t("audit.reads.told")}</p>
    ${
      all?.length
        ? html`<div class="table-scroll" tabindex="0" role="region" aria-labelledby="reads-title"><table class="directory" data-testid="reads"><thead><tr><th>${t("audit.when")}</th><th>${t("audit.who")}</th><th>${t("audit.what")}</th></tr></thead>
      <tbody>${all.map((one) => html`<tr key=${one.seq}><td class="number">${full(one.at)}</td><td>${person(one.by)}</td><td title=${one.what}>${seenAs(one.what)}</td></tr>`)}</tbody></table></div>
      <button type="button" class="more" onClick=${more}>${t("more.page")}</button>`
        : html`<${Empty} title=${t("empty.reads")} hint=${t("empty.reads.hint")} />`
    }</section>`;
}
