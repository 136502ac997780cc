// @ts-check
/** The Chinese words of practice. The other language has the same keys. */
/** @type {Record<string, string>} */
export const practice = {
  "practice": "跟班练习",
  "practice.hint": "新人照着脚本练一夜:来报、呼叫都标着演练,只会到练习的人,结束后有本人的应答用时。",
  "practice.now": "{name}:已播 {said}/{lines} 条",
  "practice.none": "没有练习脚本,请在演练脚本里写一份",
  "practice.told": "来报按脚本里的分钟自动播出。除练习的人以外,谁也不会被叫到。",
  "practice.script": "脚本",
  "practice.who": "谁练",
  "practice.report": "应答用时",
  "act.practice": "开始练习",
  "act.practice.end": "结束练习",
  "done.practice": "{who} 的练习已开始",
  "done.practice.end": "练习已结束,应答用时在这里",
};
