// @ts-check
/** What calls for attention, told by sound, title and icon: urgent is a page nobody answered or a clock run out. */
import { computed, effect } from "../vendor/signals/signals.js";
import { now, second } from "./clocks.js";
import { state } from "./feed.js";
import { t } from "./i18n.js";
import { setUrgent, sound } from "./sound.js";
import { dueOf, nextPage, rows, strips, waiting } from "./store.js";

let newest = -1;

const GRAVE = new Set(["特别重大", "重大", "较大"]);
const PEOPLE = ["deaths", "missing", "trapped"];

/** Whether an incident must cry until somebody signs for it: grave, people in danger, or its page is past the first step. */
export function urgent(/** @type {import("./store.js").Row} */ one) {
  if (one.signed_by || !one.open) return false;
  const page = nextPage(one.id);
  if (!page) return false;
  const lost = PEOPLE.some((name) => one.figures?.[name]?.value);
  return lost || GRAVE.has(one.level) || page.step > 0 || dueOf(page) <= second.value;
}

/** Incidents whose clock ran out, or whose page nobody answered. */
export const late = computed(() => strips.value.filter((one) => dueOf(nextPage(one.id) ?? NEVER) <= second.value));
const NEVER = /** @type {any} */ ({ answer_by: Number.POSITIVE_INFINITY });

/** Begin to watch the rows. */
export function startAlarm() {
  effect(newReports);
  effect(() => setUrgent(strips.value.some(urgent)));
  effect(title);
}

/** One normal tone for each burst of new reports, none for the first load. */
function newReports() {
  let top = 0;
  for (const one of rows("message").values()) top = Math.max(top, one.received_at ?? 0);
  if (state.value === "connecting") return;
  if (newest >= 0 && top > newest && now() - top < 600_000_000) sound("normal");
  newest = Math.max(newest, top);
}

function title() {
  const [over, unsigned, waits] = [
    late.value.length,
    strips.value.filter((one) => !one.signed_by).length,
    waiting.value.length,
  ];
  const count = unsigned + waits;
  const mark = state.value === "away" ? `${t("title.away")} ` : "";
  document.title = `${mark}${over ? `${t("title.late", { n: over })} ` : ""}${count ? `(${count}) ` : ""}${t("title")}`;
  setIcon(over ? "late" : count ? "waiting" : "calm");
}

/** @param {string} name */
function setIcon(name) {
  const link = /** @type {HTMLLinkElement | null} */ (document.querySelector("link[rel=icon]"));
  const address = `/static/icons/${name}.svg`;
  if (link && !link.href.endsWith(address)) link.href = address;
}
