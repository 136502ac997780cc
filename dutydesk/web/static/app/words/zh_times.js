// @ts-check
/** Dates and times that are typed. */
export const times = {
  "time.examples": "可写 14:20、1420、11-26 14:20、昨晚8点、20分钟前",
  "log.incident.example": "如 20261123-007",
  "time.placeholder": "如 11-26 14:20",
  "time.ahead": "{span}",
  "wrong.time": "看不懂这个时间:可写 14:20、1420、11-26 14:20、昨晚8点",
};
