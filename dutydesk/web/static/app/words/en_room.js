// @ts-check
/** Wall, map, presence, audit, administration. */

/** @type {Record<string, string>} */
export const room = {
  "present.with": "With",
  "present.looking": "{who} looks",
  "present.changing": "{who} is changing it",
  "present.held": "{who} has this in hand since {time}. Two at once overwrite each other; what you typed stays.",
  "present.take": "Take over",
  "view.map": "Map",
  "view.wall": "Wall",
  "wall.leave": "Leave the wall screen",
  "wall.calm": "No open incident",
  "wall.more": "{n} more",
  "wall.waiting": "{n} messages waiting",
  "map.schematic": "Schematic: no boundaries, no areas",
  "map.told": "{name}, {n} open",
  "map.all": "All",
  "map.units": "Key units",
  "map.quiet": "Nothing is open here now.",
  "map.choose": "Choose a town to see its incidents and units.",
  "empty.map": "No districts to draw",
  "empty.map.hint": "Districts and towns of the directory are drawn by their codes; config/map.toml places them.",
};
