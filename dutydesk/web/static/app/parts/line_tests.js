// @ts-check
/** The last line test, in the channels view: each line out and whether it works. */
import { html } from "../../vendor/htm/preact.js";
import { act, newKey } from "../actions.js";
import { clock } from "../format.js";
import { t, word } from "../i18n.js";
import { useAll } from "../paging.js";
import { may } from "../session.js";

export function LineTests() {
  const last = useAll("linetest").all.sort((a, b) => b.at - a.at)[0];
  const now = () => void act(`linetest/${newKey()}/TestLines`, { why: "ordered" }, { title: t("linetest.now") });
  return html`<section class="health-card" aria-label=${t("linetests")} data-testid="line-tests"><h3>${t("linetests")}</h3>
    <p class="hint">${last ? t("linetest.at", { time: clock(last.at) }) : t("linetest.none")}</p>
    ${last && html`<dl>${last.lines.map((/** @type {any} */ line) => html`<${Tested} key=${line.sender + line.how} line=${line} />`)}</dl>`}
    ${may("linetest", "TestLines") && html`<div class="buttons"><button type="button" onClick=${now} data-testid="test-lines">${t("linetest.now")}</button></div>`}
  </section>`;
}

/** @param {{line: any}} props */
function Tested({ line }) {
  const bad = ["failed", "silent"].includes(line.verdict);
  return html`<div class="fact-line"><dt>${line.sender} ${word("how", line.how)}</dt>
    <dd><span class=${bad ? "kept late" : ""}>${word("linetest", line.verdict)}</span></dd></div>`;
}
