// @ts-check
/** Changes of the directory and of the rules in the log, and kinds of entries that had no name yet. */

/** @type {Record<string, string>} */
export const logWords = {
  "event.UnitListed": "{by} changed a unit of the directory: {listed}",
  "event.ContactListed": "{by} changed a contact of the directory: {listed}",
  "event.LeaderListed": "{by} changed a leader of the directory: {listed}",
  "event.Delisted": "{by} took it out of the directory",
  "seen.checkround": "Checks by themselves",
  "seen.calendar": "Calendar of circulars",
  "seen.user": "User",
  "seen.rules": "Rules",
  "seen.unit": "Directory: unit",
  "seen.contact": "Directory: contact",
  "seen.leader": "Directory: leader",
  "act.reached": "Reached by phone",
  "proof.reached.title": "Reached {name}",
  "proof.reached.told": "You have just reached them at the number of the directory. It counts as proven from now on.",
  "act.dispatch.units": "Change the units",
  "dispatch.units.title": "Change the units {number}",
  "dispatch.units.told": "The next rounds ask these. What was asked already goes on taking answers.",
};
