// @ts-check
/** The words of the second factor, in English. */
/** @type {Record<string, string>} */
export const proof = {
  "past.banner": "This is the desk as of {time}: to look at, not to change.",
  "past.leave": "Back to now",
  "past.title": "The desk as of a moment",
  "past.empty": "Choose one to see what was known of it then.",
  "past.told": "Rebuilt from the journal as it was seen then, in a new page; the live desk goes on.",
  "past.when": "Moment",
  "past.open": "Open",
  "past.then": "The desk as of then",
  "proof.title": "Prove it is you before signing",
  "proof.code": "Type the six digits of your authenticator.",
  "proof.key": "Touch your security key.",
  "proof.either": "Type the six digits of your authenticator, or leave it empty to use a security key.",
  "proof.label": "Code",
  "proof.submit": "Prove and go on",
  "classified.found": "Perhaps classified: {mark}",
  "classified.banner": "Nothing classified may be entered or sent here",
  "event.FactorAdded": "Second factor added",
  "event.FactorRemoved": "Second factor removed",
};
