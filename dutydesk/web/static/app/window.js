// @ts-check
/**
 * A long list of which only what is near the eye is drawn. Short ones are drawn whole: nothing of this is noticed before it is
 * needed. What is left out stands as room above and below, so that the scrollbar tells the truth.
 */
import { useEffect, useLayoutEffect, useRef, useState } from "../vendor/preact/hooks.js";

const WHOLE = 60; // a list up to this is drawn whole
const BEYOND = 12; // rows drawn beyond each edge of what is seen

/**
 * The part of a list to draw, and the room for the rest.
 * @template T
 * @param {{current: HTMLElement | null}} box what scrolls
 * @param {T[]} all
 * @param {number} height of a row, about, until some have been measured
 * @param {T} [chosen] what must be in reach: the list goes there when it changes
 * @returns {{shown: T[], above: number, below: number}}
 */
export function useWindow(box, all, height, chosen) {
  const [top, setTop] = useState(0);
  const [high, setHigh] = useState(innerHeight);
  const row = useRef(height);
  const long = all.length > WHOLE;
  useEffect(() => {
    const element = box.current;
    if (!element || !long) return undefined;
    const look = () => setTop(Math.floor(element.scrollTop / row.current / (BEYOND / 2)) * (BEYOND / 2));
    const sized = new ResizeObserver(() => setHigh(element.clientHeight)); // asked for when drawing it would cost a layout
    look();
    sized.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => (sized.disconnect(), element.removeEventListener("scroll", look));
  }, [long]);
  const seen = Math.ceil(high / row.current);
  const from = long ? Math.max(0, Math.min(top - BEYOND, all.length - seen - BEYOND)) : 0;
  const to = long ? Math.min(all.length, top + seen + BEYOND + BEYOND / 2) : all.length;
  useLayoutEffect(() => {
    const at = chosen === undefined ? -1 : all.indexOf(chosen);
    if (!long || !box.current || at < 0 || (at >= from && at < to)) return;
    box.current.scrollTop = Math.max(0, at * row.current - box.current.clientHeight / 2);
    box.current.dispatchEvent(new Event("scroll")); // the browser's own comes with the next frame, after the next key
  }, [chosen]);
  useLayoutEffect(() => {
    if (long) row.current = average(box.current) || row.current;
  }, [long]);
  return { shown: all.slice(from, to), above: from * row.current, below: (all.length - to) * row.current };
}

/** @param {HTMLElement | null} box */
function average(box) {
  const rows = box?.querySelectorAll("[data-id]") ?? [];
  if (rows.length < 2) return 0;
  const [first, last] = [rows[0].getBoundingClientRect(), rows[rows.length - 1].getBoundingClientRect()];
  return (last.bottom - first.top) / rows.length;
}
