// @ts-check
/** The audit of reads in words: what was looked at, from the address that was asked for. */
import { t } from "./i18n.js";

const PLUMBING = new Set(["before", "limit", "at", "export"]);

/**
 * "名录 · 黄岛" of "/api/directory?q=…": what kind of thing, which one, what was looked for. An address nobody has a word for stays as it is.
 * @param {string} what
 */
export function seenAs(what) {
  const [path, query = ""] = decode(what).split("?");
  const [kind, ...which] = path.replace(/^\/(api\/)?/, "").split("/");
  const name = kind.replace(/\.\w+$/, "");
  const said = t(`seen.${name}`);
  if (said === `seen.${name}`) return decode(what);
  const asked = [...new URLSearchParams(query)].filter(([key, value]) => value && !PLUMBING.has(key)).map(([, value]) => value);
  return [said, ...which, asked.join(" – ")].filter(Boolean).join(" · ");
}

/** @param {string} what */
function decode(what) {
  try {
    return decodeURIComponent(what);
  } catch {
    return what;
  }
}
