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
};
