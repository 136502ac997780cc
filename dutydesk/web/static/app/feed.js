// @ts-check
/**
 * The one question to the desk: what changed since N? A first load, a tick and a resume are the same frame. The feed
 * comes back by itself, asks from where it stopped, and says truly whether it is connected.
 */
import { signal } from "../vendor/signals/signals.js";
import { setHubTime } from "./clocks.js";
import { pastAt } from "./past.js";
import { apply } from "./store.js";

const SILENT = 10_000; // a frame comes every 5 s at least: two missed, and the line is dead
const WAITS = [300, 700, 1500, 3000, 5000, 8000];

/** connecting: first load; live; away: lost, coming back. */
export const state = signal(/** @type {"connecting" | "live" | "away" | "signed_out"} */ ("connecting"));
/** When the line was lost, by the browser's clock; 0 while live. */
export const lostAt = signal(0);
/** Whether the desk's store takes writes. */
export const writable = signal(true);
/** Who sits where, as the desk said last; see presence.js. */
export const present = signal(
  /** @type {{here: Array<{username: string, open: string, since: number}>, holds: Array<{stream: string, username: string, since: number, until: number}>}} */ ({
    here: [],
    holds: [],
  }),
);
/** How often the desk said that our rights are others now. */
export const rights = signal(0);
/** How many frames were applied; the tests wait on it. */
export const frames = signal(0);

let head = "";
let tries = 0;
/** @type {WebSocket | null} */
let socket = null;
/** @type {ReturnType<typeof setTimeout> | 0} */
let silence = 0;
/** @type {ReturnType<typeof setTimeout> | 0} */
let retry = 0;

/** The token from which a resume asks: seq:hash8. */
export const token = () => head;

/** Open the line, and keep it open. */
export function start() {
  if (pastAt) return void look();
  addEventListener("online", () => again(0));
  addEventListener("offline", lost);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && state.value === "away") again(0);
  });
  open();
}

/** The board of a past instant: read once, and the clocks stand. */
async function look() {
  const answer = await fetch(`/api/board?at=${pastAt}`).catch(() => null);
  if (answer?.status === 401) state.value = "signed_out";
  else if (answer?.ok) {
    take(await answer.json());
    clearTimeout(silence);
  } else retry = setTimeout(look, 2000);
}

function open() {
  retry = 0;
  const address = new URL("/live", location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  address.searchParams.set("since", head || "0");
  const former = socket;
  const line = new WebSocket(address);
  socket = line;
  former?.close(); // one that was still on its way when somebody came back: the desk would go on filling it
  listen();
  line.onmessage = (message) => {
    if (socket === line) take(JSON.parse(message.data));
  };
  line.onclose = (event) => {
    if (socket === line) ended(event.code);
  };
}

/** 4401 the session ended; 4403 our rights changed, so the board must be drawn anew. @param {number} code */
function ended(code) {
  if (code === 4401) {
    state.value = "signed_out";
    socket = null;
    return;
  }
  if (code === 4403) {
    head = "";
    rights.value += 1;
  }
  lost();
}

/** Say what is open here. Nothing waits for it: a line that is down says it again when it is up. @param {any} words */
export function say(words) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(words));
}

/** @param {{reload?: boolean, presence?: any, head: string, now: number, writable?: boolean, rows?: Record<string, any[]>}} frame */
function take(frame) {
  listen();
  tries = 0;
  if (frame.presence) {
    present.value = frame.presence;
    return;
  }
  if (frame.reload) {
    head = "";
    return;
  }
  if (frame.now) setHubTime(frame.now);
  apply(frame.rows ?? {}, head === "");
  head = frame.head;
  writable.value = frame.writable !== false;
  lostAt.value = 0;
  state.value = "live";
  frames.value += 1;
}

function listen() {
  clearTimeout(silence);
  silence = setTimeout(lost, SILENT);
}

function lost() {
  clearTimeout(silence);
  const line = socket;
  socket = null;
  line?.close();
  if (state.value === "signed_out") return;
  if (!lostAt.value) lostAt.value = Date.now();
  if (state.value === "live") state.value = "away";
  const wait = WAITS[Math.min(tries, WAITS.length - 1)];
  tries += 1;
  again(wait * (0.8 + Math.random() * 0.4));
}

/** @param {number} wait */
function again(wait) {
  if (socket && state.value === "live") return;
  if (retry) clearTimeout(retry);
  retry = setTimeout(open, wait);
}

/** Cut the line, as a tunnel would; tests use it. */
export const cut = lost;
