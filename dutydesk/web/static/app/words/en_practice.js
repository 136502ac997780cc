// @ts-check
/** The English words of practice. The other language has the same keys. */
/** @type {Record<string, string>} */
export const practice = {
  "practice": "Practice",
  "practice.hint": "A newcomer works a scripted night: reports and calls are marked as a drill, reach nobody but the one who practises, and end with their own answer times.",
  "practice.now": "{name}: {said} of {lines} lines said",
  "practice.none": "There is no scenario; write one among the drill scripts",
  "practice.told": "The reports come by themselves, at the minutes of the script. Nobody but the one who practises is reached.",
  "practice.script": "Scenario",
  "practice.who": "Who practises",
  "practice.report": "Answer times",
  "act.practice": "Begin practice",
  "act.practice.end": "End practice",
  "done.practice": "The practice of {who} has begun",
  "done.practice.end": "The practice is over; its answer times are here",
};
