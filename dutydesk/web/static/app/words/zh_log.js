// @ts-check
/** 日志里名录、配置的变动,以及还没有名称的各类条目。 */

/** @type {Record<string, string>} */
export const logWords = {
  "event.UnitListed": "{by} 更新名录中的单位 {listed}",
  "event.ContactListed": "{by} 更新名录中的联络员 {listed}",
  "event.LeaderListed": "{by} 更新名录中的领导 {listed}",
  "event.Delisted": "{by} 从名录移除",
  "seen.checkround": "自动抽查",
  "seen.calendar": "通报日程",
  "seen.user": "用户",
  "seen.rules": "配置",
  "seen.unit": "名录:单位",
  "seen.contact": "名录:联络员",
  "seen.leader": "名录:领导",
  "act.reached": "已电话核验",
  "proof.reached.title": "已打通 {name}",
  "proof.reached.told": "您刚才用名录里的号码打通了本人。号码从现在起算作核验过。",
  "act.dispatch.units": "调整单位",
  "dispatch.units.title": "调整单位 {number}",
  "dispatch.units.told": "从下一轮起问这些单位。已经问出去的照常收答复。",
};
