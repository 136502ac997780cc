// @ts-check
/** Everything the screen says in English. */
import { codes } from "./en_codes.js";
import { screen } from "./en_screen.js";

/** @type {Record<string, string>} */
export const en = { ...screen, ...codes };
