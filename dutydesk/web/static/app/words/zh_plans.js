// @ts-check
/** The words of plans, in Chinese. */
/** @type {Record<string, string>} */
export const plans = {
  "plans": "预案",
  "act.start_plan": "启动预案:{name}",
  "act.tick": "办完",
  "act.skip": "不适用",
  "act.end_plan": "结束预案",
  "plan.ended": "已结束",
  "plan.left": "还有 {n} 步没有办,要写明理由。",
  "step.skipped": "不适用",
  "step.left": "未办",
  "step.note": "怎样办的(可不填)",
  "event.PlanStarted": "启动预案",
  "event.StepTicked": "预案步骤办完",
  "event.StepSkipped": "预案步骤不适用",
  "event.StepOverdue": "预案步骤到时未办",
  "event.PlanEnded": "预案结束",
  "event.DrillLineSaid": "演练脚本",
};
