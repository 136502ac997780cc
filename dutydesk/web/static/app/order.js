// @ts-check
/**
 * A list that never jumps under the finger: while somebody works in it the order is held and what is new waits at the
 * edge with a count; four still seconds later, or by a touch on the count, it moves, and one sees it move.
 */
import { useEffect, useLayoutEffect, useRef, useState } from "../vendor/preact/hooks.js";

const STILL = 4000;
const SLIDE = 180;
const MOST_ANIMATED = 60;

/**
 * The ids in the order to draw them, how many new ones wait, and what to attach to the list.
 * @param {string[]} wanted
 */
export function useHeldOrder(wanted) {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const [held, setHeld] = useState(/** @type {string[] | null} */ (null));
  const current = useRef(wanted);
  useHolding(
    list,
    () => setHeld((before) => before ?? current.current),
    () => setHeld(null),
  );
  const known = new Set(wanted);
  const shown = held ? held.filter((id) => known.has(id)) : wanted;
  if (!held) current.current = wanted;
  useSlide(list, shown);
  return { list, shown, waiting: wanted.length - shown.length, release: () => setHeld(null) };
}

/** @param {{current: HTMLElement | null}} list @param {() => void} hold @param {() => void} release */
function useHolding(list, hold, release) {
  useEffect(() => {
    let timer = 0;
    const touched = () => {
      hold();
      clearTimeout(timer);
      timer = setTimeout(release, STILL);
    };
    const left = () => {
      clearTimeout(timer);
      release();
    };
    const element = list.current;
    for (const name of TOUCHES) element?.addEventListener(name, touched, { passive: true });
    element?.addEventListener("pointerleave", left);
    return () => {
      clearTimeout(timer);
      for (const name of TOUCHES) element?.removeEventListener(name, touched);
      element?.removeEventListener("pointerleave", left);
    };
  }, []);
}

const TOUCHES = ["pointermove", "pointerdown", "keydown", "wheel"];

/** Slide rows from where they were to where they are. @param {{current: HTMLElement | null}} list @param {string[]} shown */
function useSlide(list, shown) {
  const places = useRef(/** @type {Map<string, number>} */ (new Map()));
  useLayoutEffect(() => {
    const before = places.current;
    const found = [...(list.current?.querySelectorAll("[data-id]") ?? [])].slice(0, MOST_ANIMATED);
    places.current = new Map(
      found.map((one) => [one.getAttribute("data-id") ?? "", /** @type {HTMLElement} */ (one).offsetTop]),
    );
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    for (const one of found) slide(one, before);
  }, [shown.join()]);

  /** @param {Element} one @param {Map<string, number>} before */
  function slide(one, before) {
    const id = one.getAttribute("data-id") ?? "";
    const moved = (before.get(id) ?? NaN) - (places.current.get(id) ?? NaN);
    if (moved)
      one.animate([{ transform: `translateY(${moved}px)` }, { transform: "none" }], {
        duration: SLIDE,
        easing: "ease-out",
      });
  }
}
