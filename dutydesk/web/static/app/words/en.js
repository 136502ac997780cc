// @ts-check
/** Everything the screen says in English. */
import { asking } from "./en_asking.js";
import { checks } from "./en_checks.js";
import { circulars } from "./en_circulars.js";
import { clocks } from "./en_clocks.js";
import { codes } from "./en_codes.js";
import { downwardWords } from "./en_downward.js";
import { attachedWords } from "./en_attached.js";
import { guidanceWords } from "./en_guidance.js";
import { linkWords } from "./en_link.js";
import { logWords } from "./en_log.js";
import { pairWords } from "./en_pairs.js";
import { papers } from "./en_papers.js";
import { plans } from "./en_plans.js";
import { practice } from "./en_practice.js";
import { proof } from "./en_proof.js";
import { room } from "./en_room.js";
import { screen } from "./en_screen.js";
import { seen } from "./en_seen.js";
import { submissions } from "./en_submissions.js";
import { times } from "./en_times.js";
import { watchWords } from "./en_watch.js";

/** @type {Record<string, string>} */
export const en = {
  ...screen,
  ...codes,
  ...clocks,
  ...proof,
  ...room,
  ...asking,
  ...watchWords,
  ...pairWords,
  ...papers,
  ...linkWords,
  ...logWords,
  ...downwardWords,
  ...guidanceWords,
  ...attachedWords,
  ...circulars,
  ...submissions,
  ...plans,
  ...practice,
  ...checks,
  ...seen,
  ...times,
};
