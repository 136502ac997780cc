// @ts-check
/** Towns and enterprises without a proven A and B contact, in the directory view. */
import { html } from "../../vendor/htm/preact.js";
import { act } from "../actions.js";
import { full } from "../format.js";
import { t } from "../i18n.js";
import { useTold } from "../paging.js";
import { may } from "../session.js";
import { ask } from "./dialog.js";

const SHOWN = 50;

export function Coverage() {
  const told = useTold("coverage", ["proof"]);
  if (!told) return null;
  const left = told.lines.length - SHOWN;
  return html`<section aria-labelledby="coverage-title" data-testid="coverage"><h3 id="coverage-title">${t("coverage")}</h3>
    <p class="hint">${t("coverage.told", { units: told.units, covered: told.covered, days: told.every_days })}</p>
    <p class="buttons"><a class="button" href="/coverage.xlsx" data-testid="coverage-xlsx">${t("statistics.xlsx")}</a></p>
    ${told.lines.length ? html`<table class="directory"><thead><tr><th scope="col">${t("directory.unit")}</th><th scope="col">${t("coverage.lacks")}</th></tr></thead>
      <tbody>${told.lines.slice(0, SHOWN).map((/** @type {any} */ line) => html`<tr key=${line.unit}><td><b>${line.name}</b></td>
        <td>${line.lacks.map((/** @type {any} */ one) => html`<${Lack} key=${one.role} one=${one} />`)}</td></tr>`)}</tbody></table>` : html`<p>${t("coverage.all")}</p>`}
    ${left > 0 && html`<p class="hint">${t("coverage.more", { n: left })}</p>`}
  </section>`;
}

/** @param {{one: any}} props */
function Lack({ one }) {
  if (!one.contact) return html`<p>${t("coverage.none", { role: one.role })}</p>`;
  const since = one.proven_at ? t("coverage.since", { date: full(one.proven_at).slice(0, 10) }) : t("coverage.never");
  const when = one.asking ? t("coverage.asking") : since;
  const reached = () =>
    ask({
      title: t("proof.reached.title", { name: one.name }),
      told: t("proof.reached.told"),
      fields: [],
      submit: t("act.reached"),
      send: () => act(`proof/${one.contact}/MarkProven`, { contact: one.contact }, { title: t("act.reached") }),
    });
  const prove = () => void act(`proof/${one.contact}/AskProof`, { contact: one.contact }, { title: t("act.prove", { role: one.role }) });
  return html`<p>${t("coverage.old", { role: one.role, name: one.name, when })}
    ${!one.asking && may("proof", "AskProof") && html` <button type="button" class="link" onClick=${prove}>${t("act.prove", { role: one.role })}</button>`}
    ${may("proof", "MarkProven") && html` <button type="button" class="link" onClick=${reached} data-testid=${`reached-${one.contact}`}>${t("act.reached")}</button>`}</p>`;
}
