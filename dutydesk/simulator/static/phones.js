// @ts-check
/**
 * The page of telephones. It asks the company for its list by long poll, shows one phone, and sends what the person does.
 * It keeps no truth of its own: everything shown comes from the last answer.
 */

/** @typedef {{number: string, name: string, unit: string, on: boolean, texts: number, last: number, call?: string}} Summary */
/** @typedef {{sid: string, mine: boolean, body: string, at: string, other: string}} Text */
/** @typedef {{sid: string, direction: string, from: string, status: string, said: string[], digits: string, waiting: boolean, at: string}} Call */
/** @typedef {Summary & {thread: Text[], calls: Call[]}} Thread */

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const KEY_NAMES = new Map([["*", "star"], ["#", "hash"]]);
const STATES = new Map([
  ["queued", "正在接通……"], ["initiated", "正在接通……"], ["ringing", "来电"], ["in-progress", "通话中"],
  ["completed", "通话结束"], ["busy", "已拒接"], ["no-answer", "未接来电"], ["failed", "呼叫失败"], ["canceled", "对方已取消"],
]);
const LINK = /(https?:\/\/[!-~]+)/;
const RETRY_MS = 1000;
const OVER_SHOWN_MS = 4000;

/** @type {Map<string, number>} texts already looked at, by number */
const seen = new Map();
/** @type {Summary[]} */
let phones = [];
/** @type {Call | undefined} */
let current;
/** @type {Map<string, number>} when a call of this page was first shown as over */
const overSince = new Map();
let chosen = decodeURIComponent(location.hash.slice(1));
let version = "";

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {(Node | string)[]} children
 */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** @param {string} path @param {object} [body] */
async function ask(path, body) {
  const request = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(path, request || {});
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

/** @param {string} number @param {object} act */
async function act(number, act) {
  await ask(`/phones/${encodeURIComponent(number)}`, act);
  await showPhone();
}

function showList() {
  const wanted = at("filter").value.trim();
  const shown = phones.filter((p) => `${p.number}${p.name}${p.unit}`.includes(wanted)).sort((a, b) => b.last - a.last);
  at("list").replaceChildren(...shown.slice(0, 300).map(row));
}

/** @param {Summary} phone */
function row(phone) {
  const button = make("button", { "data-testid": `phone-${phone.number}` }, phone.name || phone.number);
  button.append(make("small", {}, [phone.unit, phone.number].filter(Boolean).join(" · ")));
  const fresh = phone.texts - (seen.get(phone.number) || 0);
  if (phone.call) button.append(make("span", { class: "badge ringing" }, STATES.get(phone.call) || phone.call));
  else if (fresh > 0) button.append(make("span", { class: "badge", "aria-label": `${fresh} 条新短信` }, String(fresh)));
  if (phone.number === chosen) button.setAttribute("aria-current", "true");
  button.addEventListener("click", () => choose(phone.number));
  return make("li", {}, button);
}

/** @param {string} number */
function choose(number) {
  chosen = number;
  history.replaceState(null, "", `#${encodeURIComponent(number)}`);
  at("thread").replaceChildren();
  void showPhone();
}

async function showPhone() {
  if (!chosen) return;
  const asked = chosen;
  /** @type {Thread} */
  const phone = await ask(`/phones/${encodeURIComponent(asked)}`);
  if (asked !== chosen) return;
  seen.set(phone.number, phone.texts);
  at("phone").hidden = false;
  at("nobody").hidden = true;
  at("owner").replaceChildren(phone.name || phone.number, make("small", {}, [phone.unit, phone.number].filter(Boolean).join(" · ")));
  at("switch").textContent = phone.on ? "关机" : "开机";
  showThread(phone.thread);
  showCall(phone.calls);
  showList();
}

/** @param {Text[]} texts */
function showThread(texts) {
  const thread = at("thread");
  if (thread.childElementCount === texts.length) return;
  thread.replaceChildren(...texts.map(bubble));
  thread.scrollTop = thread.scrollHeight;
}

/** @param {Text} text */
function bubble(text) {
  const side = text.mine ? "mine" : "theirs";
  const body = make("p", {}, ...text.body.split(LINK).map((part) => (LINK.test(part) ? link(part) : part)));
  return make("li", { class: side, "data-testid": `sms-${side}` }, body, make("small", {}, `${text.at} ${text.other}`));
}

/** @param {string} url */
function link(url) {
  return make("a", { href: url, target: "_blank", rel: "noopener noreferrer", "data-testid": "sms-link" }, url);
}

/** @param {Call[]} calls */
function showCall(calls) {
  current = calls.findLast((c) => !isOver(c)) || calls.findLast((c) => overSince.has(c.sid));
  at("call").hidden = !current || stale(current);
  if (!current) return;
  const ringing = current.status === "ringing" && current.direction !== "inbound";
  const talking = current.status === "in-progress" || current.direction === "inbound";
  if (!isOver(current)) overSince.set(current.sid, 0);
  at("call-state").textContent = `${STATES.get(current.status) || current.status}　${current.from}`;
  at("call-said").replaceChildren(...current.said.map((words) => make("p", {}, words)));
  at("call-digits").textContent = current.digits;
  at("keys").hidden = isOver(current) || !talking;
  at("call-answer").hidden = at("call-decline").hidden = !ringing;
  at("call-hang-up").hidden = isOver(current) || ringing;
}

/** @param {Call} call */
const isOver = (call) => ["completed", "busy", "no-answer", "failed", "canceled"].includes(call.status);

/** @param {Call} call */
function stale(call) {
  if (!isOver(call)) return false;
  if (!overSince.get(call.sid)) {
    overSince.set(call.sid, Date.now());
    setTimeout(() => void showPhone(), OVER_SHOWN_MS + 50);
  }
  return Date.now() - (overSince.get(call.sid) || 0) > OVER_SHOWN_MS;
}

/** @param {string} what @param {string} [text] */
function onCall(what, text = "") {
  if (current) void act(chosen, { do: what, call: current.sid, text });
}

async function watch() {
  for (;;) {
    try {
      const news = await ask(`/phones?since=${version}`);
      version = String(news.version);
      phones = news.phones;
      at("trouble").hidden = true;
      showList();
      if (phones.some((p) => p.number === chosen)) await showPhone();
    } catch {
      version = "";
      at("trouble").hidden = false;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

function listen() {
  at("filter").addEventListener("input", showList);
  at("add").addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    const wanted = at("filter").value.replace(/[\s-]/g, "");
    const known = phones.find((p) => p.number === wanted);
    if (!known && !/^\+[1-9]\d{6,14}$/.test(wanted)) return;
    if (!known) await ask("/phones", [{ number: wanted }]);
    at("filter").value = "";
    choose(wanted);
  });
  at("write").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    const text = at("text").value;
    if (!text) return;
    at("text").value = "";
    void act(chosen, { do: "send", text });
  });
  at("text").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      at("write").requestSubmit();
    }
  });
  at("switch").addEventListener("click", () => act(chosen, { do: "switch" }));
  at("dial").addEventListener("click", () => act(chosen, { do: "dial" }));
  at("call-answer").addEventListener("click", () => onCall("answer"));
  at("call-decline").addEventListener("click", () => onCall("decline"));
  at("call-hang-up").addEventListener("click", () => onCall("hang_up"));
  at("keys").append(...KEYS.map((key) => {
    const button = make("button", { "data-testid": `key-${KEY_NAMES.get(key) || key}` }, key);
    button.addEventListener("click", () => onCall("press", key));
    return button;
  }));
}

listen();
void watch();
