// @ts-check
/** 大屏、地图、同席、查验、管理。 */

/** @type {Record<string, string>} */
export const room = {
  "present.with": "同席",
  "present.looking": "{who} 在看",
  "present.changing": "{who} 在改",
  "present.held": "{who} 正在改这一件({time} 起)。两人同改容易相互覆盖;您写的不会丢。",
  "present.take": "接手",
};
