// @ts-check
/** The one question that may stand on the screen; parts/dialog.js draws it. */
import { signal } from "../vendor/signals/signals.js";

/**
 * @typedef {{name: string, label: string, kind?: "text" | "long" | "choice" | "checks" | "number" | "time" | "password" | "files", value?: string,
 *   optional?: boolean, choices?: Array<{value: string, label: string, hint?: string}>, checked?: string[], hint?: string, lean?: import("./typed_time.js").Lean}} Field
 * @typedef {{title: string, told?: string, fields: Field[], submit: string, send: (values: Record<string, any>) => void}} Asked
 */

/** @type {{value: Asked | null}} */
export const asked = signal(/** @type {Asked | null} */ (null));

/** @param {Asked} question */
export function ask(question) {
  asked.value = question;
}
