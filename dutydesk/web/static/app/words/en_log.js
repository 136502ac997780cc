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
};
