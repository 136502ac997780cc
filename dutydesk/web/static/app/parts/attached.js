// @ts-check
/** What officers put beside an incident's messages: photos and PDF that go with its next report; added, taken back with a reason. */
import { signal } from "../../vendor/signals/signals.js";
import { html } from "../../vendor/htm/preact.js";
import { act } from "../actions.js";
import { t } from "../i18n.js";
import { may, me } from "../session.js";
import { ask } from "./dialog.js";
import { upload } from "./uploads.js";

/** What became of the last try, by incident. @type {{value: Record<string, {busy: boolean, wrong: string}>}} */
const tries = signal({});

/** @param {string} id @param {boolean} busy @param {string} [wrong] */
const tell = (id, busy, wrong = "") => (tries.value = { ...tries.value, [id]: { busy, wrong } });

/** @param {string} id @param {HTMLInputElement} box */
async function send(id, box) {
  if (!box.files?.length) return;
  tell(id, true);
  const { wrong } = await upload(`/api/files/${encodeURIComponent(id)}`, box.files);
  tell(id, false, wrong);
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
  return html`<li data-testid=${`file-${file.digest.slice(0, 12)}`}><${Name} file=${file} n=${n} />
    ${start && html`<button type="button" class="link" onClick=${() => detach(incident, file)}>${t("act.detach")}</button>`}</li>`;
}

/** A file by its name, to be saved, with its type, size and the first digits that prove it. @param {{file: any, n: number}} props */
function Name({ file, n }) {
  const name = file.name || t("attachment", { n });
  const told = `${(file.media_type.split("/").pop() ?? "").toUpperCase()} · ${size(file.size)} · ${file.digest.slice(0, 12)}`;
  return html`${me.value?.masked ? html`<span>${name}</span>` : html`<a href=${`/blobs/${file.digest}`} download>${name}</a>`}
    <span class="hint">${told}</span>`;
}

/** What goes along with, or came with, something that was sent. @param {{files: any[] | undefined}} props */
export function Along({ files }) {
  if (!files?.length) return null;
  return html`<ul class="along" aria-label=${t("attached.along")} data-testid="along">${files.map((file, n) => html`<li key=${file.digest}><${Name} file=${file} n=${n + 1} /></li>`)}</ul>`;
}

/** @param {number} bytes */
const size = (bytes) => (bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1e3))} KB`);
