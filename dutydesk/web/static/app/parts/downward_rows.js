// @ts-check
/** 下发 as rows: whom a line joins us to below, what is under way, what asks for an eye now. Draws nothing. */
import { computed } from "../../vendor/signals/signals.js";
import { now, tenth } from "../clocks.js";
import { rows } from "../store.js";

/** The duty rooms below us that hold a line, by name. */
export const below = computed(() =>
  [...rows("peer").values()].filter((one) => one.side === "below").sort((a, b) => a.id.localeCompare(b.id)),
);

/** What went down and is not ended: the one due next on top, answered ones after them. */
export const downwards = computed(() =>
  [...rows("downward").values()]
    .filter((one) => one.open)
    .sort((a, b) => Number(a.status !== "waiting") - Number(b.status !== "waiting") || a.answer_by - b.answer_by),
);

/** What has come back and nobody has ended, what is late, what could not go. */
export const pressing = computed(() =>
  downwards.value.filter(
    (one) => one.status !== "waiting" || one.turn.status === "failed" || (tenth.value && one.answer_by < now()),
  ),
);

/** @param {string} incident */
export const downOf = (incident) =>
  [...rows("downward").values()].filter((one) => one.incident === incident).sort((a, b) => a.sent_at - b.sent_at);
