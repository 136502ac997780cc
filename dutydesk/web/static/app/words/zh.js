// @ts-check
/** Everything the screen says in Chinese. */
import { asking } from "./zh_asking.js";
import { checks } from "./zh_checks.js";
import { circulars } from "./zh_circulars.js";
import { clocks } from "./zh_clocks.js";
import { codes } from "./zh_codes.js";
import { downwardWords } from "./zh_downward.js";
import { attachedWords } from "./zh_attached.js";
import { guidanceWords } from "./zh_guidance.js";
import { linkWords } from "./zh_link.js";
import { logWords } from "./zh_log.js";
import { pairWords } from "./zh_pairs.js";
import { papers } from "./zh_papers.js";
import { plans } from "./zh_plans.js";
import { practice } from "./zh_practice.js";
import { proof } from "./zh_proof.js";
import { room } from "./zh_room.js";
import { screen } from "./zh_screen.js";
import { seen } from "./zh_seen.js";
import { submissions } from "./zh_submissions.js";
import { times } from "./zh_times.js";
import { watchWords } from "./zh_watch.js";

/** @type {Record<string, string>} */
export const zh = {
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
