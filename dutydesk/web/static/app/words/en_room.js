// @ts-check
/** Wall, map, presence, audit, administration. */

/** @type {Record<string, string>} */
export const room = {
  "present.with": "With",
  "present.looking": "{who} looks",
  "present.changing": "{who} is changing it",
  "present.held": "{who} has this in hand since {time}. Two at once overwrite each other; what you typed stays.",
  "present.take": "Take over",
};
