// @ts-check
/** Photos and files beside an incident's messages. */

/** @type {Record<string, string>} */
export const attachedWords = {
  "attached": "Attached files",
  "attached.none": "Photos and PDF attached here go with the next report; what came with messages stands in the timeline and goes along too.",
  "attached.sending": "sending",
  "attached.failed": "Not attached",
  "attached.away": "The line is away: not attached, try again",
  "attached.detach": "Take back {name}",
  "attached.detach.told": "Later reports go without it. What has gone with a report has gone.",
  "act.add_files": "Attach",
  "act.detach": "Take back",
  "event.FilesAttached": "{by} attached {attached}",
  "event.FileDetached": "{by} took a file back: {reason}",
  "attached.along": "Files that go along",
  "attached.along.hint": "Photos and scans go over the line to the other desk, 20 MB a file at most.",
  "guidance.files.hint": "Only a line carries files; a question by mail or telephone does not.",
};
