// @ts-check
/** Files that go with something that is about to be sent: their bytes are kept at the desk first, the command names them. */
import { newKey } from "../actions.js";
import { t } from "../i18n.js";
import { me } from "../session.js";

/** @typedef {{digest: string, name: string, media_type: string, size: number}} Kept */

/** Outside the queue of acts: a line that is away says so at once, a file is not kept in the browser. @param {string} path @param {Iterable<File>} files */
export async function upload(path, files) {
  const form = new FormData();
  for (const file of files) form.append("files", file, file.name);
  const headers = { "X-CSRF": me.value?.csrf ?? "", "Idempotency-Key": newKey() };
  const answer = await fetch(path, { method: "POST", headers, body: form }).catch(() => null);
  const said = answer ? await answer.json().catch(() => ({})) : {};
  return answer?.ok ? { said, wrong: "" } : { said: {}, wrong: said.error || t(answer ? "attached.failed" : "attached.away") };
}

/** What a dialog asks to send along: files of one's own. @param {string} hint @returns {import("../asking.js").Field} */
export const ownFiles = (hint) => ({ name: "files", label: t("attached.along"), kind: "files", hint, optional: true });

/** … and those that the incident has. @returns {import("../asking.js").Field} */
export const itsFiles = () => ({
  name: "attach",
  label: t("downward.attach"),
  kind: "checks",
  choices: [{ value: "attach", label: t("downward.attach.label") }],
  optional: true,
});

/** @param {File[]} files @returns {Promise<{files: Kept[], wrong: string}>} */
export async function keep(files) {
  if (!files.length) return { files: [], wrong: "" };
  const { said, wrong } = await upload("/api/blobs", files);
  return { files: said.files ?? [], wrong };
}
