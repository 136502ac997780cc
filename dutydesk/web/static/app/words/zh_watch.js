// @ts-check
/** Chinese words of the roster, leave and the handover. */
export const watchWords = {
  "event.WatchNoted": "{by} 记:{text}",
  "event.HandoverDue": "交接打开",
  "event.WatchHeld": "到点未交接,当班人员继续负责",
  "event.HandoverOpened": "交接打开",
  "event.HandoverListed": "列出未了事项",
  "event.HandoverConfirmed": "{by} 确认:{note}",
  "event.HandoverRefused": "{by} 不确认:{reason}",
  "event.HandoverUnconfirmed": "到点没有确认,已叫带班领导",
  "event.HandoverCompleted": "交接完毕:{note}",
  "event.RosterPlanned": "{by} 排出值班表",
  "event.DutyChanged": "{by} 调整值班:{reason}",
  "event.RosterLooked": "值班表检查",
  "event.LeaveRequested": "{by} 提出:{reason}",
  "event.LeaveApproved": "{by} 批准:{note}",
  "event.LeaveRefused": "{by} 不准:{reason}",
  "event.LeaveBegan": "请假开始",
  "event.LeaveEnded": "结束",
  "event.LeaveWithdrawn": "{by} 销假",
};
