// @ts-check
/** 值守台: what is new, what runs out next, who has it. */
import { html } from "../../vendor/htm/preact.js";
import { route } from "../route.js";
import { Incident } from "../parts/incident.js";
import { Inwards } from "../parts/inward.js";
import { LateFirst } from "../parts/late_first.js";
import { Strips } from "../parts/strips.js";
import { Waiting } from "../parts/waiting.js";

export function Desk() {
  const { id } = route.value;
  return html`<main class=${`desk ${id ? "chosen" : ""}`}><${LateFirst} /><${Inwards} /><${Waiting} /><${Strips} />
    <${Incident} id=${id} back="desk" /></main>`;
}
