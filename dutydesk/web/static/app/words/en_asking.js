// @ts-check
/** Asking people and waiting for their word: verification, dispatch, check-ins, marked periods, papers from above. */

/** @type {Record<string, string>} */
export const asking = {
  "truth.unverified": "unverified",
  "truth.asking": "being verified",
  "truth.true": "verified",
  "truth.false": "not so",
  "truth.partly": "partly so",
  "truth.unclear": "could not be verified",
  "said.true": "it is so",
  "said.false": "it is not so",
  "said.partly": "partly so",
  "said.unclear": "not known",
  "said.words": "words, no verdict",
  "asked.unit": "the unit itself",
  "asked.town": "its town",
  "asked.district": "district duty room",
  "asked.department": "responsible department",
  "asked.duty": "by its duties",
  "asked.industry": "neighbour of its trade",
  "asked.chosen": "chosen by hand",
  "event.VerificationNoted": "Verification: {truth}",
  "event.VerificationAsked": "{by} began verification {number}: {text}",
  "event.VerificationWidened": "{by} asked more units",
  "event.VerificationAnswered": "{name} answered ({how}): {text}",
  "event.VerificationUnheard": "The whole ladder was climbed and nobody answered",
  "event.VerificationOverdue": "Verification time is over and some are silent",
  "event.VerificationConcluded": "{by} concluded: {truth} {reason}",
};
