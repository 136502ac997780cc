// @ts-check
/** The sign-in page in the theme of the console: as chosen, and by the hour otherwise. */
const hour = Number(
  new Intl.DateTimeFormat("en-GB", { hour: "2-digit", hourCycle: "h23", timeZone: "Asia/Shanghai" }).format(new Date()),
);
document.documentElement.dataset.theme =
  localStorage.getItem("dutydesk.theme") ?? (hour >= 18 || hour < 7 ? "night" : "day");

/* Whatever was looked at when the session ended is looked at again: a redirect keeps the part after # of the address it answers. */
const form = document.querySelector("form");
if (form && location.hash) form.action = `/sign-in${location.hash}`;
