// @ts-check
/** 跟班练习, seen from each seat: a drill is everybody's, a practice (one user on its list) is the one's who practises. */
import { computed } from "../vendor/signals/signals.js";
import { me } from "./session.js";
import { drill } from "./store.js";

/** For whom the practice under way is; empty in a drill of many, or none. */
const practising = computed(() => {
  const [only, ...more] = drill.value?.participants ?? [];
  return !more.length && only?.startsWith("user:") ? only.slice("user:".length) : "";
});

/** Whether somebody else practises, and this seat works on. */
const elsewhere = computed(() => Boolean(practising.value) && practising.value !== me.value?.username);

/** Whether this screen is framed: a drill of the desk, or this officer's own practice. */
export const framed = computed(() => Boolean(drill.value) && !elsewhere.value);

/** Whether a row concerns this seat; what another practises is shown with its mark, and neither sounds nor counts here. @param {{drill: boolean}} row */
export const concerns = (row) => !(row.drill && elsewhere.value);
