// @ts-check
/** Lists that the desk makes: all rows of a kind, overlaid with what the feed says now; and what is read anew when the feed says so. */
import { useEffect, useRef, useState } from "../vendor/preact/hooks.js";
import { read } from "./session.js";
import { rows, version } from "./store.js";

const PAGE = 50;
/** How long changes are gathered before the desk is asked again. */
const GATHERED = 500;

/**
 * All rows, newest first, and a way to read older ones (null at the end).
 * @param {string} kind
 * @returns {{all: any[], older: (() => void) | null, loading: boolean}}
 */
export function useAll(kind) {
  const [pages, setPages] = useState(/** @type {any[]} */ ([]));
  const [next, setNext] = useState(/** @type {number | null} */ (null));
  const [loading, setLoading] = useState(true);
  /** @param {number | null} before @param {any[]} had */
  const load = async (before, had) => {
    setLoading(true);
    const answer = await read(`${kind}?limit=${PAGE}${before ? `&before=${before}` : ""}`);
    setLoading(false);
    if (!answer) return;
    setPages([...had, ...answer.rows]);
    setNext(answer.next);
  };
  useEffect(() => void load(null, []), [kind]);
  const merged = new Map(pages.map((one) => [one.id, one]));
  for (const [id, one] of rows(kind)) if ((merged.get(id)?.seq ?? 0) <= one.seq) merged.set(id, one);
  return { all: [...merged.values()], older: next ? () => void load(next, pages) : null, loading };
}

/**
 * What the desk says at a path; asked again when rows of these kinds change. Null until it first answered.
 * @param {string} path
 * @param {string[]} kinds
 * @returns {any}
 */
export function useTold(path, kinds) {
  const [told, setTold] = useState(/** @type {any} */ (null));
  const reads = useRef({ last: 0, begun: 0, shown: 0 });
  const moved = kinds.map(version).join();
  useEffect(() => {
    const now = reads.current;
    const wait = setTimeout(async () => {
      now.last = Date.now();
      const turn = ++now.begun;
      const answer = await read(path);
      if (!answer || turn < now.shown) return;
      now.shown = turn;
      setTold(answer);
    }, Math.max(0, now.last + GATHERED - Date.now()));
    return () => clearTimeout(wait);
  }, [path, moved]);
  return told;
}
