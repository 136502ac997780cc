// @ts-check
/** The desk as it was: an address with `?at=` shows the board of that instant, and nothing can be done in it. */

const asked = Number(new URLSearchParams(location.search).get("at") ?? 0);

/** The instant looked at, in microseconds; 0: now. */
export const pastAt = Number.isSafeInteger(asked) && asked > 0 ? asked : 0;

/** The address of the desk at an instant, opened beside the live one. @param {number} at microseconds @param {string} [hash] */
export const past = (at, hash = location.hash) => `/?at=${at}${hash}`;

/** An address under /api, as of the instant looked at. @param {string} path */
export const asOf = (path) => (pastAt ? `${path}${path.includes("?") ? "&" : "?"}at=${pastAt}` : path);
