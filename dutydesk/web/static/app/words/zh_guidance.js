// @ts-check
/** 请示上级,下级请示。 */

/** @type {Record<string, string>} */
export const guidanceWords = {
  "guidance": "请示",
  "guidance.title": "请示上级 {number}",
  "guidance.told": "答复回到这个事件里。没有回音先打对方值班电话,满 {minutes} 分钟叫本室当班。",
  "guidance.nobody": "通讯录里没有上级值班室的直连、邮箱或电话。",
  "guidance.whom": "问哪一级",
  "guidance.by_link": "直连",
  "guidance.by_text": "邮件、短信、电话",
  "guidance.text": "请示什么",
  "guidance.text.hint": "一件事一次问清,写明建议怎么办、几点前要答复",
  "guidance.end": "办结请示 {number}",
  "guidance.end.told": "上级还没有答复。确实不再等,请写明理由。",
  "act.guidance": "请示上级",
  "done.guidance": "已请示 {name}",
  "questions.turn": "经直连{turn}",
  "asked.above": "上级值班室",
  "inwards.requests": "下级请示",
  "inward.kind.request": "下级请示",
  "held.from_below": "下级请示",
  "event.PageCarried": "询问经直连{turn} {receipt}",
  "event.VerificationCarried": "询问经直连{turn} {receipt}",
  "event.VerificationAsked.guidance": "{by} 请示 {number}:{text}",
  "event.VerificationOverdue.guidance": "请示到时,上级没有答复",
  "event.VerificationConcluded.guidance": "{by} 办结请示 {reason}",
  "policy.above": "请示上级",
  "key.h": "请示上级",
};
