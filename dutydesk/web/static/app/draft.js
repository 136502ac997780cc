// @ts-check
/** What is being typed is never lost: kept in the browser at every key, and on the desk at every pause. */
import { keep as store, kept } from "./kept.js";
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
    const local = kept(here);
    const desk = await read(`drafts/${name}`);
    if (!desk?.body) return local?.body ?? null;
    if (!local || local.at < desk.at) return desk.body;
    if (local.body === null) void drop();
    return local.body;
  }

  /** Gone from the desk too; until it is, the browser remembers that it was done with, or it would come back and be sent twice. */
  async function drop() {
    const at = Date.now() * 1000;
    store(here, { body: null, at });
    if ((await write("DELETE", `drafts/${name}`, undefined)) && kept(here)?.at === at) localStorage.removeItem(here);
  }

  /** @param {any} body @param {() => void} saved called when the desk has it too */
  function keep(body, saved) {
    store(here, { body, at: Date.now() * 1000 });
    clearTimeout(wait);
    wait = setTimeout(async () => {
      if (await write("PUT", `drafts/${name}`, body)) saved();
    }, PAUSE);
  }

  function forget() {
    clearTimeout(wait);
    void drop();
  }

  return { load, keep, forget };
}
