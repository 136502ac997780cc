// @ts-check
/** What calls for attention, told by sound, title and icon: urgent is a page nobody answered or a clock run out. */
import { computed, effect } from "../vendor/signals/signals.js";
import { now, second } from "./clocks.js";
import { state } from "./feed.js";
import { t } from "./i18n.js";
import { setUrgent, sound } from "./sound.js";
import { notifyOf, stayAwake } from "./attention.js";
import { concerns } from "./practising.js";
import { sender } from "./format.js";
import { dueOf, firstDue, nextPage, pagesAbout, rows, strips, waiting } from "./store.js";

let newest = -1;

const GRAVE = new Set(["特别重大", "重大", "较大"]);
const PEOPLE = ["deaths", "missing", "trapped"];

/**
 * Whether an incident must cry: until somebody signs for it when it is grave, people are in danger, or its page is past the
 * first step; until somebody answers when a legal clock runs out.
 */
export function urgent(/** @type {import("./store.js").Row} */ one) {
  if (!one.open) return false;
  if (clockPage(one.id)) return true;
  if (one.signed_by) return false;
  const page = nextPage(one.id);
  if (!page) return false;
  const lost = PEOPLE.some((name) => one.figures?.[name]?.value);
  return lost || GRAVE.has(one.level) || page.step > 0 || dueOf(page) <= second.value;
}

/** The open page that a legal clock started: the desk names it after its mark. @param {string} incident */
const clockPage = (incident) =>
  pagesAbout.value.get(`incident/${incident}`)?.find((page) => page.open && /-(near|late)-\d+$/.test(page.id));

/** Incidents one of whose clocks ran out, or whose page nobody answered. */
export const late = computed(() => strips.value.filter((one) => concerns(one) && firstDue(one.id) <= second.value));

/** Incidents that cry: somebody is called for them and nobody has answered. */
export const crying = computed(() => strips.value.filter((one) => concerns(one) && urgent(one)));

/** Begin to watch the rows. */
export function startAlarm() {
  effect(newReports);
  effect(cry);
  effect(title);
}

/** What cries now: heard, kept on the screen, and said once on the desktop. */
function cry() {
  setUrgent(crying.value.length > 0);
  stayAwake(crying.value.length > 0);
  for (const one of crying.value) {
    const page = clockPage(one.id);
    const title = page ? t("attention.clock", { title: page.subject }) : t("attention.urgent", { title: one.title });
    notifyOf(page ? page.id : one.id, title, one.last_word, true);
  }
}

/** One normal tone for each burst of new reports, none for the first load. */
function newReports() {
  let top = 0;
  for (const one of rows("message").values()) if (concerns(one)) top = Math.max(top, one.received_at ?? 0);
  if (state.value === "connecting") return;
  if (newest >= 0 && top > newest && now() - top < 600_000_000) {
    sound("normal");
    const one = [...rows("message").values()].find((row) => row.received_at === top && concerns(row));
    if (one) notifyOf(`message-${one.id}`, t("attention.new", { from: sender(one) }), one.text.slice(0, 120), false);
  }
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
