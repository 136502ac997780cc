// @ts-check
/** What this browser keeps over a reload. It may be full, forbidden or spoiled: then it keeps nothing, and nobody's work stops for that. */

/** @param {string} name @param {any} value */
export function keep(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch (error) {
    console.warn("not kept", name, error);
  }
}

/** What is kept under a name; null for nothing, and for what cannot be read. @param {string} name @returns {any} */
export function kept(name) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}
