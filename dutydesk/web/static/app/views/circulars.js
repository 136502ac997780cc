// @ts-check
/** 通报: the summaries that write themselves at the end of a watch. Every figure opens to the entries it was counted from. */
import { useEffect, useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { act, pending } from "../actions.js";
import { SECOND } from "../clocks.js";
import { clock, figure, hhmm, monthDay, took } from "../format.js";
import { t, word } from "../i18n.js";
import { person } from "../names.js";
import { useAll } from "../paging.js";
import { link, route } from "../route.js";
import { may, read } from "../session.js";
import { deliveriesAbout, row } from "../store.js";
import { Button, DrillTag, Empty } from "../parts/basic.js";
import { Delivery } from "../parts/calls.js";
import { Files } from "../parts/files.js";
import { ask } from "../parts/dialog.js";
import { Tally } from "../parts/tally.js";
import { Line } from "../parts/timeline.js";

export function Circulars() {
  const { all, older, loading } = useAll("circular");
  const { id } = route.value;
  const shown = all.sort((a, b) => b.ends_at - a.ends_at);
  return html`<main class=${`list-view two ${id ? "chosen" : ""}`}><section class="column" aria-labelledby="list-title">
    <header class="column-head"><h2 id="list-title">${t("view.circulars")}</h2><span class="count">
      ${shown.length}</span></header>
    <div class="scroll" data-list="main" role="list" aria-label=${t("view.circulars")}>
      ${shown.map(
        (one) => html`<div role="listitem" class=${`line-item ${one.drill ? "drill" : ""}`} key=${one.id}>
        <a href=${link("circulars", one.id)} data-row data-testid=${`circular-${one.id}`} aria-current=${one.id === id ? "true" : undefined}>
          <span class="line-title">${one.kind === "watch" ? `${monthDay(one.starts_at)} ${one.name}` : one.title}</span><span class="tag">${word("circular.of", one.kind)}</span><${DrillTag} on=${one.drill} />
          <span class="tag">${status(one)}</span><span class="last-word">${one.summary}</span></a></div>`,
      )}
      ${older && html`<button type="button" class="more" onClick=${older}>${t("more.page")}</button>`}
      ${!shown.length && !loading && html`<${Empty} title=${t("empty.circulars")} hint=${t("empty.circulars.hint")} />`}
    </div></section><${Circular} id=${id} circular=${row("circular", id) ?? all.find((one) => one.id === id)} />
      </main>`;
}

/** @param {any} one */
const status = (one) =>
  one.changed_since_issue && one.status === "issued" ? t("circular.changed") : word("circular", one.status);

/** From when to when, with its days: a circular is read long after. @param {any} one */
function during(one) {
  const [first, last] = [monthDay(one.starts_at), monthDay(one.ends_at)];
  return `${first} ${hhmm(one.starts_at)} – ${first === last ? "" : `${last} `}${hhmm(one.ends_at)}`;
}

/** What there was, large; what there was none of after it, each still a button. @param {{circular: any, drawer: any, open: (one: any) => void}} props */
function Counts({ circular, drawer, open }) {
  const none = (/** @type {any} */ one) => figure(one.value).face === "none" && one.unit !== "s";
  const cell = (/** @type {any} */ one) =>
    html`<${Counted} one=${one} circular=${circular} open=${drawer?.name === one.name} toggle=${() => open(drawer?.name === one.name ? null : one)} />`;
  const quiet = circular.figures.filter(none);
  return html`<div class="figure-row">${circular.figures.filter((/** @type {any} */ one) => !none(one)).map(cell)}</div>
    ${quiet.length > 0 && html`<div class="figure-row is-quiet">${quiet.map(cell)}</div>`}`;
}

/** @param {{id: string, circular: any}} props */
function Circular({ id, circular }) {
  const [drawer, setDrawer] = useState(/** @type {any} */ (null));
  useEffect(() => setDrawer(null), [id]);
  if (!circular)
    return html`<section class="column detail nothing">
      <${Empty} title=${t("empty.circular")} hint=${t("empty.circular.hint")} /></section>`;
  const sent = deliveriesAbout.value.get(`circular/${id}`) ?? [];
  return html`<section class=${`column detail circular ${circular.drill ? "drill" : ""}`} aria-labelledby="detail-title" data-testid="circular">
    <header class="detail-head">
      <p class="detail-line"><a class="back" href=${link("circulars")} data-back>${t("back")}</a><span>
        ${status(circular)}</span><${DrillTag} on=${circular.drill} />
        <span>${during(circular)}</span></p>
      <div class="detail-title-line"><h2 id="detail-title">${circular.kind === "watch" ? t("circular.title", { name: circular.name }) : circular.title}</h2></div>
      ${circular.document_number && html`<p class="detail-line"><span class="number" data-testid="document-number">${circular.document_number}</span></p>`}
      <${Acts} circular=${circular} />
    </header>
    <div class="scroll">
      ${circular.status === "requested" && html`<p class="hint">${t("circular.writing")}</p>`}
      ${circular.note && html`<p class="quote">${t("handover.note")}:${circular.note}</p>`}
      <p class="summary">${circular.summary}</p>
      <${Counts} circular=${circular} drawer=${drawer} open=${setDrawer} />
      ${drawer && html`<${Drawer} counted=${drawer} circular=${circular} shut=${() => setDrawer(null)} />`}
      <${Tally} circular=${circular} open=${setDrawer} />
      <${Items} items=${circular.items} />
      <${Corrections} circular=${circular} />
      <${Receipts} circular=${circular} sent=${sent} />
    </div></section>`;
}

/** @param {{circular: any}} props */
function Acts({ circular }) {
  const path = `circular/${circular.id}`;
  const first = circular.status === "drafted";
  const issue = () =>
    ask({
      title: t(first ? "issue.title" : "issue.again"),
      told: t("issue.told"),
      fields: [],
      submit: t("act.issue"),
      send: () => void act(`${path}/IssueCircular`, {}, { title: t("act.issue") }),
    });
  const ready = circular.status !== "requested";
  return html`<div class="buttons acts">
    ${ready && (first || circular.changed_since_issue) && may("circular", "IssueCircular") && html`<${Button} label=${t("act.issue")} hot="s" primary=${true} busy=${pending(path)?.status === "sending"} press=${issue} id="issue" />`}
    ${ready && may("circular", "CorrectCircular") && html`<${Button} label=${t("correct.summary")} press=${() => correct(circular, "summary", circular.summary)} id="correct-summary" />`}
    ${first && may("circular", "EditCircular") && html`<${Button} label=${t("circular.edit")} press=${() => edit(circular)} id="edit-circular" />`}
    <a class="button" href=${`/circulars/${encodeURIComponent(circular.id)}`} target="_blank" rel="noopener">
      ${t("circular.page")}</a>
    <a class="button" href=${`/circulars/${encodeURIComponent(circular.id)}?export=1`}>${t("circular.export")}</a>
    ${ready && html`<${Files} path=${`/circulars/${encodeURIComponent(circular.id)}`} />`}
  </div>`;
}

/** The whole draft as text: what a paragraph was made of keeps its link as long as its first line stands. @param {any} circular */
function edit(circular) {
  ask({
    title: t("circular.edit"),
    told: t("circular.edit.told"),
    fields: [
      { name: "summary", label: t("correct.text"), kind: "long", value: circular.summary },
      { name: "items", label: t("circular.edit.items"), kind: "long", optional: true, value: circular.items.map((/** @type {any} */ one) => one.text).join("\n\n") },
    ],
    submit: t("circular.edit"),
    send: ({ summary, items }) => {
      const known = new Map(circular.items.map((/** @type {any} */ one) => [one.text.split("\n")[0], one]));
      const told = (items ?? "").split(/\n\s*\n/).map((/** @type {string} */ text) => text.trim()).filter(Boolean);
      const kept = told.map((/** @type {string} */ text) => ({ stream: "", state: "", section: circular.items[0]?.section ?? "", ...known.get(text.split("\n")[0]), text }));
      void act(`circular/${circular.id}/EditCircular`, { summary, items: kept }, { title: t("circular.edit") });
    },
  }); // prettier-ignore
}

/** @param {any} circular @param {string} name @param {string} value */
function correct(circular, name, value) {
  ask({
    title: t("correct.title", { name: name === "summary" ? t("correct.text") : word("counted", name) }),
    told: t("correct.told"),
    fields: [
      {
        name: "value",
        label: t("correct.value"),
        value,
        kind: name === "summary" ? "long" : "number",
        optional: name !== "summary",
        hint: name === "summary" ? undefined : t("correct.hint"),
      },
      { name: "reason", label: t("reason") },
    ],
    submit: t("act.correct"),
    send: (values) =>
      void act(`circular/${circular.id}/CorrectCircular`, { name, ...values }, { title: t("act.correct") }),
  });
}

/** A count, or how long something took: no seconds are a time and not 无. @param {any} one */
function measured(one) {
  if (one.unit === "s" && one.value !== null) return took(one.value * SECOND);
  return one.unit === "min" && one.value ? t("took.whole_minutes", { n: one.value }) : figure(one.value).text;
}

/** A count as a button. An unmeasured one is 不详, never 0. @param {{one: any, circular: any, open: boolean, toggle: () => void}} props */
function Counted({ one, circular, open, toggle }) {
  const mended = circular.corrections.some((/** @type {any} */ done) => done.name === one.name);
  return html`<button type="button" class=${`figure-cell is-${figure(one.value).face}`} aria-expanded=${open} onClick=${toggle} data-testid=${`count-${one.name}`}>
    <span class="figure-name">${word("counted", one.name)}</span>
    <span class="figure-value">${measured(one)}</span>
    ${mended && html`<span class="figure-note">${t("corrected")}</span>`}
  </button>`;
}

/** The entries behind a figure. @param {{counted: any, circular: any, shut: () => void}} props */
function Drawer({ counted, circular, shut }) {
  const [entries, setEntries] = useState(/** @type {any[] | null} */ (null));
  useEffect(() => {
    setEntries(null);
    const wanted = counted.seqs.slice(0, 500);
    if (!wanted.length) setEntries([]);
    else void read(`entries?seqs=${wanted.join(",")}`).then((answer) => setEntries(answer?.entries ?? []));
  }, [counted.label, counted.name, counted.seqs.join()]);
  return html`<section class="drawer" aria-label=${word("counted", counted.name)} data-testid="drawer">
    <header><h3>${t("drawer.title", { name: counted.label ?? word("counted", counted.name), n: counted.seqs.length })}</h3>
      ${!counted.label && may("circular", "CorrectCircular") && html`<button type="button" onClick=${() => correct(circular, counted.name, counted.value === null ? "" : String(counted.value))} data-testid="correct">${t("act.correct")}</button>`}
      <button type="button" class="quiet" onClick=${shut}>${t("shut")}</button></header>
    ${entries?.length === 0 && html`<p class="hint">${t("drawer.none")}</p>`}
    <ol class="timeline">
      ${(entries ?? []).map((entry) => html`<${Line} key=${entry.seq} entry=${entry} read=${new Map()} before=${null} />`)}</ol>
  </section>`;
}

/** @param {{items: any[]}} props */
function Items({ items }) {
  const sections = [...new Set(items.map((one) => one.section))];
  return sections.map(
    (section) => html`<section><h3>${section ? word("section", section) : t("circular.items")}</h3><${List} items=${items.filter((one) => one.section === section)} /></section>`,
  );
}

/** @param {{items: any[]}} props */
function List({ items }) {
  return html`<ul class="items">
    ${items.map(
      (one) => html`<li class="kept-lines">${
        one.stream.startsWith("incident/")
          ? html`<a href=${link("incidents", one.stream.slice(9))}>
        ${one.text}</a>`
          : one.text
      }
      ${one.state && html`<span class="tag">${word("status", one.state)}</span>`}</li>`,
    )}</ul>`;
}

/** @param {{circular: any}} props */
function Corrections({ circular }) {
  if (!circular.corrections.length) return null;
  return html`<section><h3>${t("corrections")}</h3><ul class="items">
    ${circular.corrections.map(
      (/** @type {any} */ one) => html`<li>
      ${t("correction.line", { name: one.name === "summary" ? t("correct.text") : word("counted", one.name), former: one.former || t("figure.unknown"), value: one.value || t("figure.unknown"), by: person(one.by), reason: one.reason })}</li>`,
    )}</ul></section>`;
}

/** Who got it, and who opened it when. @param {{circular: any, sent: any[]}} props */
function Receipts({ circular, sent }) {
  if (!circular.issues.length) return null;
  const opened = new Map(circular.opened);
  return html`<section><h3>${t("receipts")}</h3>
    ${circular.issues.map(
      (/** @type {any} */ issue) => html`<ul class="items">
      ${issue.to.map(
        (
          /** @type {any} */ to,
          /** @type {number} */ n,
        ) => html`<li><b>${issue.names[n] || person(to.callee)}</b> ${word("how", to.how)}
        <span class="tag">${opened.has(to.callee) ? t("receipt.opened", { time: clock(/** @type {number} */ (opened.get(to.callee))) }) : t("receipt.not")}</span></li>`,
      )}
      ${issue.missing.map(
        (/** @type {string} */ who) => html`<li><b>${person(who)}</b> <span class="tag outlined">
        ${t("receipt.nowhere")}</span></li>`,
      )}</ul>`,
    )}
    ${
      sent.length > 0 &&
      html`<ul class="deliveries">
      ${sent.map((one) => html`<${Delivery} key=${one.id} delivery=${one} />`)}</ul>`
    }
  </section>`;
}
