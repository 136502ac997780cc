// @ts-check
/** What officers put beside an incident's messages: photos and PDF that go with its next report; added, taken back with a reason. */
import { signal } from "../../vendor/signals/signals.js";
import { html } from "../../vendor/htm/preact.js";
import { act, newKey } from "../actions.js";
import { t } from "../i18n.js";
import { may, me } from "../session.js";
import { ask } from "./dialog.js";

/** What became of the last try, by incident. @type {{value: Record<string, {busy: boolean, wrong: string}>}} */
const tries = signal({});

/** @param {string} id @param {boolean} busy @param {string} [wrong] */
const tell = (id, busy, wrong = "") => (tries.value = { ...tries.value, [id]: { busy, wrong } });

/** Outside the queue of acts: a line that is away says so at once, a file is not kept in the browser. @param {string} id @param {HTMLInputElement} box */
async function send(id, box) {
  if (!box.files?.length) return;
  const form = new FormData();
  for (const file of box.files) form.append("files", file, file.name);
  tell(id, true);
  const headers = { "X-CSRF": me.value?.csrf ?? "", "Idempotency-Key": newKey() };
  const answer = await fetch(`/api/files/${encodeURIComponent(id)}`, { method: "POST", headers, body: form }).catch(() => null);
  const said = answer && !answer.ok ? await answer.json().catch(() => ({})) : {};
  tell(id, false, answer?.ok ? "" : said.error || t(answer ? "attached.failed" : "attached.away"));
  box.value = "";
}

/** @param {any} incident @param {any} file */
function detach(incident, file) {
  ask({
    title: t("attached.detach", { name: file.name || file.digest.slice(0, 12) }),
    told: t("attached.detach.told"),
    fields: [{ name: "reason", label: t("reason") }],
    submit: t("act.detach"),
    send: ({ reason }) => void act(`incident/${incident.id}/DetachFile`, { digest: file.digest, reason }, { title: t("act.detach") }),
  });
}

/** Nothing where nothing is attached and nobody may. @param {{incident: any}} props */
export function Attached({ incident }) {
  const files = incident.files ?? [];
  const start = incident.status !== "merged" && may("incident", "DetachFile");
  if (!files.length && !start) return null;
  const { busy = false, wrong = "" } = tries.value[incident.id] ?? {};
  return html`<section class="attached" aria-labelledby="attached-title" data-testid="attached">
    <h3 id="attached-title">${t("attached")} ${files.length > 0 && html`<span class="count">${files.length}</span>`}
      ${start && html`<label class=${`button upload ${busy ? "busy" : ""}`}>${t(busy ? "attached.sending" : "act.add_files")}
        <input type="file" multiple accept="image/*,application/pdf" disabled=${busy} data-testid="attach"
          onChange=${(/** @type {any} */ event) => void send(incident.id, event.target)} /></label>`}</h3>
    ${wrong && html`<p class="wrong" role="alert">${wrong}</p>`}
    ${files.length > 0 && html`<ul>${files.map((/** @type {any} */ file, /** @type {number} */ n) => html`<${One} key=${file.digest} incident=${incident} file=${file} n=${n + 1} start=${start} />`)}</ul>`}
    ${start && !files.length && html`<p class="hint">${t("attached.none")}</p>`}
  </section>`;
}

/** @param {{incident: any, file: any, n: number, start: boolean}} props */
function One({ incident, file, n, start }) {
  const name = file.name || t("attachment", { n });
  const told = `${(file.media_type.split("/").pop() ?? "").toUpperCase()} · ${size(file.size)} · ${file.digest.slice(0, 12)}`;
  return html`<li data-testid=${`file-${file.digest.slice(0, 12)}`}>
    ${me.value?.masked ? html`<span>${name}</span>` : html`<a href=${`/blobs/${file.digest}`} download>${name}</a>`}
    <span class="hint">${told}</span>
    ${start && html`<button type="button" class="link" onClick=${() => detach(incident, file)}>${t("act.detach")}</button>`}</li>`;
}

/** @param {number} bytes */
const size = (bytes) => (bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1e3))} KB`);
