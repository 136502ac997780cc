// @ts-check
/** Before a signature the desk may ask for a second factor: a code is typed, or a key touched, and the act goes on by itself. */
import { effect } from "../../vendor/signals/signals.js";
import { again, proofWanted, sendNow } from "../actions.js";
import { t } from "../i18n.js";
import { askKey } from "../webauthn.js";
import { ask } from "./dialog.js";

/** Watch for acts that were refused for want of a proof. */
export function startProving() {
  effect(() => {
    const key = proofWanted.value;
    if (!key) return;
    proofWanted.value = "";
    void offer(key, "");
  });
}

/** @param {string} key @param {string} wrong */
async function offer(key, wrong) {
  const answer = await fetch("/api/proof").catch(() => null);
  if (!answer?.ok) return;
  const { kinds, key: options } = await answer.json();
  if (!kinds.length) return location.assign("/account");
  const codes = kinds.includes("totp");
  ask({
    title: t("proof.title"),
    told: wrong || t(codes ? (options ? "proof.either" : "proof.code") : "proof.key"),
    fields: codes ? [{ name: "code", label: t("proof.label"), optional: Boolean(options) }] : [],
    submit: t("proof.submit"),
    send: ({ code }) => void prove(key, code, options),
  });
}

/** @param {string} key @param {string | undefined} code @param {any} options */
async function prove(key, code, options) {
  try {
    const body = code ? { code } : { token: options.token, answer: await askKey(options.options) };
    await sendNow("/api/proof", body);
    again(key);
  } catch (error) {
    await offer(key, error instanceof Error ? error.message : String(error));
  }
}
