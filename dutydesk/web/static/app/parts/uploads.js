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

/** @param {File[]} files @returns {Promise<{files: Kept[], wrong: string}>} */
export async function keep(files) {
  if (!files.length) return { files: [], wrong: "" };
  const { said, wrong } = await upload("/api/blobs", files);
  return { files: said.files ?? [], wrong };
}
