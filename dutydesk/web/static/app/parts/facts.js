// @ts-check
/** What is known about an incident: facts that can be mended with a reason, figures that open to their sources. */
import { useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { disputed, history } from "../detail.js";
import { channel, figure, hhmm, isoClock, sender } from "../format.js";
import { t, word } from "../i18n.js";
import { person } from "../names.js";
import { may } from "../session.js";
import { fixFact, fixFigure } from "./incident_acts.js";

const FACTS = ["occurred_at", "discovered_at", "place_text", "category", "subtype", "level"];
/** What has a line of its own. */
const WIDE = new Set(["place_text"]);
const FIXABLE = new Set(["title", "category", "code", "level", "place_text", "occurred_at", "discovered_at"]);
const TIMES = new Set(["occurred_at", "discovered_at"]);
const ALWAYS = ["deaths", "injured", "missing"];
const ALL = [
  "deaths",
  "injured",
  "seriously_injured",
  "missing",
  "trapped",
  "rescued",
  "ill",
  "evacuated",
  "affected",
  "households",
  "direct_loss_cny",
  "area_m2",
];

/** @param {{incident: any, timeline: any[]}} props */
export function Facts({ incident, timeline }) {
  return html`<section class="facts" aria-label=${t("facts")}>
    <dl>
      ${FACTS.map((name) => html`<${Fact} name=${name} incident=${incident} />`)}
      <${Proposed} incident=${incident} />
      <div class="fact-line"><dt>${t("field.unit")}</dt><dd>${incident.unit_name || unknown()}</dd></div>
    </dl>
    <${Figures} incident=${incident} timeline=${timeline} />
  </section>`;
}

const unknown = () => html`<span class="unknown">${t("figure.unknown")}</span>`;

/** @param {{name: string, incident: any}} props */
function Fact({ name, incident }) {
  const value = incident[name];
  const shown = TIMES.has(name) && value ? isoClock(value) : word(name, value);
  const fixable = FIXABLE.has(name) && incident.open && may("incident", "FixFact");
  return html`<div class=${`fact-line ${WIDE.has(name) ? "wide" : ""}`} data-keys><dt>${word("field", name)}</dt>
    <dd title=${value || ""}>${shown || unknown()}
      ${
        fixable &&
        html`<button type="button" class="link fix" onClick=${() => fixFact(incident, name)} aria-label=${t("fix.label", { name: word("field", name) })}
        data-key="e" data-scope="row" data-testid=${`fix-${name}`}>${t("fix")}</button>`
      }
    </dd></div>`;
}

/** What the figures reach, where that is not the level it has. @param {{incident: any}} props */
function Proposed({ incident }) {
  const lines = proposed(incident);
  if (!lines.length) return null;
  return html`<div class="fact-line" data-testid="level-proposed"><dt></dt><dd>${lines.join(";")}</dd></div>`;
}

/** @param {any} incident @returns {string[]} */
function proposed({ level, proposed: found }) {
  if (!found) return [];
  const reached = word("level", found.level);
  const lines = [];
  if (found.level && found.level !== level) lines.push(t("level.reached", { level: reached }));
  if (found.certain !== found.level)
    lines.push(t(found.certain ? "level.certain" : "level.certain_none", { level: word("level", found.certain), reached }));
  if (found.hint !== found.level && found.hint !== level) lines.push(t("level.hint", { level: word("level", found.hint) }));
  return lines;
}

/** @param {{incident: any, timeline: any[]}} props */
function Figures({ incident, timeline }) {
  const [open, setOpen] = useState("");
  const names = ALL.filter(
    (name) => ALWAYS.includes(name) || incident.figures[name] || history(name, incident, timeline).length,
  );
  return html`<div class="figure-table" role="group" aria-label=${t("figures")}>
    <div class="figure-row">
      ${names.map((name) => html`<${Opening} name=${name} incident=${incident} timeline=${timeline} open=${open === name} toggle=${() => setOpen(open === name ? "" : name)} />`)}
    </div>
    ${open && html`<${Sources} name=${open} incident=${incident} timeline=${timeline} />`}
  </div>`;
}

/** A figure as a button that opens its sources, and the key that corrects it. @param {{name: string, incident: any, timeline: any[], open: boolean, toggle: () => void}} props */
function Opening({ name, incident, timeline, open, toggle }) {
  const now = incident.figures[name];
  const two = now?.fixed_by ? [] : disputed(history(name, incident, timeline));
  const doubts = new Set((now?.doubts ?? []).map((/** @type {string} */ doubt) => word("doubt", doubt)));
  if (two.length) doubts.add(t("disputed"));
  const shown = figure(two.length ? two[0].value : now?.value).text;
  const others = two.slice(1).map((one) => ` / ${figure(one.value).text}`);
  const look = doubts.size ? "disputed" : figure(now?.value).face;
  return html`<span class="figure-box" data-keys>
    <button type="button" class=${`figure-cell is-${look}`} aria-expanded=${open} onClick=${toggle} data-testid=${`figure-${name}`}>
      <span class="figure-name">${word("field", name)}</span><span class="figure-value">${shown}${others.length > 0 && html`<span class="figure-others">${others}</span>`}</span>
      ${doubts.size > 0 && html`<span class="figure-note">${[...doubts].join("、")}</span>`}
      ${now?.fixed_by && html`<span class="figure-note">${t("corrected")}</span>`}
    </button>
    ${
      incident.open &&
      may("incident", "FixFigure") &&
      html`<button type="button" class="link fix" data-key="e" data-scope="row" onClick=${() => fixFigure(incident, name)}
      aria-label=${t("fix.figure.title", { name: word("field", name) })} data-testid=${`fix-${name}`}>${t("fix")}</button>`
    }
  </span>`;
}

/** Every value that came, from whom and when. @param {{name: string, incident: any, timeline: any[]}} props */
function Sources({ name, incident, timeline }) {
  const said = history(name, incident, timeline);
  const now = incident.figures[name];
  if (!said.length && !now?.fixed_by)
    return html`<p class="sources hint">${t("figure.silent", { name: word("field", name) })}</p>`;
  return html`<ol class="sources" aria-label=${word("field", name)}>
    ${
      now?.fixed_by &&
      html`<li><span class="time">${hhmm(now.at)}</span><span class="figure-value">${figure(now.value).text}</span>
      <span>${t("fixed.by", { by: person(now.fixed_by), reason: now.reason })}</span></li>`
    }
    ${said.map(
      (one) => html`<li>
      <span class="time">${one.message ? hhmm(one.at) : ""}</span>
      <span class=${`figure-value ${one.unknown ? "unknown" : ""}`}>
        ${one.unknown ? t("figure.checking") : figure(one.value).text}</span>
      <span>${one.message ? `${sender(one.message)} · ${channel(one.message)} ${one.message.number}` : one.id}</span>
      ${one.asOf && html`<span class="hint">${t("as_of", { time: isoClock(one.asOf) })}</span>`}
    </li>`,
    )}
  </ol>`;
}
