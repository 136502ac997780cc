// @ts-check
/** 直连往下发、往上答。 */

/** @type {Record<string, string>} */
export const downwardWords = {
  "event.InwardReplyNoted": "答复经直连{turn} {receipt}",
  "turn.waiting": "待发",
  "turn.sent": "已发出",
  "turn.arrived": "对方已收",
  "turn.failed": "没有送达",
  "turn.uncertain": "是否送达不明",
  "how.phone": "电话",
  "how.written": "书面",
  "how.line": "直连",
  "inward.by_link": "直连来件",
  "inward.declined": "退回",
  "inward.declined.label": "不归我们答复,退回并写明理由",
  "inward.reply": "答复{turn}",
  "inward.reply.receipt": "对方编号 {receipt}",
  "inward.close.told": "没有答复过:办理情况会经直连告诉对方",
};
