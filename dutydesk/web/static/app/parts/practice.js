// @ts-check
/** 跟班练习: a scenario plays for one officer, marked as a drill everywhere, reaching nobody else; in the end stand their own answer times. */
import { html } from "../../vendor/htm/preact.js";
import { act, newKey, say } from "../actions.js";
import { t } from "../i18n.js";
import { person } from "../names.js";
import { may, me, read } from "../session.js";
import { drill, rows } from "../store.js";
import { Button } from "./basic.js";
import { ask } from "./dialog.js";

/** Begin one, end the one that runs, and look at its report. */
export function Practice() {
  const now = drill.value;
  if (!may("drill", "OpenDrill")) return null;
  return html`<section aria-labelledby="practice-title" data-testid="practice"><h3 id="practice-title">${t("practice")}</h3>
    <p class="hint">${now ? t("practice.now", { name: now.name, said: now.said ?? 0, lines: now.lines ?? 0 }) : t("practice.hint")}</p>
    <div class="buttons small">${
      now
        ? html`<${Button} label=${t("act.practice.end")} press=${() => void end(now)} id="end-practice" />
          <a class="button" href=${report(now.id)} target="_blank" rel="noopener" data-testid="practice-report">${t("practice.report")}</a>`
        : html`<${Button} label=${t("act.practice")} press=${() => void choose()} id="begin-practice" />`
    }</div></section>`;
}

/** @param {string} id */
const report = (id) => `/drills/${encodeURIComponent(id)}/report`;

/** Which scenario, and for whom. */
async function choose() {
  const scripts = (await read("scripts"))?.scripts ?? [];
  const people = [...rows("user").values()].filter((one) => one.open && one.phone && one.role !== "leader");
  if (!scripts.length) return say(t("practice.none"));
  ask({
    title: t("act.practice"),
    told: t("practice.told"),
    fields: [
      {
        name: "script",
        label: t("practice.script"),
        kind: "choice",
        choices: scripts.map((/** @type {any} */ one, /** @type {number} */ n) => ({ value: String(n), label: one.name })),
      },
      {
        name: "who",
        label: t("practice.who"),
        kind: "choice",
        value: me.value?.username,
        choices: people.map((one) => ({ value: one.username ?? one.id, label: one.name })),
      },
    ],
    submit: t("act.practice"),
    send: ({ script, who }) => begin(scripts[Number(script)], who),
  });
}

/** Lines that a contact would say are said by nobody in particular: the list holds the one who practises. @param {any} script @param {string} who */
function begin(script, who) {
  const lines = script.lines.map((/** @type {any} */ line) => ({ minutes: line.minutes, text: line.text }));
  const fields = { name: `${t("practice")} ${person(who)}:${script.name}`, participants: [`user:${who}`], script: lines };
  void act(`drill/${newKey().slice(0, 12)}/OpenDrill`, fields, { title: t("act.practice"), said: t("done.practice", { who: person(who) }) });
}

/** @param {any} one */
async function end(one) {
  const answer = await act(`drill/${one.id}/CloseDrill`, {}, { title: t("act.practice.end") });
  if (answer) say(t("done.practice.end"), null, report(one.id));
}
