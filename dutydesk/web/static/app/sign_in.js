// @ts-check
/** The sign-in page in the theme of the console: as chosen, and by the hour otherwise. */
const hour = Number(
  new Intl.DateTimeFormat("en-GB", { hour: "2-digit", hourCycle: "h23", timeZone: "Asia/Shanghai" }).format(new Date()),
);
document.documentElement.dataset.theme =
  localStorage.getItem("dutydesk.theme") ?? (hour >= 18 || hour < 7 ? "night" : "day");
