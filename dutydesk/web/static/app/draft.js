// @ts-check
/** What is being typed is never lost: kept in the browser at every key, and on the desk at every pause. */
import { read, write } from "./session.js";

const PAUSE = 1200;

/**
 * A draft by name: load it, keep it, forget it.
 * @param {string} name
 */
export function draft(name) {
  const here = `dutydesk.draft.${name}`;
  /** @type {ReturnType<typeof setTimeout> | 0} */
  let wait = 0;

  /** The newer of the two that are kept: here and on the desk. @returns {Promise<any>} */
  async function load() {
    const local = JSON.parse(localStorage.getItem(here) ?? "null");
    const desk = await read(`drafts/${name}`);
    if (!desk?.body) return local?.body ?? null;
    return local && local.at >= desk.at ? local.body : desk.body;
  }

  /** @param {any} body @param {() => void} saved called when the desk has it too */
  function keep(body, saved) {
    localStorage.setItem(here, JSON.stringify({ body, at: Date.now() * 1000 }));
    clearTimeout(wait);
    wait = setTimeout(async () => {
      if (await write("PUT", `drafts/${name}`, body)) saved();
    }, PAUSE);
  }

  function forget() {
    clearTimeout(wait);
    localStorage.removeItem(here);
    void write("DELETE", `drafts/${name}`, undefined);
  }

  return { load, keep, forget };
}
