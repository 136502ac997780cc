// @ts-check
/** The words of plans, in English. */
/** @type {Record<string, string>} */
export const plans = {
  "plans": "Plans",
  "act.start_plan": "Start plan: {name}",
  "act.tick": "Done",
  "act.skip": "Does not apply",
  "act.end_plan": "End the plan",
  "plan.ended": "Ended",
  "plan.left": "{n} steps are open; say why.",
  "step.skipped": "Does not apply",
  "step.left": "Left open",
  "step.note": "How (optional)",
  "event.PlanStarted": "Plan started",
  "event.StepTicked": "Plan step done",
  "event.StepSkipped": "Plan step does not apply",
  "event.StepOverdue": "Plan step overdue",
  "event.PlanEnded": "Plan ended",
  "event.DrillLineSaid": "Drill script",
};
