// @ts-check
/** 名录: find a unit, a contact, a leader by name, number or pinyin initials. */
import { useEffect, useState } from "../../vendor/preact/hooks.js";
import { html } from "../../vendor/htm/preact.js";
import { phone } from "../format.js";
import { t, word } from "../i18n.js";
import { route } from "../route.js";
import { read } from "../session.js";
import { Empty } from "../parts/basic.js";
import { Coverage } from "../parts/coverage.js";
import { Pairs, standing } from "../parts/pairs.js";

export function Directory() {
  const [words, setWords] = useState(route.value.id);
  const [found, setFound] = useState(/** @type {any[] | null} */ (null));
  useEffect(() => {
    if (!words.trim()) return setFound(null);
    const abort = new AbortController();
    const wait = setTimeout(async () => {
      const answer = await read(`directory?q=${encodeURIComponent(words.trim())}`, abort.signal);
      if (answer) setFound(answer.found);
    }, 150);
    return () => (clearTimeout(wait), abort.abort());
  }, [words]);
  return html`<main class="list-view single"><section class="column" aria-labelledby="list-title">
    <header class="column-head"><h2 id="list-title">${t("view.directory")}</h2>
      <input type="search" class="filter wide" autofocus placeholder=${t("directory.find")} aria-label=${t("directory.find")} value=${words} data-testid="directory-search"
        onInput=${(/** @type {any} */ event) => setWords(event.target.value)} /></header>
    <div class="scroll">
      ${
        found?.length
          ? html`<table class="directory"><thead><tr><th>${t("directory.name")}</th><th>${t("directory.unit")}</th>
            <th>${t("directory.role")}</th><th>${t("directory.phone")}</th></tr></thead>
        <tbody>${found.map(
          (one) => html`<tr key=${one.kind + one.id} data-testid=${`found-${one.id}`}><td><b>${one.name}</b></td><td>
            ${one.kind === "unit" ? "" : one.unit_name}</td>
          <td>${[word("listed", one.kind), one.kind === "contact" ? t("directory.order", { role: one.role }) : one.post].filter(Boolean).join(" · ")}
            ${one.pair && html`<p class="hint" data-testid=${`found-pair-${one.id}`}>${paired(one.pair)}</p>`}</td>
          <td class="number">${phone(one.phone)}</td></tr>`,
        )}</tbody></table>`
          : html`<${Empty} title=${t(found ? "empty.found" : "empty.directory")} hint=${t(found ? "empty.found.hint" : "empty.directory.hint")} />`
      }
      ${!words.trim() && html`<${Coverage} /><${Pairs} />`}
    </div></section></main>`;
}

/** 互建 of a unit, or how many of a town's pairs are complete. @param {any} pair */
const paired = (pair) => ("pairs" in pair ? t("pair.of_town", pair) : `${t("act.pair.ask")}: ${standing(pair)}`);
