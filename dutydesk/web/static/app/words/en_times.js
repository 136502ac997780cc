// @ts-check
/** Dates and times that are typed. */
export const times = {
  "time.examples": "14:20, 1420, 11-26 14:20, yesterday 8pm, 20 min ago",
  "log.incident.example": "e.g. 20261123-007",
  "time.placeholder": "e.g. 11-26 14:20",
  "time.ahead": "in {span}",
  "wrong.time": "This time cannot be read: write 14:20, 1420, 11-26 14:20 or yesterday 8pm",
};
