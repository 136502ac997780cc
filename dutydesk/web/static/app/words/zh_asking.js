// @ts-check
/** 问人、等人回话:核报、调度、报平安、重点时段、上级文电。 */

/** @type {Record<string, string>} */
export const asking = {
  "truth.unverified": "未核实",
  "truth.asking": "核实中",
  "truth.true": "属实",
  "truth.false": "不实",
  "truth.partly": "部分属实",
  "truth.unclear": "核不清",
  "said.true": "属实",
  "said.false": "不属实",
  "said.partly": "部分属实",
  "said.unclear": "不清楚",
  "said.words": "有话,未说是否属实",
  "asked.unit": "涉事单位",
  "asked.town": "所在镇街",
  "asked.district": "区市值班室",
  "asked.department": "主管部门",
  "asked.duty": "按职责",
  "asked.industry": "同行业邻近",
  "asked.chosen": "人工选定",
  "event.VerificationNoted": "核报情况:{truth}",
  "event.VerificationAsked": "{by} 发起核报 {number}:{text}",
  "event.VerificationWidened": "{by} 增加核报对象",
  "event.VerificationAnswered": "{name} 答复({how}):{text}",
  "event.VerificationUnheard": "逐级问到顶,仍无人答复",
  "event.VerificationOverdue": "核报到时,仍有单位未答",
  "event.VerificationConcluded": "{by} 核报结论:{truth} {reason}",
};
