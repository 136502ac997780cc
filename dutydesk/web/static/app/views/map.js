// @ts-check
/**
 * 地图: a schematic of districts and towns, drawn by us as tiles and cells; no boundary and no area is meant by it. What is open
 * stands where it happened, in the colour of its level; a town opens to its incidents and units.
 */
import { useEffect, useMemo, useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { t } from "../i18n.js";
import { link, route } from "../route.js";
import { read } from "../session.js";
import { strips } from "../store.js";
import { Empty, numeral } from "../parts/basic.js";
import { Strip } from "../parts/strips.js";

const [WIDE, HIGH] = [146, 100]; // units of the drawing for one cell of a tile
const HEAD = 40; // for the name of the district
const GAP = 6;
const ORDER = ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", ""];

/**
 * @typedef {{division: string, name: string, short: string, units: Array<{code: string, name: string, industry: string}>}} Town
 * @typedef {{division: string, name: string, x: number, y: number, w: number, h: number, towns: Town[]}} District
 */

export function Map_() {
  const [districts, setDistricts] = useState(/** @type {District[] | null} */ (null));
  useEffect(() => {
    void read("map").then((found) => setDistricts(found?.districts ?? []));
  }, []);
  const id = route.value.id;
  return html`<main class=${`map-view ${id ? "chosen" : ""}`}>
    <section class="column" aria-labelledby="map-title">
      <header class="column-head"><h2 id="map-title">${t("view.map")}</h2><span class="hint">${t("map.schematic")}</span><span class="sorted map-legend">${t("map.legend")}</span></header>
      <div class="map-scroll" tabindex="0" role="region" aria-label=${t("view.map")}>
        ${districts && (districts.length ? html`<${Drawing} districts=${districts} />` : html`<${Empty} title=${t("empty.map")} hint=${t("empty.map.hint")} />`)}
      </div>
    </section>
    <${Side} districts=${districts ?? []} id=${id} />
  </main>`;
}

/** Open incidents by the division in which they lie. */
function byDivision() {
  /** @type {Map<string, any[]>} */
  const found = new Map();
  for (const one of strips.value) found.set(one.division, [...(found.get(one.division) ?? []), one]);
  return found;
}

/** The gravest level among incidents, as a numeral. @param {any[]} incidents */
const gravest = (incidents) =>
  ORDER.find((level) => incidents.some((one) => (numeral(one.level) || "") === level)) ?? "";

/** @param {{districts: District[]}} props */
function Drawing({ districts }) {
  const open = byDivision();
  const [wide, high] = [
    Math.max(...districts.map((one) => one.x + one.w)) * WIDE,
    Math.max(...districts.map((one) => one.y + one.h)) * HIGH,
  ];
  return html`<svg class="map" viewBox=${`0 0 ${wide} ${high}`} data-testid="map">
    ${districts.map((one) => html`<${Tile} key=${one.division} district=${one} open=${open} />`)}
  </svg>`;
}

/** @param {{district: District, open: Map<string, any[]>}} props */
function Tile({ district, open }) {
  const [x, y, w, h] = [district.x * WIDE, district.y * HIGH, district.w * WIDE, district.h * HIGH];
  const cells = useMemo(() => grid(district.towns, w - 2 * GAP, h - HEAD - 2 * GAP), [district]);
  const unplaced = [...open].filter(([division]) => division === district.division).flatMap(([, found]) => found);
  return html`<g transform=${`translate(${x} ${y})`} data-testid=${`district-${district.division}`}>
    <rect class="map-tile" x="3" y="3" width=${w - 6} height=${h - 6} rx="8" />
    <${Spot} what=${{ division: district.division, short: district.name, units: [] }} incidents=${unplaced} x=${GAP + 4} y=${GAP} w=${w - 2 * GAP - 8} h=${HEAD} head=${true} />
    ${cells.map(({ town, ...at }) => html`<${Spot} key=${town.division} what=${town} incidents=${open.get(town.division) ?? []} x=${at.x + GAP} y=${at.y + HEAD + GAP} w=${at.w} h=${at.h} />`)}
  </g>`;
}

/** Cells of equal size, by code, in as many columns as keep them wider than high. @param {Town[]} towns @param {number} w @param {number} h */
function grid(towns, w, h) {
  const columns = Math.max(1, Math.min(towns.length, Math.round(Math.sqrt((towns.length * w) / h / 2.2))));
  const lines = Math.max(1, Math.ceil(towns.length / columns));
  const [cw, ch] = [w / columns, h / lines];
  return towns.map((town, n) => ({ town, x: (n % columns) * cw, y: Math.floor(n / columns) * ch, w: cw, h: ch }));
}

/** @param {{what: {division: string, short: string, units: any[]}, incidents: any[], x: number, y: number, w: number, h: number, head?: boolean}} props */
function Spot({ what, incidents, x, y, w, h, head }) {
  const busy = incidents.length > 0;
  const level = busy ? gravest(incidents) || "–" : "";
  const chosen = route.value.id === what.division;
  const told = incidents.length ? t("map.told", { name: what.short, n: incidents.length }) : what.short;
  const size = head ? 24 : Math.min(22, h * 0.5, (w - 16) / Math.max(3.4, what.short.length + (busy ? 2.6 : 0)));
  return html`<a href=${link("map", what.division)} aria-label=${told} aria-current=${chosen ? "true" : undefined} data-testid=${`place-${what.division}`}
    class=${["map-spot", head && "head", busy && "busy", incidents.some((one) => !one.signed_by) && "unsigned"].filter(Boolean).join(" ")} data-level=${level}>
    <rect x=${x + 2} y=${y + 2} width=${w - 4} height=${h - 4} rx="4" />
    <text x=${head || busy ? x + 10 : x + w / 2} y=${y + h / 2 + 1} font-size=${size} text-anchor=${head || busy ? "start" : "middle"} dominant-baseline="central">${what.short}</text>
    ${busy && html`<text class="map-count" x=${x + w - 10} y=${y + h / 2 + 1} font-size=${size} text-anchor="end" dominant-baseline="central">${numerals(level)}${incidents.length}</text>`}
    ${!head && what.units.length > 0 && html`<circle class="map-unit" cx=${x + 8} cy=${y + 9} r="2.5" />`}
  </a>`;
}

/** @param {string} level */
const numerals = (level) => (level === "–" ? "" : `${level} `);

/** What lies in the chosen place, or everything that is open. @param {{districts: District[], id: string}} props */
function Side({ districts, id }) {
  const district = districts.find((one) => id && id.startsWith(one.division));
  const town = district?.towns.find((one) => one.division === id);
  const found = strips.value.filter((one) => one.division.startsWith(id));
  return html`<section class="column map-side" aria-labelledby="side-title">
    <header class="column-head"><h2 id="side-title">${town?.name ?? district?.name ?? t("map.all")}</h2><span class="count">${found.length}</span>
      ${id && html`<a class="sorted" href=${link("map")} data-back>${t("map.all")}</a>`}</header>
    <div class="scroll" data-list="main" role="list" aria-label=${t("incidents")}>
      ${found.map((one) => html`<${Strip} key=${one.id} incident=${one} />`)}
      ${!found.length && html`<${Empty} title=${t("empty.incidents")} hint=${t(id ? "map.quiet" : "map.choose")} />`}
    </div>
    ${town?.units.length ? html`<section class="map-units"><h3>${t("map.units")}</h3><ul>${town.units.map((one) => html`<li>${one.name} <span class="hint">${one.industry}</span></li>`)}</ul></section>` : ""}
  </section>`;
}
