// @ts-check
/** A text with the words that were read in it marked. Spans count code points, as the desk does, not UTF-16 units. */

const STRONG = new Set([
  "deaths",
  "injured",
  "seriously_injured",
  "missing",
  "trapped",
  "ill",
  "evacuated",
  "affected",
]);

/**
 * Cut a text at its spans. Overlaps go to the one that begins first; what is outside the text is ignored.
 * @param {string} text
 * @param {Record<string, Array<[number, number]>> | undefined} spans
 * @returns {Array<{text: string, field: string}>}
 */
export function pieces(text, spans) {
  const points = Array.from(text);
  const marks = Object.entries(spans ?? {})
    .flatMap(([field, list]) => list.map(([start, end]) => ({ field, start, end })))
    .filter((mark) => mark.start < mark.end && mark.end <= points.length)
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const cut = [];
  let at = 0;
  for (const mark of marks) {
    if (mark.start < at) continue;
    if (mark.start > at) cut.push({ text: points.slice(at, mark.start).join(""), field: "" });
    cut.push({ text: points.slice(mark.start, mark.end).join(""), field: mark.field });
    at = mark.end;
  }
  if (at < points.length) cut.push({ text: points.slice(at).join(""), field: "" });
  return cut;
}

/** Whether a field counts people, and so is marked more strongly. @param {string} field */
export const counts = (field) => STRONG.has(field);
