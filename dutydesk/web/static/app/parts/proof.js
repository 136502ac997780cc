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
    void offer(() => again(key), "");
  });
}

/** Ask for a proof, then go on. @param {() => void} then @param {string} wrong */
export async function offer(then, wrong) {
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
    send: ({ code }) => void prove(then, code, options),
  });
}

/** @param {() => void} then @param {string | undefined} code @param {any} options */
async function prove(then, code, options) {
  try {
    const body = code ? { code } : { token: options.token, answer: await askKey(options.options) };
    await sendNow("/api/proof", body);
    then();
  } catch (error) {
    await offer(then, error instanceof Error ? error.message : String(error));
  }
}
