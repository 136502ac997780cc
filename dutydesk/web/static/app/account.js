// @ts-check
/** Security keys on the pages for signing in and for one's own factors; everything else there works without a script. */
import { askKey, makeKey } from "./webauthn.js";

const failed = document.getElementById("key-failed");

/** @param {string} path @param {any} body @param {string} [csrf] */
async function post(path, body, csrf = "") {
  const headers = { "Content-Type": "application/json", "X-CSRF": csrf };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.error ?? String(answer.status));
  return said;
}

/** @param {() => Promise<void>} act */
async function trying(act) {
  if (failed) failed.hidden = true;
  try {
    await act();
  } catch (error) {
    if (!failed) return;
    failed.textContent = error instanceof Error ? error.message : String(error);
    failed.hidden = false;
  }
}

const use = document.getElementById("use-key");
use?.addEventListener("click", () =>
  trying(async () => {
    const { token, options } = await post("/sign-in/second/ask", {});
    await post("/sign-in/second/key", { token, answer: await askKey(options) });
    location.assign(use.dataset.next ?? "/");
  }),
);

const add = /** @type {HTMLFormElement | null} */ (document.getElementById("add-key"));
add?.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = new FormData(add);
  const csrf = add.dataset.csrf ?? "";
  void trying(async () => {
    const { token, options } = await post("/account/key", { password: form.get("password") }, csrf);
    await post("/account/key/done", { token, answer: await makeKey(options), label: form.get("label") }, csrf);
    location.assign("/account");
  });
});
