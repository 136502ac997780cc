// @ts-check
/** What goes down a link and what is answered up. */

/** @type {Record<string, string>} */
export const downwardWords = {
  "event.InwardReplyNoted": "the answer over the link: {turn} {receipt}",
  "turn.waiting": "waiting to go",
  "turn.sent": "sent",
  "turn.arrived": "received there",
  "turn.failed": "not delivered",
  "turn.uncertain": "unclear whether it arrived",
  "how.phone": "telephone",
  "how.written": "in writing",
  "how.line": "direct line",
  "inward.by_link": "by link",
  "inward.declined": "not ours",
  "inward.declined.label": "Not ours to answer: sent back with the reason",
  "inward.reply": "answer: {turn}",
  "inward.reply.receipt": "their number {receipt}",
  "inward.close.told": "Not answered yet: what was done is told them over the link",
};
