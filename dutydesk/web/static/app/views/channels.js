// @ts-check
/** 通道: what did not go out or may not have, and how the desk itself is. */
import { html } from "../../vendor/htm/preact.js";
import { state, token, writable } from "../feed.js";
import { t } from "../i18n.js";
import { row, stopped, troubled } from "../store.js";
import { Empty } from "../parts/basic.js";
import { Delivery } from "../parts/calls.js";
import { LineTests } from "../parts/line_tests.js";
import { Links } from "../parts/links.js";

export function Channels() {
  const [wrong, desk] = [troubled.value, row("desk", "main")];
  return html`<main class="list-view single"><section class="column" aria-labelledby="list-title">
    <header class="column-head"><h2 id="list-title">${t("view.channels")}</h2></header>
    <div class="scroll">
      <section class="health-card" aria-label=${t("health")}><h3>${t("health")}</h3>
        <dl>
          <div class="fact-line"><dt>${t("health.line")}</dt><dd>
            ${t(state.value === "live" ? "health.live" : `line.${state.value}`)}</dd></div>
          <div class="fact-line"><dt>${t("health.store")}</dt><dd>
            ${t(writable.value ? "health.writable" : "line.store")}</dd></div>
          <div class="fact-line"><dt>${t("health.head")}</dt><dd class="number">${token()}</dd></div>
          <div class="fact-line"><dt>${t("health.version")}</dt><dd class="number">${desk?.version ?? ""}</dd></div>
          ${
            desk?.clock_steps
              ? html`<div class="fact-line"><dt>${t("health.clock")}</dt><dd>
            ${t("health.steps", { n: desk.clock_steps })}</dd></div>`
              : ""
          }
        </dl>
        ${stopped.value.map(
          (/** @type {any} */ one) => html`<p class="stopped" role="alert"><b>
          ${t("channel.stopped", { name: one.channel })}</b> ${one.detail} <span class="hint">
            ${t("channel.stopped.hint")}</span></p>`,
        )}
      </section>
      <${LineTests} />
      <${Links} />
      <h3>${t("channels.wrong")}${wrong.length > 0 && html` <span class="count">${wrong.length}</span>`}</h3>
      ${
        wrong.length
          ? html`<ul class="deliveries roomy">
            ${wrong.map((one) => html`<${Delivery} key=${one.id} delivery=${one} told=${true} />`)}</ul>`
          : html`<${Empty} title=${t("empty.channels")} hint=${t("empty.channels.hint")} />`
      }
    </div></section></main>`;
}
