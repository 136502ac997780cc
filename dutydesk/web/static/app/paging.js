// @ts-check
/** A list of all rows of a kind, closed ones too: pages read from the desk, overlaid with what the feed says now. */
import { useEffect, useState } from "../vendor/preact/hooks.js";
import { read } from "./session.js";
import { rows } from "./store.js";

const PAGE = 50;

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
