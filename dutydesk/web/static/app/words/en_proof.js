// @ts-check
/** The words of the second factor, in English. */
/** @type {Record<string, string>} */
export const proof = {
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
