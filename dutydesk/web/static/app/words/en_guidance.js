// @ts-check
/** Asking the duty room above, and being asked from below. */

/** @type {Record<string, string>} */
export const guidanceWords = {
  "guidance": "our question",
  "guidance.title": "Ask the duty room above about {number}",
  "guidance.told": "The answer comes back into this incident. In silence their duty telephone is called, after {minutes} minutes our watch.",
  "guidance.nobody": "No line, address or number of a duty room above is in the directory.",
  "guidance.whom": "Whom to ask",
  "guidance.by_link": "over the link",
  "guidance.by_text": "mail, text, telephone",
  "guidance.text": "What you ask",
  "guidance.text.hint": "One thing at a time: what you propose, and by when you need the answer",
  "guidance.end": "Close {number}",
  "guidance.end.told": "They have not answered. Say why you wait no longer.",
  "act.guidance": "Ask above",
  "done.guidance": "asked {name}",
  "questions.turn": "over the link: {turn}",
  "asked.above": "the duty room above",
  "inwards.requests": "Asked from below",
  "inward.kind.request": "asks us",
  "held.from_below": "asked from below",
  "event.PageCarried": "Question over the link: {turn} {receipt}",
  "event.VerificationCarried": "Question over the link: {turn} {receipt}",
  "event.VerificationAsked.guidance": "{by} asked the duty room above {number}: {text}",
  "event.VerificationOverdue.guidance": "The time is over and the duty room above is silent",
  "event.VerificationConcluded.guidance": "{by} closed the question {reason}",
  "policy.above": "Ask the duty room above",
  "key.h": "Ask the duty room above",
};
