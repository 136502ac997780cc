// @ts-check
/**
 * Left alone for as long as the policy says, the console locks: it goes on showing and sounding, and the first act asks for the
 * password. The lock stands on the desk with the session, so no window of it acts before.
 */
import { effect, signal } from "../vendor/signals/signals.js";
import { again, sendNow, unlockWanted } from "./actions.js";
import { ask } from "./asking.js";
import { state } from "./feed.js";
import { t } from "./i18n.js";
import { me } from "./session.js";

const LOOK = 5_000;
const TOUCHES = ["keydown", "pointerdown", "wheel", "touchstart"];

/** Whether this console is locked, as far as it knows. */
export const locked = signal(false);

let touched = Date.now();

export function startIdle() {
  for (const name of TOUCHES) addEventListener(name, () => (touched = Date.now()), { passive: true, capture: true });
  setInterval(look, LOOK);
  effect(() => {
    if (me.value) locked.value = Boolean(me.value.locked);
  });
  effect(() => {
    const key = unlockWanted.value;
    if (!key) return;
    unlockWanted.value = "";
    locked.value = true;
    offer(() => again(key), "");
  });
}

function look() {
  const minutes = me.value?.idle_minutes ?? 0;
  if (!minutes || locked.value || state.value !== "live" || Date.now() - touched < minutes * 60_000) return;
  void lock();
}

/** Lock now. */
export async function lock() {
  const done = await sendNow("/api/lock", {}).catch(() => null);
  if (done) locked.value = true;
}

/** Ask for the password; then go on with what was wanted. @param {() => void} then @param {string} wrong */
export function offer(then, wrong) {
  ask({
    title: t("locked.title"),
    told: wrong || t("locked.told", { who: me.value?.name ?? "" }),
    fields: [{ name: "password", label: t("locked.password"), kind: "password" }],
    submit: t("locked.open"),
    send: ({ password }) => void unlock(password, then),
  });
}

/** @param {string} password @param {() => void} then */
async function unlock(password, then) {
  try {
    await sendNow("/api/unlock", { password });
    locked.value = false;
    then();
  } catch (error) {
    offer(then, error instanceof Error ? error.message : String(error));
  }
}
