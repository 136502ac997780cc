// @ts-check
/** English words of the roster, leave and the handover. */
export const watchWords = {
  "event.WatchNoted": "{by} notes: {text}",
  "event.HandoverDue": "The handover opened",
  "event.WatchHeld": "Not handed over in time; the watch stays responsible",
  "event.HandoverOpened": "The handover opened",
  "event.HandoverListed": "Open items listed",
  "event.HandoverConfirmed": "{by} confirmed: {note}",
  "event.HandoverRefused": "{by} did not confirm: {reason}",
  "event.HandoverUnconfirmed": "Unconfirmed at its time; the leader is called",
  "event.HandoverCompleted": "Handed over: {note}",
  "event.RosterPlanned": "{by} made the roster",
  "event.DutyChanged": "{by} changed a duty: {reason}",
  "event.RosterLooked": "The roster was looked at",
  "event.LeaveRequested": "{by} asks: {reason}",
  "event.LeaveApproved": "{by} approved: {note}",
  "event.LeaveRefused": "{by} refused: {reason}",
  "event.LeaveBegan": "The leave began",
  "event.LeaveEnded": "Over",
  "event.LeaveWithdrawn": "{by} ended it",
};
